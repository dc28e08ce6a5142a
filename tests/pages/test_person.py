import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from pages.models import Person
from tests import factories
from tests.api_ids import id_for, id_of


def test_person_operation_answers_everything_about_one_person(db, run_operation, statements):
    organisation = factories.organisation(name="Polytechnic", website="https://example.org/")
    charter = factories.charter_page()
    picture = factories.image(
        credit="A photographer",
        licence="cc0_1",
        focal_point_x=300,
        focal_point_y=100,
        focal_point_width=50,
        focal_point_height=60,
    )
    person = factories.person(
        name="Ada Rossi",
        title="Prof.",
        distinction="Fellow, IEEE",
        job_title="Full Professor",
        organisation=organisation,
        biography=f'<p>She wrote the <a linktype="page" id="{charter.pk}">charter</a>.</p>'
        "<p>And more.</p>",
        portrait=picture,
        portrait_alt_text="Portrait of Ada Rossi",
        website="https://example.org/rossi",
    )
    run_operation("person", id=id_of(person))

    with statements(5):
        data = run_operation("person", id=id_of(person))

    assert data == {
        "person": {
            "id": id_of(person),
            "locale": "en",
            "name": "Ada Rossi",
            "title": "Prof.",
            "distinction": "Fellow, IEEE",
            "jobTitle": "Full Professor",
            "organisation": {
                "id": id_of(organisation),
                "name": "Polytechnic",
                "website": "https://example.org/",
            },
            "biography": {
                "html": '<p>She wrote the <a href="/charter/">charter</a>.</p><p>And more.</p>',
            },
            "portrait": {
                "alt": "Portrait of Ada Rossi",
                "decorative": False,
                "image": {
                    "id": id_of(picture),
                    "url": f"http://testserver{picture.file.url}",
                    "width": 640,
                    "height": 480,
                    "credit": "A photographer",
                    "licence": "CC0",
                    "focalPoint": {"x": 300, "y": 100, "width": 50, "height": 60},
                },
            },
            "website": "https://example.org/rossi",
        }
    }


def test_person_with_only_a_name_answers_null_for_the_rest(db, run_operation, statements):
    person = factories.person(name="Bo Chen")
    run_operation("person", id=id_of(person))

    with statements(2):
        data = run_operation("person", id=id_of(person))

    assert data == {
        "person": {
            "id": id_of(person),
            "locale": "en",
            "name": "Bo Chen",
            "title": None,
            "distinction": None,
            "jobTitle": None,
            "organisation": None,
            "biography": None,
            "portrait": None,
            "website": None,
        }
    }


@pytest.mark.parametrize("key", [0, 999, 999999999999999999])
def test_person_is_null_where_there_is_none(db, run_operation, key):
    data = run_operation("person", id=id_for(Person, key))

    assert data == {"person": None}


def test_people_are_listed_by_name(db, ask):
    for name in ("Chen", "Abara", "Rossi"):
        factories.person(name=name)
    factories.person(name="Bianchi", live=False)

    data = ask("{ people { totalCount nodes { name } } }")

    people = [{"name": "Abara"}, {"name": "Chen"}, {"name": "Rossi"}]
    assert data == {"people": {"totalCount": 3, "nodes": people}}


def test_organisation_of_a_person_is_null_while_it_is_not_public(db, ask):
    factories.person(name="Ada Rossi", organisation=factories.organisation(live=False))

    data = ask("{ people { nodes { name organisation { name } } } }")

    assert data == {"people": {"nodes": [{"name": "Ada Rossi", "organisation": None}]}}


def test_person_is_not_published_while_the_portrait_has_no_alternative_text(db):
    person = factories.person(live=False, portrait=factories.image())

    with pytest.raises(ValidationError) as problem:
        person.get_latest_revision().publish()

    assert problem.value.message_dict == {
        "portrait_alt_text": [
            "Describe the picture for people who cannot see it, or mark it as decorative."
        ]
    }


def test_person_named_on_a_page_cannot_be_deleted(db):
    person = factories.person()
    factories.leadership_page(people=[person])

    with pytest.raises(ProtectedError):
        person.delete()
