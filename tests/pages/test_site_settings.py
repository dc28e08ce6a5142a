from wagtail.models import Site

from pages.models import Navigation, SiteSettings
from tests import factories


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

    with statements(5):
        data = run_operation("site")

    videos, written = settings.social_links
    first, second = navigation.header
    children = first.value["children"].bound_blocks
    answered_articles = {"title": "Articles", "path": "/articles/"}
    assert data == {
        "site": {
            "name": "Generative Edge AI",
            "url": "http://localhost",
            "settings": {
                "name": "The working group",
                "description": "What the group is for.",
                "contactEmail": "someone@example.org",
                "parentOrganisation": {
                    "id": str(foundation.pk),
                    "name": "Foundation",
                    "website": "https://example.org/",
                },
                "socialImage": {
                    "alt": "The group's name",
                    "decorative": False,
                    "image": {
                        "url": f"http://localhost{picture.file.url}",
                        "width": 640,
                        "height": 480,
                    },
                },
                "socialLinks": [
                    {
                        "id": videos.id,
                        "text": "Videos",
                        "url": "https://example.org/videos",
                        "page": None,
                    },
                    {
                        "id": written.id,
                        "text": "Articles",
                        "url": None,
                        "page": answered_articles,
                    },
                ],
            },
            "navigation": {
                "header": [
                    {
                        "id": first.id,
                        "text": "Forums",
                        "url": None,
                        "page": {"title": "Forums", "path": "/forums/"},
                        "children": [
                            {
                                "id": children[0].id,
                                "text": "Recordings",
                                "url": "https://example.org/recordings",
                                "page": None,
                            },
                            {"id": children[1].id, "text": "Survey", "url": None, "page": None},
                        ],
                    },
                    {
                        "id": second.id,
                        "text": "Survey",
                        "url": None,
                        "page": None,
                        "children": [],
                    },
                ],
                "footer": [
                    {
                        "id": navigation.footer[0].id,
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

    with statements(2):
        data = run_operation("site")

    assert data == {
        "site": {
            "name": "",
            "url": "http://localhost",
            "settings": {
                "name": None,
                "description": None,
                "contactEmail": None,
                "parentOrganisation": None,
                "socialImage": None,
                "socialLinks": [],
            },
            "navigation": {"header": [], "footer": [], "footerText": None},
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
            "url": "http://localhost",
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
