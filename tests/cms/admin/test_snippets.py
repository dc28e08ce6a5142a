"""People and organisations: listed, found, chosen, previewed, and where they are used."""

from django.urls import reverse

from pages.models import Organisation, Person
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission


def titles_in(response):
    return [str(row) for row in response.context["object_list"]]


def list_url(model, **query):
    return reverse(model.snippet_viewset.get_url_name("list"), query=query)


def test_list_of_people_says_where_they_work_and_what_is_live(staff, sign_in):
    institute = factories.organisation(name="ETH Zurich")
    factories.person(name="Ada", organisation=institute)
    factories.person(name="Ben", live=False)

    response = sign_in(staff).get(list_url(Person))

    headings = [column.label for column in response.context["table"].columns.values()]
    assert headings[1:] == ["Name", "Organisation", "Status", "Updated"]
    words = response.content.decode()
    assert "ETH Zurich" in words
    assert titles_in(response) == ["Ada", "Ben"]


def test_people_are_filtered_by_organisation(staff, sign_in):
    institute = factories.organisation(name="ETH Zurich")
    factories.person(name="Ada", organisation=institute)
    factories.person(name="Ben")

    response = sign_in(staff).get(list_url(Person, organisation=institute.pk))

    assert titles_in(response) == ["Ada"]


def test_organisations_are_filtered_by_kind(staff, sign_in):
    factories.organisation(name="ETH Zurich", kind="university")
    factories.organisation(name="NXP", kind="company")

    response = sign_in(staff).get(list_url(Organisation, kind="company"))

    assert titles_in(response) == ["NXP"]


def test_organisation_is_found_by_the_beginning_of_its_name(staff, sign_in):
    factories.organisation(name="ETH Zurich")
    factories.organisation(name="NXP")

    response = sign_in(staff).get(list_url(Organisation, q="Zur"))

    assert titles_in(response) == ["ETH Zurich"]


def test_organisation_tells_where_it_is_used(staff, sign_in, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        organisation = factories.organisation(name="NXP")
        factories.person(name="Ada", organisation=organisation)
        theme = {"heading": "Theme", "text": "", "organisations": [organisation]}
        factories.forum_page(title="First forum", themes=[("theme", theme)])

    words = sign_in(staff).get(admin_url(organisation, "usage")).content.decode()

    assert "First forum" in words
    assert "Ada" in words


def test_people_and_organisations_are_offered_where_one_is_chosen(staff, sign_in):
    factories.organisation(name="NXP")
    chooser = Organisation.snippet_viewset.chooser_viewset

    response = sign_in(staff).get(reverse(chooser.get_url_name("choose")))

    assert "NXP" in response.json()["html"]


def test_unsaved_changes_are_previewed(staff, sign_in):
    person = factories.person(name="Ada")
    client = sign_in(staff)
    address = admin_url(person, "preview_on_edit")

    accepted = client.post(address, submission(person, name="Ada Lovelace"))
    shown = client.get(address)

    assert accepted.json()["is_valid"]
    assert "Ada Lovelace" in shown.content.decode()
