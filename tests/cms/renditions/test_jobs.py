"""What pictures lack is made, whatever happens meanwhile, and nothing is made in vain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import transaction

from cms.outbox.models import ContentEvent
from cms.renditions import jobs
from cms.renditions.jobs import note_gaps, work_on
from cms.renditions.models import RenditionJob
from cms.worker.lease import TAKEN_FOR, take_up
from cms.worker.process import work_off
from media.models import Image, PresetRendition
from media.renditions import making
from media.renditions.presets import presets
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


@pytest.fixture
def asked(monkeypatch) -> Mock:
    """The process that makes files, as it is asked."""
    asked = Mock(wraps=making.ask)
    monkeypatch.setattr(making, "ask", asked)
    return asked


def meanwhile(monkeypatch: Any, happens: Callable[[], Any]) -> None:
    """Have something happen while files are made, once."""
    ask = making.ask

    def ask_while_it_happens(*arguments: Any, **words: Any) -> Any:
        monkeypatch.setattr(making, "ask", ask)
        answered = ask(*arguments, **words)
        happens()
        return answered

    monkeypatch.setattr(making, "ask", ask_while_it_happens)


def made_of(image: Image) -> set[str]:
    return {*image.preset_renditions.values_list("made_of", flat=True)}


def state(image: Image) -> tuple[bool, str]:
    """Whether it is to be taken up, and what is wrong."""
    job = RenditionJob.objects.get(pk=image.pk)
    return job.due_at is not None, job.problem


# What makes files wanted


def test_what_is_uploaded_is_wanted_in_the_same_transaction(uploaded):
    with transaction.atomic():
        image = uploaded()
        assert state(image) == (True, "")
        transaction.set_rollback(True)

    assert not RenditionJob.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"credit": "Ada"},
        {"copyright_notice": "© Ada"},
        {"licence": "cc_by_4"},
        {"digital_source_type": "trainedAlgorithmicMedia"},
        dict.fromkeys([f"focal_point_{each}" for each in ("x", "y", "width", "height")], 9),
    ],
    ids=min,
)
def test_what_a_file_shows_or_says_is_made_anew(uploaded, edited, asked, change):
    image = uploaded()
    work_off()
    before = made_of(image)

    edited(image, **change)
    work_off()

    assert asked.call_count == 2
    assert len(made_of(image) - before) == 1


@pytest.mark.parametrize("change", [{"title": "Another"}, {"description": "A chip"}, {}])
def test_what_no_file_shows_makes_none_anew(uploaded, edited, asked, change):
    image = uploaded()
    work_off()

    edited(image, **change)

    assert state(image) == (False, "")
    work_off()
    assert asked.call_count == 1


def test_saved_ten_times_it_is_made_once(uploaded, edited, asked):
    image = uploaded()
    for number in range(9):
        edited(image, credit=f"Photographer {number}")

    work_off()

    assert asked.call_count == 1


def test_a_focal_point_is_no_matter_where_nothing_is_cropped(uploaded, edited, asked, settings):
    settings.IMAGE_PRESETS = {"text": {"width": 1280}}
    presets.cache_clear()
    image = uploaded()
    work_off()

    edited(image, focal_point_x=9, focal_point_y=9, focal_point_width=9, focal_point_height=9)
    work_off()

    assert asked.call_count == 1


@pytest.mark.parametrize(
    "past_signals",
    [
        lambda image: Image.objects.filter(pk=image.pk).update(credit="Ada"),
        lambda image: RenditionJob.objects.filter(pk=image.pk).delete(),
    ],
    ids=["written by SQL", "from before there were presets"],
)
def test_what_no_signal_told_of_is_found(uploaded, asked, past_signals):
    image = uploaded()
    work_off()
    PresetRendition.objects.all().delete()
    past_signals(image)

    note_gaps()
    work_off()

    assert asked.call_count == 2
    assert made_of(image)
    note_gaps()
    assert state(image) == (False, "")


def test_a_preset_that_is_added_is_made_of_all_pictures_and_others_are_not_made_anew(
    uploaded, asked, settings
):
    images = [uploaded(), uploaded()]
    work_off()
    settings.IMAGE_PRESETS |= {"square": {"width": 90, "height": 90, "crop": True}}
    presets.cache_clear()

    note_gaps()
    work_off()

    assert asked.call_count == 4
    assert all(image.preset_renditions.count() == 2 for image in images)


def test_how_wide_a_preset_is_shown_is_no_matter_of_its_files(uploaded, asked, settings):
    uploaded()
    work_off()
    settings.IMAGE_PRESETS["card"] |= {"sizes": "50vw"}
    presets.cache_clear()

    note_gaps()
    work_off()

    assert asked.call_count == 1


def test_who_follows_the_changes_is_told_when_the_files_are_there(uploaded, answer):
    image = uploaded()
    answer(image)  # An article shows it.
    before = ContentEvent.objects.count()

    work_off()

    assert ContentEvent.objects.count() == before + 1


# What happens while files are made


def test_changed_while_files_are_made_it_is_made_of_what_it_is(
    uploaded, edited, monkeypatch, asked
):
    image = uploaded()
    meanwhile(monkeypatch, lambda: edited(image, credit="Ada"))

    work_off()

    image.refresh_from_db()
    assert made_of(image) == {making.made_of(image, presets()["card"])}
    assert asked.call_count == 2
    assert state(image) == (False, "")


def test_deleted_while_files_are_made_it_leaves_none(uploaded, monkeypatch, settings):
    image = uploaded()
    meanwhile(monkeypatch, lambda: Image.objects.get(pk=image.pk).delete())

    work_off()

    assert not PresetRendition.objects.exists()
    assert list((settings.MEDIA_ROOT / "renditions").rglob("*.*")) == []


def test_what_a_worker_is_at_no_other_takes_up_until_it_is_given_up_for_lost(uploaded, clock):
    image = uploaded()

    taken = take_up(RenditionJob)

    assert taken
    assert taken.pk == image.pk
    assert take_up(RenditionJob) is None
    clock.moment += TAKEN_FOR
    again = take_up(RenditionJob)
    assert again
    assert again.pk == image.pk
    # Whoever was only slow leaves it to the other.
    work_on(taken)
    assert state(image) == (True, "")
    work_on(again)
    assert state(image) == (False, "")


def test_who_is_told_to_stop_leaves_the_rest_to_whoever_comes_next(uploaded, asked, settings):
    settings.IMAGE_PRESETS |= {"square": {"width": 90, "height": 90, "crop": True}}
    presets.cache_clear()
    image = uploaded()
    job = take_up(RenditionJob)
    assert job

    work_on(job, Mock(side_effect=[True, False]))

    assert image.preset_renditions.count() == 1
    work_off()
    assert image.preset_renditions.count() == 2
    assert asked.call_count == 2


# What cannot be made


def test_what_cannot_be_made_is_tried_three_times_then_given_up_with_its_reason(
    uploaded, edited, clock, too_much
):
    image = uploaded()

    for wait in (0, 30, 60):
        clock.moment += timedelta(seconds=wait)
        work_off()

    assert state(image) == (
        False,
        "It takes too much memory or time to make smaller, or it is damaged.",
    )
    clock.moment += timedelta(days=9)
    note_gaps()
    work_off()
    edited(image, title="Another")
    work_off()
    assert too_much.call_count == 3
    edited(image, credit="Ada")
    assert state(image) == (True, "")


def test_before_its_time_it_is_not_tried_again(uploaded, clock, too_much):
    uploaded()
    work_off()

    clock.moment += timedelta(seconds=29)
    work_off()
    assert too_much.call_count == 1
    clock.moment += timedelta(seconds=1)
    work_off()
    assert too_much.call_count == 2


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (OSError(28, "No space left on device"), "No space left on device."),
        (RuntimeError("of a library"), "Whoever runs the site finds the reason in its log."),
    ],
    ids=["disk", "elsewhere"],
)
def test_a_storage_that_is_away_is_waited_for(uploaded, clock, monkeypatch, problem, said):
    image = uploaded()
    save = FileSystemStorage.save
    monkeypatch.setattr(FileSystemStorage, "save", Mock(side_effect=problem))
    for _ in range(12):
        work_off()
        clock.moment += jobs.LONGEST_WAIT
    due, told = state(image)

    assert due
    assert told.startswith("Its file cannot be read, or the smaller ones cannot be stored")
    assert told.endswith(said)
    monkeypatch.setattr(FileSystemStorage, "save", save)
    work_off()
    assert state(image) == (False, "")


def test_where_one_file_cannot_be_stored_none_is_left(uploaded, monkeypatch, settings):
    uploaded()
    save = FileSystemStorage.save
    saved: list[str] = []

    def save_until_full(storage: Any, *told: Any) -> str:
        if len(saved) == 2:
            raise OSError(28, "No space left on device")
        saved.append(save(storage, *told))
        return saved[-1]

    monkeypatch.setattr(FileSystemStorage, "save", save_until_full)

    work_off()

    assert list((settings.MEDIA_ROOT / "renditions").rglob("*.*")) == []


# The command


def make_renditions(**options: Any) -> tuple[str, str]:
    output, errors = StringIO(), StringIO()
    call_command("make_renditions", stdout=output, stderr=errors, **options)
    return output.getvalue(), errors.getvalue()


def test_the_command_makes_what_is_missing_and_says_how_far_it_is(db, asked):
    images = [factories.image(), factories.image()]
    RenditionJob.objects.all().delete()

    assert make_renditions() == ("1 of 2 pictures\n2 of 2 pictures\n", "")

    assert all(made_of(image) for image in images)
    assert make_renditions() == ("", "")
    assert asked.call_count == 2


def test_the_command_makes_anew_what_is_lost_if_it_is_to_look(uploaded, asked):
    image = uploaded()
    work_off()
    [kept] = image.preset_renditions.all()
    making.storage().delete(kept.files[-1]["name"])

    assert make_renditions() == ("", "")
    said = make_renditions(check_files=True)

    assert said == ("Files of 1 pictures were not there any more.\n1 of 1 pictures\n", "")
    [again] = image.preset_renditions.all()
    assert all(making.storage().exists(each["name"]) for each in again.files)


def test_the_command_tries_again_what_was_given_up_and_names_what_is_left(
    uploaded, clock, too_much
):
    image = uploaded(title="A chip")
    for _ in range(3):
        work_off()
        clock.moment += jobs.LONGEST_WAIT
    errors = StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("make_renditions", verbosity=0, stderr=errors)

    assert too_much.call_count == 4
    assert str(failure.value) == "1 pictures still lack files: the reasons are above."
    assert errors.getvalue() == (
        f"Picture {image.pk} ('A chip'):"
        " It takes too much memory or time to make smaller, or it is damaged.\n"
    )
