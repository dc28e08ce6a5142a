"""People and organisations are made where one is chosen."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from pages.models import Organisation, Person
from tests import factories
from tests.cms.addresses import admin_url, home_url

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

MODELS = [Person, Organisation]


def chooser_url(model, view):
    return reverse(model.snippet_viewset.chooser_viewset.get_url_name(view))


def sent(model, becomes, **fields):
    prefix = f"new-{model._meta.model_name}"
    given = {"name": "Ada", "becomes": becomes, **fields}
    return {f"{prefix}-{name}": value for name, value in given.items()}


def make(client, model, becomes="keep", query="", **fields):
    return client.post(chooser_url(model, "create") + query, sent(model, becomes, **fields))


@pytest.mark.parametrize("model", MODELS)
def test_what_is_made_is_chosen(model, staff, sign_in):
    answer = make(sign_in(staff), model).json()

    made = model.objects.get(name="Ada")
    assert answer["step"] == "chosen"
    assert answer["result"] == {
        "id": str(made.pk),
        "string": "Ada (draft: readers do not see it yet)",
        "edit_url": admin_url(made, "edit"),
    }
    several = make(sign_in(staff), model, query="?multiple=1", name="Ben").json()
    assert [each["string"] for each in several["result"]] == [
        "Ben (draft: readers do not see it yet)"
    ]


@pytest.mark.parametrize("becomes", ["submit", "keep", "publish"])
@pytest.mark.parametrize("model", MODELS)
def test_staff_publish_nothing_by_making_it(model, becomes, staff, sign_in):
    make(sign_in(staff), model, becomes)

    made = model.objects.filter(name="Ada").first()
    # What they were not offered is refused.
    assert (made is None) is (becomes == "publish")
    if made:
        assert not made.live
        assert made.latest_revision.user == staff
        assert (made.current_workflow_task is not None) is (becomes == "submit")


@pytest.mark.parametrize("model", MODELS)
def test_what_staff_make_waits_for_an_editor(model, staff, editor, sign_in):
    make(sign_in(staff), model, "submit")

    made = model.objects.get(name="Ada")
    page = sign_in(editor).get(home_url()).content.decode()
    assert reverse("review", args=[made.current_workflow_task_state.pk]) in page


@pytest.mark.parametrize("becomes", ["publish", "keep"])
@pytest.mark.parametrize("model", MODELS)
def test_editor_publishes_it_or_keeps_a_draft(model, becomes, editor, sign_in, ask):
    answer = make(sign_in(editor), model, becomes).json()

    seen = "people" if model is Person else "organisations"
    names = [each["name"] for each in ask(f"{{ {seen} {{ nodes {{ name }} }} }}")[seen]["nodes"]]
    assert names == (["Ada"] if becomes == "publish" else [])
    assert answer["result"]["string"].startswith("Ada")
    assert ("draft" in answer["result"]["string"]) is (becomes == "keep")


def test_history_tells_who_made_it(staff, sign_in):
    make(sign_in(staff), Person)

    made = Person.objects.get(name="Ada")
    entries = ModelLogEntry.objects.for_instance(made)
    assert {entry.action for entry in entries} >= {"wagtail.create"}
    assert {entry.user for entry in entries} == {staff}
    assert sign_in(staff).get(admin_url(made, "history")).status_code == 200


@pytest.mark.parametrize(
    ("model", "fields", "says"),
    [
        (Person, {"name": ""}, "This field is required."),
        (Person, {"name": "x" * 151}, "at most 150 characters"),
        (Organisation, {"name": "NXP"}, "An organisation of this name exists"),
        (Organisation, {"kind": "nothing"}, "Select a valid choice."),
        (Organisation, {"becomes": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_in_the_form_and_nothing_is_made(model, fields, says, staff, sign_in):
    factories.organisation(name="NXP")
    before = model.objects.count()

    answer = make(sign_in(staff), model, **fields).json()

    assert answer["step"] == "reshow_creation_form"
    assert says in answer["htmlFragment"]
    assert model.objects.count() == before


@pytest.mark.parametrize("model", MODELS)
def test_who_may_not_add_any_is_not_offered_it(model, staff, sign_in):
    group = staff.groups.get()
    group.permissions.remove(*group.permissions.filter(codename=f"add_{model._meta.model_name}"))
    client = sign_in(staff)

    shown = client.get(chooser_url(model, "choose")).json()["html"]

    assert f"new-{model._meta.model_name}-name" not in shown
    assert make(client, model).status_code == 302
    assert not model.objects.filter(name="Ada").exists()


@pytest.mark.parametrize("model", MODELS)
def test_form_says_what_a_draft_means_for_the_page_that_names_it(model, staff, editor, sign_in):
    for_staff = sign_in(staff).get(chooser_url(model, "choose")).json()["html"]
    for_editor = sign_in(editor).get(chooser_url(model, "choose")).json()["html"]

    assert "is shown to readers without it" in for_staff
    assert "Send it for approval" in for_staff
    assert "Publish it now" not in for_staff
    assert "Publish it now" in for_editor


def test_draft_that_a_page_names_is_called_one_in_its_form(staff, sign_in, ask):
    article = factories.article_page(title="Story")
    article.authors.create(person=factories.person(name="Ada", live=False))
    article.authors.create(person=factories.person(name="Ben"))
    article.save_revision().publish()

    shown = sign_in(staff).get(admin_url(article, "edit")).content.decode()

    assert "Ada (draft: readers do not see it yet)" in shown
    assert "Ben (draft" not in shown
    query = "{ articles { nodes { authors { person { name } } } } }"
    (found,) = ask(query)["articles"]["nodes"]
    assert [each["person"] for each in found["authors"]] == [None, {"name": "Ben"}]
