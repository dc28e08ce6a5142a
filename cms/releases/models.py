"""Releases: changes to several objects and addresses that readers see all at once.

While a release is being prepared, its items follow the newest version of their objects. Approving
it fixes them: what was approved is what goes out, whatever is written after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, F, OuterRef, ProtectedError, Q, Subquery, When
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from cms.database.statements import Given, Question
from cms.perspective.changes import Change, Changes, NewRedirect, change_by_publishing
from cms.perspective.objects import base_model, base_type_of
from cms.perspective.perspectives import PUBLISHED_NOW, Perspective
from cms.perspective.redirects import check_link
from cms.perspective.sources import PendingChange
from pages import clock

__all__ = [
    "ITEM_ORDER",
    "ORDER",
    "DueItems",
    "ItemAction",
    "Release",
    "ReleaseItem",
    "ReleaseState",
    "changes_of",
]

# In the place of a content type, for what readers are to see at an address.
ADDRESS = 0

# Of approved releases, as they go live: of two at one moment the younger comes last, and stays.
ORDER = ("go_live_at", "pk")
ITEM_ORDER = (*(f"release__{name}" for name in ORDER), "pk")


class ReleaseState(models.TextChoices):
    OPEN = "open", "being prepared"
    APPROVED = "approved", "approved"
    LIVE = "live", "live"
    CANCELLED = "cancelled", "cancelled"
    REVERTED = "reverted", "reverted"


# In these what is in it is what was approved, and nothing else.
FIXED = (ReleaseState.APPROVED, ReleaseState.LIVE, ReleaseState.REVERTED)


class ItemAction(models.TextChoices):
    PUBLISH = "publish", "publish"
    UNPUBLISH = "unpublish", "unpublish"
    REDIRECT = "redirect", "redirect"


def kept_from_purging(collector, field, items, using) -> None:
    """Revisions go with their object, but are not tidied away one by one.

    Wagtail's ``purge_revisions`` passes over those that are protected.
    """
    if isinstance(getattr(collector, "origin", None), Revision):
        raise ProtectedError("A release needs this revision.", set(items))
    models.SET_NULL(collector, field, items, using)


class ReleaseQuerySet(models.QuerySet):
    def approved(self) -> ReleaseQuerySet:
        return self.filter(state=ReleaseState.APPROVED)

    def handed_to(self, user: Any) -> ReleaseQuerySet:
        """Those that wait for this person to approve them."""
        return self.filter(state=ReleaseState.OPEN, handed_to=user)


class Release(models.Model):
    name = models.CharField(max_length=100, help_text="What is announced: “Spring survey”.")
    note = models.TextField(
        blank=True,
        help_text="For colleagues: what it is about, who has to agree. No reader sees it.",
    )
    go_live_at = models.DateTimeField(
        "goes live",
        null=True,
        blank=True,
        help_text="Leave it empty to decide later, or to publish it at the press of a button.",
    )
    state = models.CharField(
        max_length=10, choices=ReleaseState.choices, default=ReleaseState.OPEN, editable=False
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    # Who is to approve it, while it is being prepared.
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    handed_at = models.DateTimeField(null=True, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        app_label = "publishing"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[ReleaseState.APPROVED, ReleaseState.LIVE])
                | Q(go_live_at__isnull=False),
                name="publishing_release_moment",
            )
        ]
        indexes = [
            models.Index(
                fields=["go_live_at"],
                condition=Q(state="approved"),
                name="publishing_approved_release",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == ReleaseState.OPEN

    @property
    def is_approved(self) -> bool:
        return self.state == ReleaseState.APPROVED

    @property
    def is_due(self) -> bool:
        """Readers see it, and the scheduler has yet to make it permanent."""
        return self.is_approved and self.go_live_at <= clock.now()

    @property
    def has_gone_live(self) -> bool:
        return self.state in (ReleaseState.LIVE, ReleaseState.REVERTED)

    def perspective(self) -> Perspective:
        """The site once this has gone live: at its moment, or now if it has none yet.

        Of one that went live nothing is added to what is published, which may have changed since.
        """
        if self.has_gone_live:
            return PUBLISHED_NOW
        at = self.go_live_at if self.go_live_at and self.go_live_at > clock.now() else None
        return Perspective(at=at, also=Contents(self.pk))


class ReleaseItemQuerySet(models.QuerySet):
    def of_objects(self) -> ReleaseItemQuerySet:
        return self.exclude(action=ItemAction.REDIRECT)

    def of(self, subject: Any) -> ReleaseItemQuerySet:
        return self.of_objects().filter(
            base_content_type=base_type_of(type(subject)), object_id=str(subject.pk)
        )

    def with_newest(self) -> ReleaseItemQuerySet:
        """Each with its object's ``newest_id``, and the ``shown_id`` of what it stands for.

        And ``written_at``, which is when that revision was. Once approved an item stands for
        nothing else than what was approved, be that gone.
        """
        newest = Revision.objects.filter(
            base_content_type=OuterRef("base_content_type"), object_id=OuterRef("object_id")
        ).order_by("-created_at", "-pk")
        newest_at = Subquery(newest.values("created_at")[:1])
        is_fixed = Q(release__state__in=FIXED)
        return self.annotate(newest_id=Subquery(newest.values("pk")[:1])).annotate(
            shown_id=Case(When(is_fixed, then=F("revision_id")), default=F("newest_id")),
            written_at=Case(When(is_fixed, then=F("revision__created_at")), default=newest_at),
        )

    def in_order(self) -> ReleaseItemQuerySet:
        """In the order in which they go live, for ``changes_of``."""
        return self.with_newest().select_related("release").order_by(*ITEM_ORDER)


@dataclass(frozen=True)
class DueItems(Question):
    """What is in the releases that are approved for a moment, or for one before it."""

    def queryset(self):
        due_by = Given("moment", models.DateTimeField())
        releases = Release.objects.approved().filter(go_live_at__lte=due_by)
        return ReleaseItem.objects.filter(release__in=releases).in_order()


def changes_of(
    items: Iterable[ReleaseItem], *, at: datetime | None = None
) -> Iterator[PendingChange]:
    """What readers see of each of some ``in_order``, and since when."""
    for item in items:
        moment = at or item.release.go_live_at
        if item.action == ItemAction.REDIRECT:
            yield moment, *item.as_redirect(moment)
        elif item.action == ItemAction.UNPUBLISH:
            change = Change(
                item.content_type_id, item.object_id, live=False, release_id=item.release_id
            )
            yield moment, item.key, change
        else:
            yield moment, *item.as_change(moment)


@dataclass(frozen=True)
class Contents:
    """What is in a release, as a perspective shows it."""

    release_id: int

    def changes(self, moment: datetime) -> Changes:
        items = ReleaseItem.objects.filter(release=self.release_id).in_order()
        return {
            key: replace(change, may_have_gaps=True) if isinstance(change, Change) else change
            for _, key, change in changes_of(items, at=moment)
            if not change.is_gone
        }


class ReleaseItem(models.Model):
    """A page or snippet that goes live or is taken down, or an address that leads elsewhere."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="items")
    action = models.CharField(max_length=10, choices=ItemAction.choices)

    # Of a page or snippet. Its title outlives it.
    content_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.CASCADE, related_name="+"
    )
    base_content_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.CharField(max_length=255, blank=True)
    title = models.TextField(blank=True)
    # What was approved; nothing before that.
    revision = models.ForeignKey(Revision, null=True, on_delete=kept_from_purging, related_name="+")

    # Of an address.
    old_path = models.CharField("from", max_length=255, blank=True)
    site = models.ForeignKey(
        "wagtailcore.Site", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    redirect_page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    redirect_link = models.CharField(max_length=255, blank=True)
    is_permanent = models.BooleanField(default=True)

    # What was there before it went live, to go back to.
    was_live = models.BooleanField(null=True)
    previous_revision = models.ForeignKey(
        Revision, null=True, on_delete=kept_from_purging, related_name="+"
    )
    previous_redirects = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    objects = ReleaseItemQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "publishing"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "base_content_type", "object_id"],
                condition=~Q(action="redirect"),
                name="publishing_release_object_once",
            ),
            models.CheckConstraint(
                condition=Q(action="redirect", content_type__isnull=True, object_id="")
                | (~Q(action="redirect") & Q(content_type__isnull=False) & ~Q(object_id="")),
                name="publishing_release_item_of_object_or_address",
            ),
        ]

    def __str__(self):
        return self.title or self.old_path

    @property
    def model(self) -> type[models.Model] | None:
        """None for an address, and when the code of the object is gone."""
        return self.content_type and self.content_type.model_class()

    @property
    def is_page(self) -> bool:
        return self.model is not None and issubclass(self.model, Page)

    def subject(self) -> Any | None:
        """The object as its base model is stored now; None when it has been deleted."""
        if self.model is None:
            return None
        return base_model(self.model)._base_manager.filter(pk=self.object_id).first()

    @property
    def key(self) -> tuple[int, str]:
        """Of its object."""
        return self.base_content_type_id, self.object_id

    @property
    def leads_nowhere(self) -> bool:
        """Of a redirect: the page that it was to lead to has been deleted."""
        is_redirect = self.action == ItemAction.REDIRECT
        return is_redirect and not (self.redirect_page_id or self.redirect_link)

    def as_change(self, at: datetime) -> tuple[tuple[int, str], Change]:
        """Of one ``with_newest``."""
        facts = (self.shown_id, self.content_type_id, *self.key, self.written_at)
        key, change = change_by_publishing(*facts, at=at)
        is_gone = self.shown_id is None
        return key, replace(change, release_id=self.release_id, is_gone=is_gone)

    def as_redirect(self, at: datetime) -> tuple[tuple[int, str], NewRedirect]:
        change = NewRedirect(
            self.old_path,
            self.site_id,
            self.redirect_page_id,
            self.redirect_link,
            self.is_permanent,
            at,
            self.release_id,
            is_gone=self.leads_nowhere,
        )
        return (ADDRESS, f"{self.site_id}:{self.old_path}"), change

    def clean(self):
        super().clean()
        if self.action == ItemAction.REDIRECT:
            self.old_path = normalised(self.old_path)
            if bool(self.redirect_page_id) == bool(self.redirect_link):
                raise ValidationError("Choose a page or give an address, one of both.")
            if self.redirect_link:
                self.check_link()

    def check_link(self) -> None:
        try:
            check_link(self.redirect_link)
        except ValidationError as error:
            raise ValidationError({"redirect_link": error}) from error


def normalised(path: str) -> str:
    """The path as Wagtail looks redirects up."""
    if not path.startswith("/") or path.startswith("//") or path.strip("/") == "":
        raise ValidationError({"old_path": "Give a path of this site: /old-news/"})
    try:
        return Redirect.normalise_path(path)
    except ValueError as error:
        raise ValidationError({"old_path": "This is no path a reader can ask for."}) from error
