"""What readers see in the place of published versions: one change for each object or address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "FACTS",
    "Change",
    "Changes",
    "NewRedirect",
    "change_by_publishing",
]


@dataclass(frozen=True)
class Change:
    """What readers are to see of one object in the place of its published version.

    Without a revision the object is as it is published, but for whether it is live; if that is not
    said either, then but for whether it has expired.
    """

    content_type_id: int
    object_id: str
    live: bool | None = True
    revision_id: int | None = None
    # Wagtail can overwrite a revision while it is being written, and then changes this moment.
    written_at: datetime | None = None
    first_published_at: datetime | None = None
    published_at: datetime | None = None
    expires: bool = True
    # By when it must not have expired to be seen, if not by the moment of the answer.
    outlasts: datetime | None = None
    # Of a draft: what the API promises may be missing.
    may_have_gaps: bool = False
    # Of a version that was approved and is not there any more: nothing may be seen in its place.
    is_gone: bool = False
    # Changes with the same one, a release, are shown all or none.
    release_id: int | None = None
    # What is seen if this cannot be shown, where it is not what is published.
    before: Change | NewRedirect | None = None


@dataclass(frozen=True)
class NewRedirect:
    """A redirect that readers meet, and nobody has written yet; without a site it is of all."""

    old_path: str
    site_id: int | None
    page_id: int | None
    link: str
    is_permanent: bool
    at: datetime
    release_id: int | None = None
    # It leads nowhere: the page is gone that it led to when it was approved.
    is_gone: bool = False
    before: Change | NewRedirect | None = None


# By the object's base content type and key, or by the address.
Changes = dict[tuple[int, str], Change | NewRedirect]

# Of a revision, in the order of the arguments of ``change_by_publishing``.
FACTS = ("pk", "content_type_id", "base_content_type_id", "object_id", "created_at")


def change_by_publishing(
    revision_id: int,
    content_type_id: int,
    base_content_type_id: int,
    object_id: str,
    created_at: datetime,
    *,
    at: datetime,
) -> tuple[tuple[int, str], Change]:
    """The change that publishing a revision at a moment makes, and to which object."""
    change = Change(
        content_type_id,
        object_id,
        revision_id=revision_id,
        written_at=created_at,
        first_published_at=at,
        published_at=at,
    )
    return (base_content_type_id, object_id), change
