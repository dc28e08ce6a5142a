"""The operation that fetches all that the working group's page shows, in one request."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Model
from wagtail.models import Page, Site

from media.models import Document, Image
from pages.models import (
    ArticleAuthor,
    ArticlePage,
    DeliverableAuthor,
    DeliverableCategoryPage,
    DeliverablePage,
    FormPage,
    ForumPage,
    Leader,
    LeadershipPage,
    Navigation,
    Organisation,
    Person,
    SiteSettings,
    SurveyPage,
)
from tests import factories
from tests.api_ids import id_beneath, id_of, id_of_row, linked

STATEMENTS = 15  # however much there is


def publish_everything() -> None:
    """One of everything that the operation asks for, with everything that it asks of it."""
    picture = factories.image(
        credit="A photographer",
        licence="cc_by_4",
        focal_point_x=320,
        focal_point_y=240,
        focal_point_width=100,
        focal_point_height=80,
    )
    home = factories.home_page(title="The working group", tagline="At the edge")
    form = factories.form_page(title="Get involved", slug="join")
    home.refresh_from_db()
    home.introduction = linked_to(form)
    home.header_image, home.header_image_alt_text = picture, "A board"
    home.join_heading, home.join_text = "Join us", "<p>Everyone.</p>"
    home.join_link_text, home.join_page = "Get involved", form
    home.save_revision().publish()
    factories.charter_page(
        technologies=[("technology", {"heading": "Processors", "abbreviation": "NPU"})],
        objectives_introduction=linked_to(home),
    )
    factories.forums_page(introduction="<p>How they came about.</p>")
    factories.deliverables_page(introduction="<p>What we commit to.</p>")
    factories.survey_page(
        wave="Initial wave",
        audience="Partners",
        base_size=120,
        summary="<p>In short.</p>",
        conclusion="<p>What follows.</p>",
        invitation=linked_to(form),
        form_page=form,
    )
    site = Site.objects.get()
    SiteSettings.objects.create(
        site=site,
        name="Generative Edge AI",
        description="What the group is for.",
        contact_email="someone@example.org",
        parent_organisation=factories.organisation(name="Foundation"),
        social_image=picture,
        social_image_alt_text="The group's name",
    )
    Navigation.objects.create(site=site, footer_text="© The group")
    add_to_every_list()


def add_to_every_list() -> None:
    """One more item for every list, down to the lists within lists."""
    number = ForumPage.objects.count() + 1
    form = FormPage.objects.get()
    picture = factories.image()
    organisation = factories.organisation(name=f"Company {number}", website="https://example.org/")
    speaker = factories.person(
        name=f"Speaker {number}",
        title="Dr.",
        distinction="Fellow",
        job_title="Professor",
        organisation=organisation,
        biography=linked_to(form),
        portrait=picture,
        portrait_alt_text=f"Portrait of speaker {number}",
        website="https://example.org/speaker",
    )
    leadership = LeadershipPage.objects.first()
    if leadership is None:
        factories.leadership_page(people=[speaker], introduction="<p>Two chairs.</p>")
    else:
        leadership.leaders.add(Leader(person=speaker, role="chair"))
        leadership.save_revision().publish()
    people = list(Person.objects.order_by("pk"))
    organisations = list(Organisation.objects.exclude(name="Foundation").order_by("pk"))
    factories.forum_page(
        edition=number,
        slug=f"forum-{number}",
        summary=linked_to(form),
        outlook="<p>Then more.</p>",
        date_precision="time",
        starts_at=datetime(2026, 3, number, 14, tzinfo=UTC),
        ends_at=datetime(2026, 3, number, 16, tzinfo=UTC),
        days=1,
        format="hybrid",
        venue="Milan",
        stream_url="https://example.org/live",
        registration_url="https://example.org/register",
        themes=[
            (
                "theme",
                {"heading": "Theme", "text": "What was said.", "organisations": organisations},
            )
        ]
        * number,
        talks=[
            (
                "talk",
                {
                    "heading": "Talk",
                    "text": "What it is about.",
                    "speakers": people,
                    "organisations": organisations,
                    "recording_url": "https://example.org/talk",
                },
            )
        ]
        * number,
        playlist_url="https://example.org/playlist",
    )
    factories.deliverable_category_page(
        slug=f"category-{number}",
        introduction=linked_to(form),
        planned_items=[("item", {"heading": "Reports", "text": "Long ones."})] * number,
    )
    for position, category in enumerate(DeliverableCategoryPage.objects.order_by("path"), start=1):
        factories.deliverable_page(
            parent=category,
            slug=f"deliverable-{position}-{number}",
            date=date(2025, number, position),
            document=factories.document(file_size=6),
            authors=[DeliverableAuthor(person=author) for author in people],
        )
    survey = SurveyPage.objects.get()
    options = [
        {
            "text": "Yes",
            "basis": "measured",
            "qualifier": "over",
            "percentage": "70",
            "note": "All.",
        }
    ] * number
    question = {
        "heading": "Timing",
        "question": "When?",
        "answer_type": "multiple",
        "base_size": 110,
        "options": options,
        "interpretation": linked_to(form),
    }
    survey.questions = [("question", question)] * number
    survey.save_revision().publish()
    factories.article_page(
        title=f"Article {number}",
        slug=f"article-{number}",
        kind="news",
        date=date(2025, 1, number),
        standfirst="Two sentences.",
        header_image=picture,
        header_image_alt_text="A header",
        authors=[ArticleAuthor(person=author) for author in people],
    )
    navigation, settings = Navigation.objects.get(), SiteSettings.objects.get()
    targets = [{"text": "To a page", "page": page} for page in ForumPage.objects.all()]
    navigation.header = [("item", {**target, "children": targets}) for target in targets]
    navigation.footer = settings.social_links = [("link", target) for target in targets]
    navigation.save()
    settings.save()


def linked_to(page: Page) -> str:
    return f'<p>See <a linktype="page" id="{page.pk}">there</a>.</p>'


def test_working_group_answers_everything_in_one_request(db, clock, run_operation, statements):
    publish_everything()
    run_operation("working_group")

    with statements(STATEMENTS):
        data = run_operation("working_group")

    settings, navigation = SiteSettings.objects.get(), Navigation.objects.get()
    header = settings.social_image
    foundation, company = Organisation.objects.order_by("pk")
    speaker = Person.objects.get()
    leader = Leader.objects.get()
    forum, survey = ForumPage.objects.get(), SurveyPage.objects.get()
    category, deliverable = DeliverableCategoryPage.objects.get(), DeliverablePage.objects.get()
    article = ArticlePage.objects.get()
    pages = {page.slug: page for page in Page.objects.all()}
    (theme,), (talk,), (question,) = forum.themes, forum.talks, survey.questions
    (option,) = question.value["options"].bound_blocks
    (entry,) = navigation.header
    (child,) = entry.value["children"].bound_blocks
    charter = pages["charter"].specific
    to_forum = {
        "text": "To a page",
        "url": None,
        "page": linked("Forum 1", "/forums/forum-1/"),
    }
    to_form = {"html": '<p>See <a href="/join/">there</a>.</p>'}
    assert data == {
        "site": {
            "id": id_of(Site.objects.get()),
            "name": "",
            "url": "http://testserver",
            "settings": {
                "id": id_of(settings),
                "locale": "en",
                "direction": "LTR",
                "name": "Generative Edge AI",
                "description": "What the group is for.",
                "contactEmail": "someone@example.org",
                "parentOrganisation": organisation_of(foundation),
                "socialImage": {"alt": "The group's name", **picture_of(header)},
                "socialLinks": [
                    {
                        "id": id_beneath(settings, "social_links", settings.social_links[0].id),
                        **to_forum,
                    }
                ],
            },
            "navigation": {
                "id": id_of(navigation),
                "locale": "en",
                "direction": "LTR",
                "header": [
                    {
                        "id": id_beneath(navigation, "header", entry.id),
                        **to_forum,
                        "children": [
                            {
                                "id": id_beneath(
                                    navigation, "header", entry.id, "children", child.id
                                ),
                                **to_forum,
                            }
                        ],
                    }
                ],
                "footer": [
                    {"id": id_beneath(navigation, "footer", navigation.footer[0].id), **to_forum}
                ],
                "footerText": "© The group",
            },
        },
        "home": {
            "id": id_of(Site.objects.get().root_page),
            "title": "The working group",
            "path": "/",
            "tagline": "At the edge",
            "introduction": to_form,
            "headerImage": {"alt": "A board", **picture_of(header)},
            "joinHeading": "Join us",
            "joinText": {"html": "<p>Everyone.</p>"},
            "joinLinkText": "Get involved",
            "joinPage": linked("Get involved", "/join/"),
        },
        "charter": {
            "id": id_of(charter),
            "title": "Charter",
            "path": "/charter/",
            "statement": {"html": "<p>Statement.</p>"},
            "efficiencyQualifier": "TYPICALLY_AT_LEAST",
            "efficiencyScale": "peta-operations per watt",
            "efficiencyUnit": "POp/W",
            "technologies": [
                {
                    "id": id_beneath(charter, "technologies", charter.technologies[0].id),
                    "heading": "Processors",
                    "abbreviation": "NPU",
                }
            ],
            "definition": {"html": "<p>Definition.</p>"},
            "mission": {"html": "<p>Mission.</p>"},
            "objectivesIntroduction": {"html": '<p>See <a href="/">there</a>.</p>'},
            "objectives": [
                {
                    "id": id_beneath(charter, "objectives", charter.objectives[0].id),
                    "heading": "Objective",
                    "text": "What we do about it.",
                }
            ],
        },
        "leadership": {
            "id": id_of(pages["leadership"]),
            "title": "Leadership",
            "path": "/leadership/",
            "introduction": {"html": "<p>Two chairs.</p>"},
            "leaders": [
                {
                    "id": id_of_row(leader),
                    "role": "CHAIR",
                    "person": {
                        **person_of(speaker),
                        "distinction": "Fellow",
                        "jobTitle": "Professor",
                        "biography": to_form,
                        "website": "https://example.org/speaker",
                    },
                }
            ],
        },
        "forumsPage": {
            "id": id_of(pages["forums"]),
            "title": "Forums",
            "path": "/forums/",
            "introduction": {"html": "<p>How they came about.</p>"},
            "editions": {
                "nodes": [
                    {
                        "id": id_of(forum),
                        "title": "Forum 1",
                        "path": "/forums/forum-1/",
                        "edition": 1,
                        "summary": to_form,
                        "outlook": {"html": "<p>Then more.</p>"},
                        "status": "UPCOMING",
                        "datePrecision": "TIME",
                        "startsAt": "2026-03-01T14:00:00+00:00",
                        "endsAt": "2026-03-01T16:00:00+00:00",
                        "timeZone": "UTC",
                        "dateText": "1 March 2026, 14:00 UTC",
                        "days": 1,
                        "format": "HYBRID",
                        "venue": "Milan",
                        "streamUrl": "https://example.org/live",
                        "registrationUrl": "https://example.org/register",
                        "themes": [
                            {
                                "id": id_beneath(forum, "themes", theme.id),
                                "heading": "Theme",
                                "text": "What was said.",
                                "organisations": [organisation_of(company)],
                            }
                        ],
                        "talks": [
                            {
                                "id": id_beneath(forum, "talks", talk.id),
                                "heading": "Talk",
                                "text": "What it is about.",
                                "speakers": [person_of(speaker)],
                                "organisations": [organisation_of(company)],
                                "recordingUrl": "https://example.org/talk",
                            }
                        ],
                        "playlistUrl": "https://example.org/playlist",
                    }
                ]
            },
        },
        "deliverablesPage": {
            "id": id_of(pages["deliverables"]),
            "title": "Deliverables",
            "path": "/deliverables/",
            "introduction": {"html": "<p>What we commit to.</p>"},
            "categories": {
                "nodes": [
                    {
                        "id": id_of(category),
                        "title": "Category",
                        "path": "/deliverables/category-1/",
                        "introduction": to_form,
                        "plannedItems": [
                            {
                                "id": id_beneath(
                                    category, "planned_items", category.planned_items[0].id
                                ),
                                "heading": "Reports",
                                "text": "Long ones.",
                            }
                        ],
                        "deliverables": {
                            "nodes": [
                                {
                                    "id": id_of(deliverable),
                                    "title": "Deliverable",
                                    "path": "/deliverables/category-1/deliverable-1-1/",
                                    "kind": "REPORT",
                                    "date": "2025-01-01",
                                    "linkUrl": None,
                                    "document": document_of(deliverable.document),
                                    "authors": authors_of(deliverable),
                                }
                            ]
                        },
                    }
                ]
            },
        },
        "survey": {
            "id": id_of(survey),
            "title": "Survey",
            "path": "/survey/",
            "introduction": {"html": "<p>Introduction.</p>"},
            "wave": "Initial wave",
            "audience": "Partners",
            "baseSize": 120,
            "summary": {"html": "<p>In short.</p>"},
            "questions": [
                {
                    "id": id_beneath(survey, "questions", question.id),
                    "heading": "Timing",
                    "question": "When?",
                    "answerType": "MULTIPLE",
                    "baseSize": 110,
                    "options": [
                        {
                            "id": id_beneath(
                                survey, "questions", question.id, "options", option.id
                            ),
                            "text": "Yes",
                            "basis": "MEASURED",
                            "qualifier": "OVER",
                            "percentage": 70,
                            "figure": "over 70%",
                            "note": "All.",
                            "tiedWithPrevious": False,
                        }
                    ],
                    "interpretation": to_form,
                }
            ],
            "conclusion": {"html": "<p>What follows.</p>"},
            "invitation": to_form,
            "formPage": linked("Get involved", "/join/"),
        },
        "articles": {
            "nodes": [
                {
                    "id": id_of(article),
                    "title": "Article 1",
                    "path": "/articles/article-1/",
                    "kind": "NEWS",
                    "date": "2025-01-01",
                    "standfirst": "Two sentences.",
                    "authors": authors_of(article),
                    "headerImage": {"alt": "A header", **picture_of(article.header_image)},
                }
            ]
        },
    }


def organisation_of(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": id_of(organisation),
        "name": organisation.name,
        "website": organisation.website or None,
    }


def person_of(person: Person) -> dict[str, Any]:
    return {
        "id": id_of(person),
        "name": person.name,
        "title": "Dr.",
        "organisation": organisation_of(person.organisation),
        "portrait": {"alt": person.portrait_alt_text, **picture_of(person.portrait)},
    }


def authors_of(page: Model) -> list[dict[str, Any]]:
    return [
        {"id": id_of_row(author), "person": person_of(author.person)}
        for author in page.authors.order_by("sort_order")
    ]


def document_of(document: Document) -> dict[str, Any]:
    return {
        "id": id_of(document),
        "title": document.title,
        "url": f"http://testserver{document.url}",
        "fileSize": 6,
    }


def picture_of(image: Image) -> dict[str, Any]:
    focal_point = None
    if image.has_focal_point():
        focal_point = {"x": 320, "y": 240, "width": 100, "height": 80}
    return {
        "decorative": False,
        "image": {
            "id": id_of(image),
            "url": f"http://testserver{image.file.url}",
            "width": 640,
            "height": 480,
            "credit": image.credit or None,
            "licence": "CC_BY" if image.licence else None,
            "focalPoint": focal_point,
        },
    }


def test_working_group_costs_the_same_when_every_list_is_three_times_as_long(
    db, clock, run_operation, statements
):
    publish_everything()
    run_operation("working_group")
    with statements(STATEMENTS):
        one = run_operation("working_group")

    add_to_every_list()
    add_to_every_list()
    with statements(STATEMENTS):
        three = run_operation("working_group")

    lengths_of_one, lengths_of_three = list_lengths(one), list_lengths(three)
    assert set(lengths_of_one) == set(lengths_of_three)
    assert {
        path: (length, lengths_of_three[path])
        for path, length in lengths_of_one.items()
        if lengths_of_three[path] < 3 * length and path not in NEITHER_GROWS
    } == {}


# What an editor arranges on the one charter; it points to nothing, so nothing is loaded for it.
NEITHER_GROWS = {"charter.technologies", "charter.objectives"}


def list_lengths(answer: Any, path: str = "") -> dict[str, int]:
    """The length of every list of an answer, the longest where a list is met several times."""
    lengths: dict[str, int] = {}
    if isinstance(answer, list):
        lengths[path] = len(answer)
        parts = [(path, item) for item in answer]
    elif isinstance(answer, dict):
        parts = [(f"{path}.{key}".strip("."), value) for key, value in answer.items()]
    else:
        return {}
    for where, part in parts:
        for found, length in list_lengths(part, where).items():
            lengths[found] = max(length, lengths.get(found, 0))
    return lengths


def test_working_group_answers_what_there_is_on_an_empty_site(db, run_operation, statements):
    run_operation("working_group")

    with statements(4):
        data = run_operation("working_group")

    assert data == {
        "site": {
            "id": id_of(Site.objects.get()),
            "name": "",
            "url": "http://testserver",
            "settings": {
                "id": id_of(SiteSettings(site=Site.objects.get())),
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
                "id": id_of(Navigation(site=Site.objects.get())),
                "locale": "en",
                "direction": "LTR",
                "header": [],
                "footer": [],
                "footerText": None,
            },
        },
        "home": None,
        "charter": None,
        "leadership": None,
        "forumsPage": None,
        "deliverablesPage": None,
        "survey": None,
        "articles": {"nodes": []},
    }
