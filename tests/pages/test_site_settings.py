from django.urls import reverse
from wagtail.models import Site

from pages.models import Navigation, SiteSettings
from tests import factories
from tests.api_ids import id_beneath, id_of, linked


def test_site_operation_answers_names_contact_and_navigation(db, run_operation, statements):
    factories.home_page()
    forums = factories.forums_page()
    articles = factories.articles_page()
    draft = factories.survey_page(live=False)
    foundation = factories.organisation(name="Foundation", website="https://example.org/")
    picture = factories.image()
    site = Site.objects.get()
    site.site_name = "Generative Edge AI"
    site.save()
    settings = SiteSettings.objects.create(
        site=site,
        name="The working group",
        description="What the group is for.",
        contact_email="someone@example.org",
        parent_organisation=foundation,
        social_image=picture,
        social_image_alt_text="The group's name",
        social_links=[
            ("link", {"text": "Videos", "url": "https://example.org/videos"}),
            ("link", {"text": "Articles", "page": articles}),
        ],
    )
    navigation = Navigation.objects.create(
        site=site,
        header=[
            (
                "item",
                {
                    "text": "Forums",
                    "page": forums,
                    "children": [
                        {"text": "Recordings", "url": "https://example.org/recordings"},
                        {"text": "Survey", "page": draft},
                    ],
                },
            ),
            ("item", {"text": "Survey", "page": draft}),
        ],
        footer=[("link", {"text": "Articles", "page": articles})],
        footer_text="© The working group",
    )
    run_operation("site")

    with statements(6):
        data = run_operation("site")

    videos, written = settings.social_links
    first, second = navigation.header
    children = first.value["children"].bound_blocks
    answered_articles = linked("Articles", "/articles/")
    assert data == {
        "site": {
            "id": id_of(site),
            "name": "Generative Edge AI",
            "url": "http://testserver",
            "languages": [
                {
                    "locale": "en",
                    "name": "English",
                    "direction": "LTR",
                    "home": {"id": id_of(site.root_page), "path": "/"},
                }
            ],
            "settings": {
                "id": id_of(settings),
                "locale": "en",
                "direction": "LTR",
                "name": "The working group",
                "description": "What the group is for.",
                "contactEmail": "someone@example.org",
                "parentOrganisation": {
                    "id": id_of(foundation),
                    "name": "Foundation",
                    "website": "https://example.org/",
                },
                "socialImage": {
                    "alt": "The group's name",
                    "decorative": False,
                    "image": {
                        "id": id_of(picture),
                        "url": f"http://testserver{picture.file.url}",
                        "width": 640,
                        "height": 480,
                    },
                },
                "socialLinks": [
                    {
                        "id": id_beneath(settings, "social_links", videos.id),
                        "text": "Videos",
                        "url": "https://example.org/videos",
                        "page": None,
                    },
                    {
                        "id": id_beneath(settings, "social_links", written.id),
                        "text": "Articles",
                        "url": None,
                        "page": answered_articles,
                    },
                ],
            },
            "navigation": {
                "id": id_of(navigation),
                "locale": "en",
                "direction": "LTR",
                "header": [
                    {
                        "id": id_beneath(navigation, "header", first.id),
                        "text": "Forums",
                        "url": None,
                        "page": linked("Forums", "/forums/"),
                        "children": [
                            {
                                "id": id_beneath(
                                    navigation, "header", first.id, "children", children[0].id
                                ),
                                "text": "Recordings",
                                "url": "https://example.org/recordings",
                                "page": None,
                            },
                            {
                                "id": id_beneath(
                                    navigation, "header", first.id, "children", children[1].id
                                ),
                                "text": "Survey",
                                "url": None,
                                "page": None,
                            },
                        ],
                    },
                    {
                        "id": id_beneath(navigation, "header", second.id),
                        "text": "Survey",
                        "url": None,
                        "page": None,
                        "children": [],
                    },
                ],
                "footer": [
                    {
                        "id": id_beneath(navigation, "footer", navigation.footer[0].id),
                        "text": "Articles",
                        "url": None,
                        "page": answered_articles,
                    }
                ],
                "footerText": "© The working group",
            },
        }
    }


def test_site_nobody_has_set_up_answers_null_and_empty_lists(db, run_operation, statements):
    run_operation("site")

    with statements(3):
        data = run_operation("site")

    site = Site.objects.get()
    assert data == {
        "site": {
            "id": id_of(site),
            "name": "",
            "url": "http://testserver",
            "languages": [],
            "settings": {
                "id": id_of(SiteSettings(site=site)),
                "locale": "en",
                "direction": "LTR",
                "name": None,
                "description": None,
                "contactEmail": None,
                "parentOrganisation": None,
                "socialImage": None,
                "socialLinks": [],
            },
            "navigation": {
                "id": id_of(Navigation(site=site)),
                "locale": "en",
                "direction": "LTR",
                "header": [],
                "footer": [],
                "footerText": None,
            },
        }
    }


def test_site_has_settings_and_navigation_of_its_own(db, client):
    home = factories.home_page()
    other = Site.objects.create(hostname="other.example.org", root_page=home, site_name="Other")
    SiteSettings.objects.create(site=other, name="The other one")
    Navigation.objects.create(site=other, footer_text="Other")
    query = "{ site { name url settings { name } navigation { footerText } } }"

    def answered(host):
        return client.post(
            "/graphql", {"query": query}, content_type="application/json", headers={"Host": host}
        ).json()["data"]

    assert answered("other.example.org") == {
        "site": {
            "name": "Other",
            "url": "http://other.example.org",
            "settings": {"name": "The other one"},
            "navigation": {"footerText": "Other"},
        }
    }
    assert answered("localhost") == {
        "site": {
            "name": "",
            "url": "http://testserver",
            "settings": {"name": None},
            "navigation": {"footerText": None},
        }
    }


def test_parent_organisation_is_null_while_it_is_not_public(db, ask):
    SiteSettings.objects.create(
        site=Site.objects.get(), parent_organisation=factories.organisation(live=False)
    )

    data = ask("{ site { settings { parentOrganisation { name } } } }")

    assert data == {"site": {"settings": {"parentOrganisation": None}}}


def test_picture_of_the_site_is_not_saved_without_its_alternative_text(editor, sign_in):
    site, picture = Site.objects.get(), factories.image(title="IMG_0815.jpg")
    address = reverse("wagtailsettings:edit", args=("pages", "sitesettings", site.pk))
    sent = {"social_image": picture.pk, "social_links-count": "0"}
    window = sign_in(editor)

    refused = window.post(address, sent)
    settings = SiteSettings.for_site(site)
    settings.refresh_from_db()

    assert "Describe the picture for people who cannot see it" in refused.content.decode()
    assert settings.social_image is None
    window.post(address, {**sent, "social_image_alt_text": "The group's name"})
    settings.refresh_from_db()
    assert settings.social_image == picture
