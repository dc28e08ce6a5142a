import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text

from pages.models import FormField, FormPage
from tests import factories
from tests.api_ids import id_of, id_of_row, linked
from tests.cms.html_forms import posted
from tests.conftest import signed_in


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
    assert page.get_submission_class().objects.count() == 0


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
