import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page, Site

from pages.models import Navigation
from tests import factories

HEADER = (
    "{ site { navigation { header { text page { title path } children { page { path } } } } } }"
)


def link(text: str = "Link", **fields) -> tuple[str, dict]:
    return ("item", {"text": text, **fields})


def test_entry_that_leads_to_a_hidden_page_keeps_its_place_until_the_page_goes_live(db, ask):
    draft = factories.forums_page(title="Forums", live=False)
    live = factories.charter_page()
    Navigation.objects.create(
        site=Site.objects.get(),
        header=[
            link("Soon", page=draft, children=[{"text": "Soon", "page": draft}]),
            link("Now", page=live),
        ],
    )

    before = ask(HEADER)["site"]["navigation"]["header"]
    draft.get_latest_revision().publish()
    after = ask(HEADER)["site"]["navigation"]["header"]

    charter = {"text": "Now", "page": {"title": "Charter", "path": "/charter/"}, "children": []}
    assert before == [{"text": "Soon", "page": None, "children": [{"page": None}]}, charter]
    assert after == [
        {
            "text": "Soon",
            "page": {"title": "Forums", "path": "/forums/"},
            "children": [{"page": {"path": "/forums/"}}],
        },
        charter,
    ]


def test_entry_follows_its_page_when_that_moves(db, ask):
    page = factories.charter_page()
    Navigation.objects.create(site=Site.objects.get(), header=[link(page=page)])

    page.slug = "our-charter"
    page.save_revision().publish()
    data = ask(HEADER)

    (entry,) = data["site"]["navigation"]["header"]
    assert entry["page"] == {"title": "Charter", "path": "/our-charter/"}


def test_entry_that_leads_to_a_deleted_page_keeps_its_place(db, ask):
    page = factories.charter_page()
    Navigation.objects.create(site=Site.objects.get(), header=[link("Charter", page=page)])

    page.delete()
    data = ask(HEADER)

    (entry,) = data["site"]["navigation"]["header"]
    assert entry == {"text": "Charter", "page": None, "children": []}


def test_entry_that_leads_to_a_page_outside_the_site_has_no_target(db, ask):
    factories.home_page()
    welcome = Page.objects.get(slug="home")  # made by Wagtail, of no type that we have
    Navigation.objects.create(site=Site.objects.get(), header=[link("Welcome", page=welcome)])

    data = ask(HEADER)

    (entry,) = data["site"]["navigation"]["header"]
    assert entry == {"text": "Welcome", "page": None, "children": []}


def test_navigation_costs_the_same_however_many_entries_it_has(db, run_operation, statements):
    def entries(number):
        targets = [factories.form_page(slug=f"form-{number}-{n}") for n in range(number)]
        return [
            link(page=target, children=[{"text": "Below", "page": target}]) for target in targets
        ]

    navigation = Navigation.objects.create(site=Site.objects.get(), header=entries(3))
    run_operation("site")
    with statements(4):
        run_operation("site")

    navigation.header = entries(9)
    navigation.save()
    with statements(4):
        data = run_operation("site")

    assert len(data["site"]["navigation"]["header"]) == 9


@pytest.mark.parametrize(
    "fields",
    [{}, {"page": True, "url": "https://example.org/"}],
    ids=["neither", "both"],
)
def test_link_leads_to_a_page_or_to_an_address(db, fields):
    if fields.get("page"):
        fields = {**fields, "page": factories.charter_page()}
    block = Navigation.header.field.stream_block
    value = block.normalize([link(**fields)])

    with pytest.raises(ValidationError) as problem:
        block.clean(value)

    (in_entry,) = problem.value.block_errors.values()
    assert in_entry.block_errors["page"].messages == [
        "Choose a page or give an address: one of the two."
    ]
