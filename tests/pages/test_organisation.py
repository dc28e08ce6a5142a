import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pages.models import Organisation
from tests import factories
from tests.api_ids import id_for, id_of


def test_organisation_operation_answers_everything_about_one_organisation(
    db, run_operation, statements
):
    logo = factories.image(credit="The company", licence="used_with_permission")
    organisation = factories.organisation(
        name="NXP",
        kind="company",
        website="https://www.nxp.com/",
        logo=logo,
        logo_alt_text="NXP logo",
    )
    run_operation("organisation", id=id_of(organisation))

    with statements(3):
        data = run_operation("organisation", id=id_of(organisation))

    assert data == {
        "organisation": {
            "id": id_of(organisation),
            "locale": "en",
            "name": "NXP",
            "kind": "COMPANY",
            "website": "https://www.nxp.com/",
            "logo": {
                "alt": "NXP logo",
                "decorative": False,
                "image": {
                    "id": id_of(logo),
                    "url": f"http://testserver{logo.file.url}",
                    "width": 640,
                    "height": 480,
                    "credit": "The company",
                    "licence": "USED_WITH_PERMISSION",
                },
            },
        }
    }


def test_organisation_with_only_a_name_answers_null_for_the_rest(db, run_operation, statements):
    organisation = factories.organisation(name="Arm")
    run_operation("organisation", id=id_of(organisation))

    with statements(2):
        data = run_operation("organisation", id=id_of(organisation))

    assert data == {
        "organisation": {
            "id": id_of(organisation),
            "locale": "en",
            "name": "Arm",
            "kind": None,
            "website": None,
            "logo": None,
        }
    }


def test_organisation_is_null_where_there_is_none(db, run_operation):
    data = run_operation("organisation", id=id_for(Organisation, 999))

    assert data == {"organisation": None}


def test_organisations_are_listed_by_name(db, ask):
    for name in ("NXP", "Arm", "Politecnico di Milano"):
        factories.organisation(name=name)
    factories.organisation(name="Not yet", live=False)

    data = ask("{ organisations { totalCount nodes { name } } }")

    organisations = [{"name": "Arm"}, {"name": "NXP"}, {"name": "Politecnico di Milano"}]
    assert data == {"organisations": {"totalCount": 3, "nodes": organisations}}


def test_organisation_of_a_name_exists_once(db):
    factories.organisation(name="NXP")
    twin = Organisation(name="NXP")

    with pytest.raises(ValidationError) as problem:
        twin.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()

    assert problem.value.message_dict == {
        "name": ["An organisation of this name exists: use that one."]
    }


def test_organisation_cannot_take_the_name_of_another(db):
    factories.organisation(name="NXP")
    organisation = factories.organisation(name="Arm")

    organisation.name = "NXP"
    with pytest.raises(ValidationError) as problem:
        organisation.save_revision().publish()

    organisation.refresh_from_db()
    assert "name" in problem.value.message_dict
    assert organisation.name == "Arm"


def test_editor_who_adds_an_organisation_twice_is_told_beside_the_name(db, client):
    factories.organisation(name="NXP")
    client.force_login(factories.user(is_superuser=True))

    response = client.post(
        "/admin/snippets/pages/organisation/add/", {"name": "NXP", "action-publish": "1"}
    )

    assert response.status_code == 200
    assert response.context["form"].errors == {
        "name": ["An organisation of this name exists: use that one."]
    }


def test_organisation_is_not_published_while_the_logo_has_no_alternative_text(db):
    organisation = factories.organisation(live=False, logo=factories.image())

    with pytest.raises(ValidationError) as problem:
        organisation.get_latest_revision().publish()

    assert problem.value.message_dict == {
        "logo_alt_text": [
            "Describe the picture for people who cannot see it, or mark it as decorative."
        ]
    }


def test_organisation_may_be_deleted_and_leaves_its_place_in_forums_empty(db, ask):
    organisation = factories.organisation(name="NXP")
    factories.forum_page(themes=[("theme", {"heading": "T", "organisations": [organisation]})])
    factories.person(name="Ada Rossi", organisation=organisation)

    organisation.delete()
    data = ask(
        """{
            forums { nodes { themes { organisations { name } } } }
            people { nodes { organisation { name } } }
        }"""
    )

    assert data == {
        "forums": {"nodes": [{"themes": [{"organisations": [None]}]}]},
        "people": {"nodes": [{"organisation": None}]},
    }
