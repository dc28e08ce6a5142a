"""Which pictures have files to be made, and who makes them.

What is to be done follows from the pictures and the settings, so nothing of it can be lost: a job
that is taken up is due again a little later, should its worker end, and whatever changed a picture
past the signals, or the settings, is found by ``note_gaps``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from cms.outbox.recording import record_users_of
from cms.renditions.models import RenditionJob
from cms.scheduling.backoff import backoff
from cms.worker.lease import held_by, hold, take_up
from media.models import Image, PresetRendition
from media.renditions.making import CannotBeMade, made_of, make, missing_presets, storage
from media.renditions.presets import presets
from pages import clock

__all__ = [
    "do_next",
    "forget_lost_files",
    "note",
    "note_gaps",
    "try_again",
    "waiting",
    "work_on",
]

logger = logging.getLogger(__name__)

FIRST_ATTEMPT_AFTER = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# Of a picture that takes too much; a storage that is away is waited for.
MOST_ATTEMPTS = 3
BATCH_SIZE = 500
NOT_STORED = "Its file cannot be read, or the smaller ones cannot be stored"


def all_made_of(image: Image) -> str:
    """What the files of all presets depend on."""
    each = "".join(made_of(image, preset) for preset in presets().values())
    return sha256(each.encode()).hexdigest()


# What is to be done


def note(image: Image) -> None:
    """In the transaction that saves a picture: its files are wanted, unless they are made."""
    now = clock.now()
    job, is_new = RenditionJob.objects.get_or_create(
        image_id=image.pk, defaults={"due_at": now, "wanted_at": now}
    )
    waits = job.due_at is not None and job.due_at <= now and not job.problem
    if not is_new and not waits and job.made_of != all_made_of(image):
        want([job.pk])


def want(keys: list[int]) -> None:
    now = clock.now()
    jobs = RenditionJob.objects.filter(pk__in=keys)
    jobs.filter(wanted_at=None).update(wanted_at=now)
    jobs.update(due_at=now, attempts=0, problem="")


def note_gaps(*, failed_too: bool = False) -> None:
    """Have made what is missing of all pictures.

    One that was given up is left alone, as long as it and the settings are as they were; unless
    those that failed are to be tried again, too.
    """
    images = Image.objects.order_by("pk").select_related("rendition_job")
    for some in in_batches(images):
        new = [image for image in some if not hasattr(image, "rendition_job")]
        now = clock.now()
        RenditionJob.objects.bulk_create(
            [RenditionJob(image=image, due_at=now, wanted_at=now) for image in new],
            ignore_conflicts=True,
        )
        want([image.pk for image in some if image not in new and has_gap(image, failed_too)])


def has_gap(image: Image, failed_too: bool) -> bool:
    job = image.rendition_job
    if job.problem:
        return failed_too
    return job.due_at is None and job.made_of != all_made_of(image)


def forget_lost_files() -> int:
    """Have made anew what is not in the storage any more; how many pictures that concerns."""
    found = set()
    for kept in PresetRendition.objects.order_by("pk").iterator():
        if not all(storage().exists(each["name"]) for each in kept.files):
            kept.delete()
            found.add(kept.image_id)
    RenditionJob.objects.filter(pk__in=found).update(made_of="")
    return len(found)


def waiting() -> QuerySet[RenditionJob]:
    """Those whose files are not all there, whether they are tried again or were given up."""
    return RenditionJob.objects.exclude(due_at=None, problem="")


def in_batches(images: QuerySet[Image]) -> Iterator[list[Image]]:
    """The next are asked for once these are seen to, with what has changed meanwhile."""
    last = 0
    while some := list(images.filter(pk__gt=last)[:BATCH_SIZE]):
        yield some
        last = some[-1].pk


def try_again(key: int) -> None:
    """Make all files of a picture anew, at someone's wish."""
    with transaction.atomic():
        RenditionJob.objects.filter(pk=key).update(made_of="")
        want([key])


# Doing it


def do_next(should_continue: Callable[[], bool] = lambda: True) -> bool:
    """The job that is due the longest, if any is."""
    job = take_up(RenditionJob)
    if job is None:
        return False
    logger.info("Making the files of picture %s.", job.pk)
    work_on(job, should_continue)
    return True


def work_on(job: RenditionJob, should_continue: Callable[[], bool] = lambda: True) -> None:
    """Make what is missing, preset by preset. Raises errors of the database alone."""
    image = Image.objects.filter(pk=job.pk).first()
    if image is None:
        return
    try:
        for preset in missing_presets(image):
            if not should_continue():
                # For whoever comes next, at once.
                held_by(job).update(due_at=clock.now())
                return
            make(image, preset)
            if not hold(job):
                return
    except CannotBeMade as problem:
        fail(job, image, str(problem), gives_up=job.attempts + 1 >= MOST_ATTEMPTS)
    except OSError as problem:
        fail(job, image, f"{NOT_STORED}: {problem.strerror or problem}.")
    except DatabaseError:
        raise
    except Exception:
        # Of a storage elsewhere, for instance.
        logger.exception("What a storage raised")
        fail(job, image, f"{NOT_STORED}. Whoever runs the site finds the reason in its log.")
    else:
        finish(job, image)


@transaction.atomic
def finish(job: RenditionJob, image: Image) -> None:
    # Unless it was saved meanwhile, which has made it due.
    held_by(job).update(
        made_of=all_made_of(image), due_at=None, wanted_at=None, attempts=0, problem=""
    )
    record_users_of(Image, [image.pk])


@transaction.atomic
def fail(job: RenditionJob, image: Image, problem: str, *, gives_up: bool = False) -> None:
    """Those presets that are made stay."""
    logger.warning("The files of picture %s could not all be made: %s", image.pk, problem)
    attempts = job.attempts + 1
    wait = backoff(attempts, first=FIRST_ATTEMPT_AFTER, longest=LONGEST_WAIT)
    held_by(job).update(
        problem=problem,
        attempts=attempts,
        due_at=None if gives_up else clock.now() + wait,
        # So that it is taken up once it has changed, and not before.
        made_of=all_made_of(image) if gives_up else "",
    )
    record_users_of(Image, [image.pk])
