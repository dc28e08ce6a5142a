"""Editors see how far the sizes of pictures are and what could not be made, and try it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.renditions import jobs
from cms.renditions.models import RenditionJob
from cms.worker.lease import take_up
from cms.worker.process import work_off
from media.renditions import making
from media.renditions.presets import presets
from tests import factories

pytestmark = pytest.mark.django_db


def shown(client: Client, name: str, *arguments: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=arguments), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_picture_says_how_many_of_its_sizes_are_made(uploaded, admin_client, settings):
    settings.IMAGE_PRESETS |= {"square": {"width": 90, "height": 90, "crop": True}}
    presets.cache_clear()
    image = uploaded()
    job = take_up(RenditionJob)
    assert job

    before = shown(admin_client, "wagtailimages:edit", image.pk)
    said = iter([True, False])
    jobs.work_on(job, lambda: next(said))
    between = shown(admin_client, "renditions_of_image", image.pk)
    work_off()
    after = shown(admin_client, "renditions_of_image", image.pk)

    assert "Being made: 0 of 2 sizes so far." in before
    assert f'data-renews="{reverse("renditions_of_image", args=[image.pk])}"' in before
    assert "Being made: 1 of 2 sizes so far." in between
    assert "data-pending" in between
    assert "All 2 sizes are made." in after
    assert "data-pending" not in after
    assert after.count("<img ") == 2
    assert "<b>Square</b> Cropped to 90 by 90 pixels" in after


def test_what_could_not_be_made_is_said_and_tried_again_at_a_press(
    uploaded, admin_client, clock, monkeypatch, too_much
):
    image = uploaded()
    work_off()
    once = shown(admin_client, "wagtailimages:edit", image.pk)
    for _ in range(2):
        clock.moment += jobs.LONGEST_WAIT
        work_off()
    given_up = shown(admin_client, "wagtailimages:edit", image.pk)

    assert "0 of 1 sizes are made. It takes too much memory or time to make smaller" in once
    assert "This is tried again by itself." in once
    assert "so readers get the picture as it was uploaded. It takes too much" in given_up
    monkeypatch.undo()
    address = reverse("renditions_again", args=[image.pk])
    assert address in given_up
    said = admin_client.post(address, follow=True).content.decode()
    assert "The sizes of “New” are made anew." in said
    work_off()
    assert "All 1 sizes are made." in shown(admin_client, "renditions_of_image", image.pk)


def test_the_report_counts_all_pictures_and_names_those_that_failed(
    uploaded, admin_client, clock, monkeypatch
):
    uploaded(title="Fine")
    work_off()
    bad = uploaded(title="An enormous chip")
    monkeypatch.setattr(making, "ask", Mock(return_value=None))
    work_off()
    uploaded(title="To be made")

    report = shown(admin_client, "renditions")

    assert "1 of 3 pictures have all their sizes, 1 is still to be made." in report
    assert '<progress class="genedge-sizes__bar" max="3" value="1"' in report
    assert reverse("wagtailimages:edit", args=[bad.pk]) in report
    assert "It is tried again by itself." in report
    for _ in range(2):
        clock.moment += jobs.LONGEST_WAIT
        work_off()
    assert "Upload it anew, smaller or as a JPEG." in shown(admin_client, "renditions")
    assert "1 of 3 pictures have all their sizes." in shown(admin_client, "renditions", part="")


def test_without_a_worker_the_report_says_so_after_five_minutes(uploaded, admin_client, clock):
    uploaded()
    clock.moment += timedelta(minutes=5)
    assert "Nothing is being made" not in shown(admin_client, "renditions")

    clock.moment += timedelta(seconds=1)

    assert "Nothing is being made" in shown(admin_client, "renditions")
    assert take_up(RenditionJob)
    assert "Nothing is being made" not in shown(admin_client, "renditions")


def test_who_may_not_change_a_picture_neither_sees_its_sizes_nor_has_them_made(
    uploaded, client, too_much
):
    mine_alone = Collection.get_first_root_node().add_child(name="Mine")
    mine = uploaded(collection=mine_alone.pk, title="My own")
    other = uploaded(title="Of others")
    work_off()
    stranger = factories.user("stranger")
    group = Group.objects.create(name="One collection")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    group.collection_permissions.create(
        collection=mine_alone,
        permission=Permission.objects.get(codename="change_image", content_type__app_label="media"),
    )
    stranger.groups.add(group)
    client.force_login(stranger)

    report = shown(client, "renditions")

    assert "0 of 2 pictures have all their sizes." in report
    assert "My own" in report
    assert "Of others" not in report
    assert "0 of 1 sizes" in shown(client, "renditions_of_image", mine.pk)
    before = RenditionJob.objects.get(pk=other.pk).due_at
    assert client.get(reverse("renditions_of_image", args=[other.pk])).status_code == 302
    assert client.post(reverse("renditions_again", args=[other.pk])).status_code == 302
    assert RenditionJob.objects.get(pk=other.pk).due_at == before


def test_who_has_nothing_to_do_with_pictures_does_not_find_the_report(client):
    reader = factories.user("reader")
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(reader)

    assert client.get(reverse("renditions")).status_code == 302
    assert reverse("renditions") not in client.get(reverse("wagtailadmin_home")).content.decode()
