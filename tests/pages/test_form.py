import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text

from pages.models import FormField, FormPage
from tests import factories
from tests.api_ids import id_of, id_of_row, linked
from tests.cms.html_forms import posted
from tests.conftest import signed_in

pytestmark = pytest.mark.decided_in_python

NOT_SAID = {
    "minimum": None,
    "maximum": None,
    "earliest": None,
    "latest": None,
    "accept": None,
    "maxFileSize": None,
    "consentText": None,
    "stepTitle": None,
    "condition": None,
}


def test_form_operation_answers_the_questions_in_order(db, run_operation, statements):
    page = factories.form_page(
        title="Get involved",
        slug="join",
        search_description="Take part.",
        introduction="<p>Why to take part.</p>",
        is_open=True,
        thank_you_text="<p>Thank you.</p>",
        form_fields=[
            FormField(label="Your name", field_type="singleline", help_text="First and last."),
            FormField(
                label="Interests",
                field_type="checkboxes",
                required=False,
                choices="Models\nHardware\n\n Ethics ",
                default_value="Models",
            ),
            FormField(label="Role", field_type="dropdown", choices="Research, Industry"),
        ],
    )
    run_operation("form", path="/join/")

    with statements(6):
        data = run_operation("form", path="/join/")

    name, interests, role = page.form_fields.order_by("sort_order")
    assert data == {
        "page": {
            "__typename": "FormPage",
            "id": id_of(page),
            "title": "Get involved",
            "path": "/join/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Get involved", "description": "Take part.", "image": None},
            "ancestors": [linked("Home", "/")],
            "introduction": {"html": "<p>Why to take part.</p>"},
            "isOpen": True,
            "opensAt": None,
            "closesAt": None,
            "honeypot": "website",
            "thankYouText": {"html": "<p>Thank you.</p>"},
            "formFields": [
                {
                    "id": id_of_row(name),
                    "cleanName": "your_name",
                    "label": "Your name",
                    "fieldType": "SINGLELINE",
                    "required": True,
                    "choices": [],
                    "defaultValue": None,
                    "helpText": "First and last.",
                    **NOT_SAID,
                },
                {
                    "id": id_of_row(interests),
                    "cleanName": "interests",
                    "label": "Interests",
                    "fieldType": "CHECKBOXES",
                    "required": False,
                    "choices": ["Models", "Hardware", "Ethics"],
                    "defaultValue": "Models",
                    "helpText": None,
                    **NOT_SAID,
                },
                {
                    "id": id_of_row(role),
                    "cleanName": "role",
                    "label": "Role",
                    "fieldType": "DROPDOWN",
                    "required": True,
                    "choices": ["Research", "Industry"],
                    "defaultValue": None,
                    "helpText": None,
                    **NOT_SAID,
                },
            ],
        }
    }


def test_form_is_null_where_there_is_no_page(db, run_operation):
    factories.home_page()

    data = run_operation("form", path="/join/")

    assert data == {"page": None}


def test_form_that_is_closed_keeps_its_questions_to_itself(db, client, run_operation):
    page = factories.form_page(
        is_open=True, form_fields=[FormField(label="Your name", field_type="singleline")]
    )
    opened = run_operation("form", path="/form/")["page"]
    page.is_open = False
    page.save_revision().publish()

    closed = run_operation("form", path="/form/")["page"]

    assert [field["label"] for field in opened["formFields"]] == ["Your name"]
    assert (closed["isOpen"], closed["formFields"]) == (False, [])
    assert "Your name" not in client.get(page.url).content.decode()


def test_form_costs_the_same_however_many_questions_there_are(db, run_operation, statements):
    def questions(number):
        return [FormField(label=f"Question {n}", field_type="number") for n in range(number)]

    page = factories.form_page(is_open=True, form_fields=questions(3))
    run_operation("form", path="/form/")
    with statements(6):
        run_operation("form", path="/form/")

    page.form_fields = questions(9)
    page.save_revision().publish()
    with statements(6):
        data = run_operation("form", path="/form/")

    assert len(data["page"]["formFields"]) == 9


@pytest.mark.parametrize(
    ("choices", "answered"),
    [
        ("", []),
        ("One", ["One"]),
        ("One,Two", ["One", "Two"]),
        ("One, two\nThree", ["One, two", "Three"]),
        ("One\r\nTwo\r\n", ["One", "Two"]),
        (" ,One,, ", ["One"]),
    ],
    ids=["none", "one", "commas", "lines-with-commas", "windows-lines", "gaps"],
)
def test_choices_are_split_at_lines_or_else_at_commas(db, ask, choices, answered):
    factories.form_page(
        is_open=True,
        form_fields=[FormField(label="Question", field_type="radio", choices=choices)],
    )

    data = ask('{ page(path: "/form/") { ... on FormPage { formFields { choices } } } }')

    assert data == {"page": {"formFields": [{"choices": answered}]}}


def test_form_without_questions_is_not_opened(db):
    page = factories.form_page(live=False, is_open=True)

    with pytest.raises(ValidationError) as problem:
        page.get_latest_revision().publish()

    assert problem.value.message_dict == {
        "is_open": ["Add at least one question before you open the form."]
    }


def test_form_takes_no_answers_at_its_own_address(db, client):
    page = factories.form_page(
        is_open=True, form_fields=[FormField(label="Your name", field_type="singleline")]
    )

    response = client.post(page.url, {"your_name": "Ada Rossi"})

    assert response.status_code == 200
    assert page.get_submissions().count() == 0


def test_draft_of_a_form_may_want_an_address_that_another_page_has_yet_to_leave(db):
    charter = factories.charter_page(slug="charter")
    client = signed_in(factories.user("editor", group="Editors"))
    url = reverse("wagtailadmin_pages:add", args=["pages", "formpage", charter.get_parent().pk])
    shown = posted(client.get(url)) | {"title": "Join", "slug": "charter"}
    entered = {key: value for key, value in shown.items() if not key.startswith("action-")}

    saved = client.post(url, entered, follow=True).content.decode()
    published = client.post(
        url,
        entered | {"action-publish": "1", "introduction": rich_text("<p>Do.</p>"), "is_open": ""},
    ).content.decode()

    assert FormPage.objects.get().slug == "charter-2"
    assert "“Charter” has the address “charter”" in saved
    assert "“Charter” has the address “charter”" in published


# Questions as editors write them


@pytest.fixture
def edit(db):
    """Send the form of a page with questions in the place of its own; ``draft`` saves it only."""
    client = signed_in(factories.user("editor", group="Editors"))

    def edit(page, *questions, draft=False, **fields):
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        shown = posted(client.get(url))
        entered = {
            key: value
            for key, value in shown.items()
            if not key.startswith(("action-", "form_fields-"))
        }
        rows = [
            {"label": f"Question {number}", "field_type": "singleline", "ORDER": str(number)} | row
            for number, row in enumerate(questions, start=1)
        ]
        counts = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0}
        counts["MAX_NUM_FORMS"] = 1000
        entered |= {f"form_fields-{name}": str(value) for name, value in counts.items()}
        for number, row in enumerate(rows):
            entered |= {f"form_fields-{number}-{name}": value for name, value in row.items()}
        entered |= {} if draft else {"action-publish": "1"}
        return client.post(url, entered | fields)

    return edit


BUILD = {"label": "How?", "field_type": "radio", "choices": "Build\nFund"}


def test_condition_names_a_question_by_its_label_and_follows_it(edit, ask):
    page = factories.form_page(slug="join", is_open=True)

    saved = edit(
        page, BUILD, {"condition_question": " HOW? ", "condition_answers": "Build"}, is_open="on"
    )

    asked = ask(
        '{ page(path: "/join/") { ... on FormPage {'
        " formFields { cleanName condition { cleanName answers } } } } }"
    )
    client = signed_in(factories.user("other", group="Editors"))
    shown = posted(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert saved.status_code == 302
    assert asked["page"]["formFields"] == [
        {"cleanName": "how", "condition": None},
        {"cleanName": "question_2", "condition": {"cleanName": "how", "answers": ["Build"]}},
    ]
    assert shown["form_fields-1-condition_question"] == ["How?"]


WHEN = {"label": "When?", "field_type": "radio", "choices": "Yes, within a year\nNo"}
QUESTIONS = """{ page(path: "/join/") { ... on FormPage {
  formFields { cleanName defaultValue condition { answers } } } } }"""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Yes, within a year", ["Yes, within a year"]),
        (" Yes, within a year \n", ["Yes, within a year"]),
        ("Yes, within a year\r\nNo", ["Yes, within a year", "No"]),
        ("No", ["No"]),
    ],
    ids=["comma", "comma-and-spaces", "lines", "one"],
)
def test_choice_with_a_comma_is_a_condition_like_any_other(edit, ask, written, read):
    page = factories.form_page(slug="join")
    asked = {"condition_question": "When?", "condition_answers": written}

    saved = edit(page, WHEN, asked, is_open="on")

    assert saved.status_code == 302
    assert ask(QUESTIONS)["page"]["formFields"][1]["condition"] == {"answers": read}


@pytest.mark.parametrize(
    ("choices", "written", "read"),
    [
        ("Yes, within a year\nNo", "Yes, within a year", "Yes, within a year"),
        ("Yes, within a year\nNo", "No\r\nYes, within a year", "No\nYes, within a year"),
        ("Models, Hardware", "Models, Hardware", "Models\nHardware"),
        ("Models, Hardware", "", None),
    ],
)
def test_default_has_a_line_for_each_choice(edit, ask, choices, written, read):
    page = factories.form_page(slug="join")
    question = {"field_type": "checkboxes", "choices": choices, "default_value": written}

    saved = edit(page, question, is_open="on")

    assert saved.status_code == 302
    assert ask(QUESTIONS)["page"]["formFields"][0]["defaultValue"] == read


def test_default_that_is_no_choice_is_told_as_it_is_written(edit, ask):
    page = factories.form_page(slug="join")

    edit(page, {"default_value": "Oslo, Norway", "choices": "left over"}, is_open="on")

    assert ask(QUESTIONS)["page"]["formFields"][0]["defaultValue"] == "Oslo, Norway"


WRONG = {
    "no choices": ({"field_type": "radio"}, "at least two choices"),
    "one choice": ({"field_type": "dropdown", "choices": "One"}, "at least two choices"),
    "a choice twice": ({"field_type": "radio", "choices": "One\nTwo\nOne"}, "“One” is among"),
    "another choice to begin with": (
        BUILD | {"label": "Why?", "default_value": "Sing"},
        "“Sing” is none",
    ),
    "a consent to nothing": ({"field_type": "consent"}, "Write what people consent to"),
    "a consent that is none": ({"consent_text": "All."}, "Only a consent has this text"),
    "a least of a date": ({"field_type": "date", "minimum": "1"}, "has no least and most"),
    "half a character": ({"maximum": "1.5"}, "Enter a whole number"),
    "fewer than none": ({"minimum": "-1"}, "Enter a whole number"),
    "most below least": (
        {"field_type": "number", "minimum": "5", "maximum": "4"},
        "The most is less than the least.",
    ),
    "a first day of a text": ({"earliest": "2026-01-01"}, "Only dates have a first"),
    "last before first": (
        {"field_type": "date", "earliest": "2026-01-02", "latest": "2026-01-01"},
        "The last date is before the first.",
    ),
    "after an unknown question": ({"condition_question": "Why?"}, "There is no question “Why?”"),
    "after itself": ({"condition_question": "Question 2"}, "There is no question “Question 2”"),
    "an answer of no question": ({"condition_answers": "Build"}, "Say which question this"),
    "an answer nobody can give": (
        {"condition_question": "How?", "condition_answers": "Sing"},
        "“Sing” is no answer to “How?”, which offers: Build, Fund.",
    ),
}


@pytest.mark.parametrize(("row", "sentence"), WRONG.values(), ids=WRONG)
def test_question_that_cannot_be_asked_is_named_and_nothing_is_published(edit, row, sentence):
    page = factories.form_page(slug="join", is_open=False)

    refused = edit(page, BUILD, row, is_open="on").content.decode()

    assert sentence in refused.replace("&quot;", '"')
    assert not FormPage.objects.get().form_fields.exists()


@pytest.mark.parametrize(("row", "sentence"), WRONG.values(), ids=WRONG)
def test_draft_keeps_what_cannot_be_asked_and_is_not_published(edit, row, sentence):
    page = factories.form_page(slug="join", is_open=False)

    saved = edit(page, BUILD, row, draft=True)

    assert saved.status_code == 302
    with pytest.raises(ValidationError) as problem:
        page.latest_revision.__class__.objects.latest("pk").publish()
    assert sentence in " ".join(problem.value.messages)


SETTINGS = {
    "closes before it opens": (
        {"opens_at": "2026-02-02 10:00", "closes_at": "2026-02-01 10:00"},
        "The form closes before it opens.",
    ),
    "a mail without a subject": ({"confirmation_text": "Thanks."}, "needs a subject and a text"),
    "a mail without a text": ({"confirmation_subject": "Hello"}, "needs a subject and a text"),
    "no more than none": ({"max_submissions": "0"}, "greater than or equal to 1"),
    "kept for ever": ({"retention_days": "3651"}, "less than or equal to 3650"),
    "no address": ({"notified_address": "office"}, "Enter a valid email address"),
    "a mail to nobody": (
        {"confirmation_subject": "Hello", "confirmation_text": "Thanks."},
        "there is nowhere to send it",
    ),
}


@pytest.mark.parametrize(("fields", "sentence"), SETTINGS.values(), ids=SETTINGS)
def test_what_a_form_cannot_do_is_said_and_nothing_is_published(edit, fields, sentence):
    page = factories.form_page(slug="join", is_open=False)

    asked = [BUILD] if "nowhere" in sentence else [BUILD, {"field_type": "email"}]
    refused = edit(page, *asked, is_open="on", **fields).content.decode()

    assert sentence in refused
    assert not FormPage.objects.get().form_fields.exists()
