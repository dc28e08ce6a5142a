"""Preview tokens: who holds one sees the site from another perspective than readers do.

A token is a random key, signed with the site's own secret. Only a digest of the key is kept, so
that nobody who reads the database can use it. It shows what its maker may see, for as long as they
may: see ``makers``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from cms.perspective.makers import NO_PAGE, who_may_see
from cms.perspective.perspectives import DRAFTS, Perspective, published_at
from pages import clock

__all__ = ["LONGEST_LIFE", "PAST_IS_NOT_KEPT", "PreviewToken", "TokenRefused", "usual_expiry"]

SIGNER_SALT = "cms.publishing.preview-token"
PAST_IS_NOT_KEPT = (
    "This moment has passed, and what was public then is not kept: choose one that is to come."
)
USUAL_LIFE = timedelta(days=7)
LONGEST_LIFE = timedelta(days=90)
# A token in use is not written to more often than this.
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TokenRefused(Exception):
    """A token that does not open anything; ``code`` tells programs why. Says nothing of content."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class Sees(models.TextChoices):
    """What a preview token shows."""

    DRAFTS = "drafts", "All drafts, as if they were published"
    MOMENT = "moment", "The site as it will be at a moment"
    RELEASE = "release", "The site once a release has gone live"


def usual_expiry():
    return clock.now() + USUAL_LIFE


class PreviewTokenQuerySet(models.QuerySet):
    def with_rights(self) -> PreviewTokenQuerySet:
        """Each with ``maker_may``: whether its maker may see all that it shows, at this moment."""
        place = Coalesce(OuterRef("page__path"), Value(NO_PAGE))
        makers = who_may_see(release=OuterRef("release"), place=place)
        return self.annotate(maker_may=Exists(makers.filter(pk=OuterRef("created_by"))))

    def issue(self, **fields) -> tuple[PreviewToken, str]:
        """A new token and its text, which is not kept: it cannot be shown again."""
        token = self.model(**fields)
        text = token.make_text()
        token.full_clean()
        token.save()
        return token, text

    def presented(self, text: str) -> PreviewToken:
        """The valid token of a text. Raises ``TokenRefused``."""
        try:
            key = Signer(salt=SIGNER_SALT).unsign(text)
        except BadSignature as error:
            raise refused() from error
        known = self.with_rights().select_related("release")
        token = known.filter(digest=digest_of(key)).first()
        if token is None:
            raise refused()
        if token.revoked_at:
            raise TokenRefused(
                "TOKEN_REVOKED", "This preview token was revoked: ask an editor for another."
            )
        if token.expires_at <= clock.now():
            raise TokenRefused(
                "TOKEN_EXPIRED", "This preview token has expired: ask an editor for another."
            )
        if not token.maker_may:
            raise TokenRefused(
                "TOKEN_ENDED",
                "Who made this preview token may not see all that it shows: ask an editor for"
                " another.",
            )
        if token.moment_has_passed:
            raise TokenRefused(
                "MOMENT_PASSED",
                "This preview token shows the site at a moment that has passed, and what was public"
                " then is not kept: ask an editor for another.",
            )
        return token


def refused() -> TokenRefused:
    return TokenRefused(
        "TOKEN_INVALID", "This is not a preview token of this site: copy it as a whole."
    )


def digest_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()


class PreviewToken(models.Model):
    """Lets a frontend show what readers do not see yet."""

    name = models.CharField(
        max_length=100, help_text="Whom or what it is for: “Staging site”, “Board, June news”."
    )
    sees = models.CharField(
        "shows", max_length=10, choices=Sees.choices, default=Sees.DRAFTS, help_text="What is seen."
    )
    moment = models.DateTimeField(
        null=True, blank=True, help_text="When it shows the site at a moment: at which."
    )
    release = models.ForeignKey(
        "publishing.Release",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="When it shows the site with a release: which.",
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Only this page is shown so, all else as readers see it. Empty: everything.",
    )
    expires_at = models.DateTimeField(
        "valid until", default=usual_expiry, help_text="90 days from now at most."
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("made", default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="made by",
    )
    last_used_at = models.DateTimeField("last used", null=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, editable=False)

    objects = PreviewTokenQuerySet.as_manager()

    # Of those ``with_rights``.
    maker_may: bool

    class Meta:
        app_label = "publishing"
        ordering = ["-created_at", "-pk"]
        verbose_name = "preview token"
        constraints = [
            models.CheckConstraint(
                condition=Q(sees="moment", moment__isnull=False)
                | (~Q(sees="moment") & Q(moment__isnull=True)),
                name="publishing_token_moment",
                violation_error_message="Give a moment to show the site at a moment, only then.",
            ),
            models.CheckConstraint(
                condition=Q(sees="release", release__isnull=False)
                | (~Q(sees="release") & Q(release__isnull=True)),
                name="publishing_token_release",
                violation_error_message="Choose a release to show the site with it, only then.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self._state.adding:
            problems = dict(self.problems_of_times())
            if problems:
                raise ValidationError(problems)
            self.check_maker()

    def problems_of_times(self) -> Iterator[tuple[str, str]]:
        if self.moment_has_passed:
            yield "moment", PAST_IS_NOT_KEPT
        if self.expires_at and self.expires_at <= clock.now():
            yield "expires_at", "This moment has passed: choose a later one."
        if self.expires_at and self.expires_at > clock.now() + LONGEST_LIFE:
            yield "expires_at", "Choose a moment within the next 90 days."

    def check_maker(self) -> None:
        place = Value(self.page.path if self.page else NO_PAGE)
        makers = who_may_see(release=Value(self.release_id), place=place)
        if makers.filter(pk=self.created_by_id).exists():
            return
        if self.page:
            raise ValidationError({"page": "Choose a page that the token's maker may edit."})
        raise ValidationError(
            "This shows more than the token's maker may see. Choose a page that they may edit."
        )

    @property
    def moment_has_passed(self) -> bool:
        return self.moment is not None and self.moment < clock.now()

    def make_text(self) -> str:
        key = secrets.token_urlsafe(32)
        self.digest = digest_of(key)
        return Signer(salt=SIGNER_SALT).sign(key)

    @property
    def state(self) -> str:
        """Of one ``with_rights``."""
        if self.revoked_at:
            return "revoked"
        if self.expires_at <= clock.now():
            return "expired"
        if not self.maker_may:
            return "ended: its maker may not see all of it"
        return "ended: its moment has passed" if self.moment_has_passed else "valid"

    def perspective(self) -> Perspective:
        return replace(self.of_everything(), page_id=self.page_id)

    def of_everything(self) -> Perspective:
        """Raises ``ValueError`` for a kind there is not, rather than to show all drafts."""
        sees = Sees(self.sees)
        if sees == Sees.RELEASE:
            return self.release.perspective()
        return published_at(self.moment) if sees == Sees.MOMENT else DRAFTS

    def revoke(self) -> None:
        self.revoked_at = self.revoked_at or clock.now()
        self.save(update_fields=["revoked_at"])

    def note_use(self) -> None:
        now = clock.now()
        if self.last_used_at is None or now - self.last_used_at >= USE_IS_NOTED_EVERY:
            PreviewToken.objects.filter(pk=self.pk).update(last_used_at=now)
