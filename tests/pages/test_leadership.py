import pytest
from django.db import IntegrityError, transaction

from pages.models import Leader
from tests import factories
from tests.api_ids import id_of, id_of_row


def test_leadership_operation_answers_the_leaders_in_order(db, run_operation, statements):
    polytechnic = factories.organisation(name="Polytechnic", website="https://example.org/")
    picture = factories.image(
        credit="A photographer",
        licence="used_with_permission",
        focal_point_x=300,
        focal_point_y=100,
        focal_point_width=50,
        focal_point_height=50,
    )
    page = factories.leadership_page(
        search_description="Who leads the group.",
        introduction="<p>Two chairs.</p>",
        people=[
            factories.person(
                name="Ada Rossi",
                title="Prof.",
                distinction="Fellow, IEEE",
                job_title="Full Professor",
                organisation=polytechnic,
                biography="<p>She teaches.</p>",
                portrait=picture,
                portrait_alt_text="Portrait of Ada Rossi",
                website="https://example.org/rossi",
            ),
            factories.person(name="Bo Chen"),
        ],
    )
    run_operation("leadership")

    with statements(7):
        data = run_operation("leadership")

    chairs = page.leaders.order_by("sort_order")
    assert data == {
        "leadership": {
            "id": id_of(page),
            "title": "Leadership",
            "path": "/leadership/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Leadership", "description": "Who leads the group.", "image": None},
            "introduction": {"html": "<p>Two chairs.</p>"},
            "leaders": [
                {
                    "id": id_of_row(chairs[0]),
                    "role": "CHAIR",
                    "person": {
                        "id": id_of(chairs[0].person),
                        "name": "Ada Rossi",
                        "title": "Prof.",
                        "distinction": "Fellow, IEEE",
                        "jobTitle": "Full Professor",
                        "organisation": {
                            "id": id_of(polytechnic),
                            "name": "Polytechnic",
                            "website": "https://example.org/",
                        },
                        "biography": {"html": "<p>She teaches.</p>"},
                        "portrait": {
                            "alt": "Portrait of Ada Rossi",
                            "decorative": False,
                            "image": {
                                "id": id_of(picture),
                                "url": f"http://testserver{picture.file.url}",
                                "width": 640,
                                "height": 480,
                                "credit": "A photographer",
                                "licence": "USED_WITH_PERMISSION",
                                "focalPoint": {"x": 300, "y": 100, "width": 50, "height": 50},
                            },
                        },
                        "website": "https://example.org/rossi",
                    },
                },
                {
                    "id": id_of_row(chairs[1]),
                    "role": "CHAIR",
                    "person": {
                        "id": id_of(chairs[1].person),
                        "name": "Bo Chen",
                        "title": None,
                        "distinction": None,
                        "jobTitle": None,
                        "organisation": None,
                        "biography": None,
                        "portrait": None,
                        "website": None,
                    },
                },
            ],
        }
    }


def test_leadership_is_null_while_there_is_none(db, run_operation):
    factories.home_page()

    data = run_operation("leadership")

    assert data == {"leadership": None}


def test_leadership_costs_the_same_however_many_leaders_there_are(db, run_operation, statements):
    page = factories.leadership_page(people=[factories.person() for _ in range(3)])
    run_operation("leadership")
    with statements(5):
        run_operation("leadership")

    for _ in range(6):
        page.leaders.add(Leader(person=factories.person(), role="member"))
    page.save_revision().publish()
    with statements(5):
        data = run_operation("leadership")

    assert len(data["leadership"]["leaders"]) == 9


def test_leaders_stand_in_the_order_editors_arranged(db, ask):
    page = factories.leadership_page(people=[factories.person(name=name) for name in "ABC"])

    first, second, third = page.leaders.all()
    first.sort_order, second.sort_order, third.sort_order = 2, 0, 1
    page.leaders = [first, second, third]
    page.save_revision().publish()
    data = ask("{ leadership { leaders { person { name } } } }")

    leaders = [{"person": {"name": name}} for name in "BCA"]
    assert data == {"leadership": {"leaders": leaders}}


def test_leader_who_is_not_public_keeps_the_place_with_a_null_person(db, ask):
    hidden = factories.person(name="Hidden", live=False)
    factories.leadership_page(people=[hidden, factories.person(name="Ada Rossi")])

    data = ask("{ leadership { leaders { role person { name } } } }")

    leaders = [
        {"role": "CHAIR", "person": None},
        {"role": "CHAIR", "person": {"name": "Ada Rossi"}},
    ]
    assert data == {"leadership": {"leaders": leaders}}


def test_leader_has_one_role(db):
    page = factories.leadership_page(people=[factories.person(name="Ada Rossi")])

    with pytest.raises(IntegrityError), transaction.atomic():
        Leader.objects.create(page=page, person=page.leaders.get().person, role="secretary")

    assert page.leaders.count() == 1
