"""Where uploads are in a bucket, the files for presets are there too, and as private."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from wagtail.models import Collection, CollectionViewRestriction

from cms.worker.process import work_off
from media.copied_uploads import names_in_rows
from tests.cms.renditions.test_presets import addresses

pytestmark = pytest.mark.django_db


def test_they_are_made_there_and_leave_through_the_site(
    store, in_bucket, uploaded, answer, client, django_capture_on_commit_callbacks
):
    image = uploaded()
    work_off()

    urls = addresses(answer(image)["card"])
    names = [urlsplit(url).path.removeprefix("/uploads/") for url in urls]

    assert len(names) == 6
    assert set(names) <= set(store.names(in_bucket))
    assert set(names) <= names_in_rows()
    for url, name in zip(urls, names, strict=True):
        response = client.get(urlsplit(url).path)
        assert b"".join(response) == store.content(in_bucket, name)
        assert "immutable" in response["Cache-Control"]
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    type(image).objects.filter(pk=image.pk).update(collection=private)
    assert client.get(urlsplit(urls[0]).path).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert not set(names) & set(store.names(in_bucket))
