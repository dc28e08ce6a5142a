import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Collection, CollectionViewRestriction, Site

from pages.models import HomePage, SiteSettings
from tests import factories
from tests.api_ids import id_of, linked


def test_home_operation_answers_everything_about_the_home_page(db, run_operation, statements):
    header = factories.image(
        credit="Ada Rossi",
        licence="cc_by_4",
        focal_point_x=320,
        focal_point_y=200,
        focal_point_width=100,
        focal_point_height=80,
    )
    social = factories.image()
    page = factories.home_page(
        title="The working group",
        seo_title="Generative Edge AI",
        search_description="Who the group is.",
        social_image=social,
        social_image_alt_text="The group's name",
        tagline="Intelligence at the edge",
        header_image=header,
        header_image_alt_text="Two people at a bench",
        join_heading="Join us",
        join_text="<p>Everyone is <strong>welcome</strong>.</p>",
    )
    form = factories.form_page(title="Get involved", slug="join")
    charter = factories.charter_page()
    draft = factories.survey_page(title="Draft", live=False)
    document = factories.document()
    page.introduction = (
        f'<p>Read the <a linktype="page" id="{charter.pk}">charter</a>, soon the '
        f'<a linktype="page" id="{draft.pk}">findings</a>, '
        f'a <a linktype="document" id="{document.pk}">paper</a> &amp; '
        '<a href="https://example.org/?a=1&amp;b=2">more</a>.</p>'
    )
    page.join_link_text = "Get involved"
    page.join_page = form
    page.save_revision().publish()
    run_operation("home")

    with statements(5):
        data = run_operation("home")

    assert data == {
        "home": {
            "id": id_of(page),
            "title": "The working group",
            "path": "/",
            "locale": "en",
            "direction": "LTR",
            "seo": {
                "title": "Generative Edge AI",
                "description": "Who the group is.",
                "image": {
                    "alt": "The group's name",
                    "decorative": False,
                    "image": {
                        "id": id_of(social),
                        "url": f"http://testserver{social.file.url}",
                        "width": 640,
                        "height": 480,
                    },
                },
            },
            "tagline": "Intelligence at the edge",
            "introduction": {
                "html": '<p>Read the <a href="/charter/">charter</a>, soon the findings, '
                f'a <a href="http://testserver{document.url}">paper</a> &amp; '
                '<a href="https://example.org/?a=1&amp;b=2">more</a>.</p>',
            },
            "headerImage": {
                "alt": "Two people at a bench",
                "decorative": False,
                "image": {
                    "id": id_of(header),
                    "url": f"http://testserver{header.file.url}",
                    "width": 640,
                    "height": 480,
                    "credit": "Ada Rossi",
                    "licence": "CC_BY",
                    "focalPoint": {"x": 320, "y": 200, "width": 100, "height": 80},
                },
            },
            "joinHeading": "Join us",
            "joinText": {"html": "<p>Everyone is <strong>welcome</strong>.</p>"},
            "joinLinkText": "Get involved",
            "joinPage": linked("Get involved", "/join/"),
        }
    }


def test_home_page_with_only_what_it_needs_answers_null_for_the_rest(db, run_operation, statements):
    page = factories.home_page()
    run_operation("home")

    with statements(3):
        data = run_operation("home")

    assert data == {
        "home": {
            "id": id_of(page),
            "title": "Home",
            "path": "/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Home", "description": "Tagline", "image": None},
            "tagline": "Tagline",
            "introduction": {"html": "<p>Who.</p>"},
            "headerImage": None,
            "joinHeading": None,
            "joinText": None,
            "joinLinkText": None,
            "joinPage": None,
        }
    }


def test_home_is_null_while_there_is_none(db, run_operation):
    assert not HomePage.objects.exists()

    data = run_operation("home")

    assert data == {"home": None}


def test_decorative_picture_has_an_empty_alternative_text(db, ask):
    factories.home_page(
        header_image=factories.image(),
        header_image_alt_text="Left over from before",
        header_image_decorative=True,
    )

    data = ask("{ home { headerImage { alt decorative } } }")

    assert data == {"home": {"headerImage": {"alt": "", "decorative": True}}}


def test_page_without_a_social_picture_has_that_of_the_site(db, ask):
    factories.home_page()
    picture = factories.image(title="The group")
    settings = SiteSettings.for_site(Site.objects.get())
    settings.social_image, settings.social_image_alt_text = picture, "The group's logo"
    settings.save()

    data = ask("{ home { seo { image { alt image { title } } } } }")

    image = {"alt": "The group's logo", "image": {"title": "The group"}}
    assert data == {"home": {"seo": {"image": image}}}


@pytest.mark.parametrize("restriction", ["password", "login", "groups"])
def test_picture_of_a_private_collection_is_null_with_its_alternative_text(db, ask, restriction):
    private = Collection.get_first_root_node().add_child(name="Private")
    inner = private.add_child(name="Inner")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=restriction, password="open"
    )
    factories.home_page(
        header_image=factories.image(collection=private),
        header_image_alt_text="A secret",
        social_image=factories.image(collection=inner),
        social_image_alt_text="Another secret",
    )

    data = ask("{ home { headerImage { alt } seo { image { alt } } } }")

    assert data == {"home": {"headerImage": None, "seo": {"image": None}}}


def test_link_to_a_document_of_a_private_collection_keeps_only_its_words(db, ask):
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    document = factories.document(collection=private)
    factories.home_page(
        introduction=f'<p>A <a linktype="document" id="{document.pk}">paper</a>.</p>'
    )

    data = ask("{ home { introduction { html } } }")

    assert data == {"home": {"introduction": {"html": "<p>A paper.</p>"}}}


def test_link_to_what_no_longer_exists_keeps_only_its_words(db, ask):
    page = factories.home_page()
    HomePage.objects.filter(pk=page.pk).update(
        introduction='<p><a linktype="page" id="999">A</a> <a linktype="document" id="999">B</a> '
        '<a linktype="page" id="">C</a> <a linktype="unknown" id="1">D</a> <a href="#">E</a></p>'
    )

    data = ask("{ home { introduction { html } } }")

    assert data == {"home": {"introduction": {"html": "<p>A B C D E</p>"}}}


@pytest.mark.parametrize("kind", ["page", "document"])
@pytest.mark.parametrize("key", ["9" * 20, "9" * 5_000, "²", "1.5", "-1"])
def test_link_to_what_cannot_exist_keeps_only_its_words(db, ask, kind, key):
    page = factories.home_page()
    HomePage.objects.filter(pk=page.pk).update(
        introduction=f'<p><a linktype="{kind}" id="{key}">Words</a></p>'
    )

    data = ask("{ home { introduction { html } } }")

    assert data == {"home": {"introduction": {"html": "<p>Words</p>"}}}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,hello",
        "vbscript:hello",
    ],
)
def test_link_that_would_run_a_script_keeps_only_its_words(db, ask, address):
    factories.home_page(introduction=f'<p><a href="{address}">Words</a></p>')

    data = ask("{ home { introduction { html } } }")

    assert data == {"home": {"introduction": {"html": "<p>Words</p>"}}}


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        (
            {"join_link_text": "Join"},
            {
                "join_link_text": [
                    "A button needs both its words and the page it leads to, or neither."
                ]
            },
        ),
        (
            {"join_text": '<p><a href="#">Here</a> and <a href="">there</a></p>'},
            {
                "join_text": [
                    "The link “Here” leads nowhere. Give it an address or remove the link.",
                    "The link “there” leads nowhere. Give it an address or remove the link.",
                ]
            },
        ),
    ],
    ids=["button-without-a-page", "empty-links"],
)
def test_home_page_is_not_published_with_a_gap_and_says_which_field_has_it(db, fields, problems):
    page = factories.home_page(live=False, **fields)

    with pytest.raises(ValidationError) as problem:
        page.get_latest_revision().publish()

    assert problem.value.message_dict == problems


def test_home_page_is_not_published_while_a_picture_has_no_alternative_text(db):
    page = factories.home_page(
        live=False, header_image=factories.image(), social_image=factories.image()
    )

    with pytest.raises(ValidationError) as problem:
        page.get_latest_revision().publish()

    describe = ["Describe the picture for people who cannot see it, or mark it as decorative."]
    assert problem.value.message_dict == {
        "header_image_alt_text": describe,
        "social_image_alt_text": describe,
    }
