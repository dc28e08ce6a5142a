"""Uploaded pictures are served from local storage, and nothing else is."""

import pytest
from wagtail.models import Collection, CollectionViewRestriction

from tests import factories


@pytest.fixture
def uploads(settings):
    for folder in ("images", "original_images", "documents"):
        file = settings.MEDIA_ROOT / folder / "upload.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("uploaded")


@pytest.mark.django_db
def test_a_picture_is_served(client):
    picture = factories.image()

    for file in (picture.file, picture.get_rendition("fill-10x10").file):
        with file.storage.open(file.name) as kept:
            assert b"".join(client.get(file.url)) == kept.read()


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["images", "original_images"])
def test_a_file_that_no_picture_has_is_not_there(client, uploads, folder):
    assert client.get(f"/uploads/{folder}/upload.txt").status_code == 404


@pytest.mark.django_db
def test_what_is_left_of_a_private_picture_is_not_there(client, admin_client):
    """It could not be removed, and nobody knows any more whether it was private."""
    picture = factories.image(collection=private_collection())
    files = [picture.file, picture.get_rendition("fill-10x10").file]

    picture.delete()  # Its files stay: nothing is committed here.

    for file in files:
        assert file.storage.exists(file.name)
        for reader in (client, admin_client):
            assert reader.get(file.url).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "documents/upload.txt",
        "images/../documents/upload.txt",
        "images//../documents/upload.txt",
        "images/%2e%2e/documents/upload.txt",
        "images/",
    ],
)
def test_a_document_is_not(client, uploads, path):
    answer = client.get(f"/uploads/{path}")

    assert answer.status_code in {400, 404}


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["images", "original_images"])
@pytest.mark.parametrize(
    "name", ["", "within/", "within", "x" * 256, "x" * 5_000, "x/" * 2_500, "upload.txt%00", "%ff"]
)
def test_what_can_be_no_picture_is_not_there(client, settings, uploads, folder, name):
    (settings.MEDIA_ROOT / folder / "within").mkdir()

    assert client.get(f"/uploads/{folder}/{name}").status_code == 404


def private_collection(kind="login"):
    above = Collection.get_first_root_node().add_child(name="Not yet")
    CollectionViewRestriction.objects.create(collection=above, restriction_type=kind)
    return above.add_child(name="Beneath")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_a_picture_of_a_private_collection_is_not_there_for_everyone(client, kind):
    picture = factories.image(collection=private_collection(kind))
    smaller = picture.get_rendition("fill-10x10")

    for file in (picture.file, smaller.file):
        assert client.get(file.url).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("detour", ["./{}", "/{}", "{}/", "a/../{}"])
def test_no_detour_leads_to_a_private_picture(client, detour):
    """Under another name of the same file nobody would know that it is private."""
    picture = factories.image(collection=private_collection())
    name = picture.file.name.partition("/")[2]

    assert client.get(f"/uploads/original_images/{detour.format(name)}").status_code == 404


@pytest.mark.django_db
def test_who_uses_the_admin_sees_its_pictures_and_no_cache_keeps_them(admin_client):
    picture = factories.image(collection=private_collection())

    answer = admin_client.get(picture.file.url)

    assert b"".join(answer)
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_who_may_see_the_collection_sees_its_pictures(client, django_user_model):
    picture = factories.image(collection=private_collection())
    client.force_login(django_user_model.objects.create_user("reader"))

    assert b"".join(client.get(picture.file.url))


@pytest.mark.django_db
def test_a_picture_costs_two_statements(client, django_assert_num_queries):
    private_collection()
    picture = factories.image()

    with django_assert_num_queries(2):  # Whether it is private, and whether there is one.
        answer = client.get(picture.file.url)

    assert b"".join(answer)
    assert "Cache-Control" not in answer
