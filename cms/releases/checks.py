"""What keeps a release from being approved, each problem in a sentence that says what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import DraftStateMixin, Page, ReferenceIndex, Revision

from cms.admin.permissions import may_publish
from cms.admin.times.time_zones import local_moment
from cms.database.overlay import Overlay
from cms.perspective.address_plans import SlugChange, approved_slug_changes, clashes
from cms.perspective.objects import base_type_of
from cms.perspective.projection import projection_of
from cms.perspective.readable import NotReadable, check_readable, reading
from cms.perspective.redirects import paths_followed
from cms.perspective.visibility import unrestricted, visible
from cms.releases.kind import release_in_words
from cms.releases.models import ItemAction, Release, ReleaseItem
from cms.scheduling.addresses.taken import in_words
from pages.lifecycle.checks import NotPublishable
from pages.site_roots import site_roots

__all__ = ["Check", "Problem", "has_rights", "may_publish_all", "problems_of"]

# Of an object: its base content type, and its key as text.
Key = tuple[int, str]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and with which item if with one."""

    text: str
    item: ReleaseItem | None = None


def problems_of(release: Release, user: AbstractBaseUser) -> list[Problem]:
    """All that keeps this person from approving a release as it stands."""
    check = Check(release, user)
    if not check.items:
        return [
            Problem(
                "There is nothing in it yet. Add pages, people or organisations from their screens."
            )
        ]
    return [
        *check.deleted(),
        *check.not_allowed(),
        *check.waiting_for_approval(),
        *check.incomplete(),
        *check.links_to_hidden(),
        *check.links_to_removed(),
        *check.left_beneath(),
        *check.beneath_hidden(),
        *check.addresses(),
        *check.redirects(),
        *check.conflicts(),
    ]


def may_publish_all(user: AbstractBaseUser, release: Release) -> bool:
    """Whether someone may decide when a release goes live, and whether."""
    check = Check(release, user)
    return bool(check.items) and not any(check.not_allowed())


def has_rights(user: AbstractBaseUser, release: Release) -> bool:
    """As ``may_publish_all``, also while something in it is locked, or nothing is in it yet."""
    return not any(Check(release, user).lacking_rights())


class Check:
    """One look at a release; what several checks need is read once."""

    def __init__(self, release: Release, user: AbstractBaseUser):
        self.release = release
        self.user = user
        self.items = list(
            release.items.with_newest().select_related("content_type", "redirect_page")
        )
        self.of_objects = [item for item in self.items if item.action != ItemAction.REDIRECT]
        self.perspective = release.perspective()
        self.moment = self.perspective.moment()
        # Of items by their key, what is known once ``versions`` is.
        self.spoilt: dict[int, NotReadable] = {}

    def of(self, action: Any) -> list[ReleaseItem]:
        return [item for item in self.items if item.action == action]

    @cached_property
    def subjects(self) -> dict[int, Any]:
        """The objects by their item's key, read type by type; those deleted are missing."""
        keys: dict[type[Model], list[str]] = defaultdict(list)
        for item in self.of_objects:
            if item.model:
                keys[item.model].append(item.object_id)
        found = {
            (base_type_of(model), str(made.pk)): made
            for model, own in keys.items()
            for made in model._base_manager.filter(pk__in=own)
        }
        return {item.pk: found[item.key] for item in self.of_objects if item.key in found}

    @cached_property
    def versions(self) -> dict[int, Any]:
        """What each item publishes, by its key."""
        shown = [item.shown_id for item in self.of(ItemAction.PUBLISH)]
        revisions = Revision.objects.in_bulk(shown)
        found = {}
        for item in self.of(ItemAction.PUBLISH):
            if item.shown_id in revisions and item.pk in self.subjects:
                try:
                    found[item.pk] = version_of(revisions[item.shown_id])
                except NotReadable as error:
                    self.spoilt[item.pk] = error
        return found

    @cached_property
    def future(self) -> Overlay:
        """What is read with it in force is as published once the release has gone live."""
        return projection_of(self.perspective.changes(self.moment)).overlay

    # What each item is

    def deleted(self) -> Iterator[Problem]:
        for item in self.of_objects:
            if item.pk not in self.subjects:
                yield Problem(f"“{item.title}” has been deleted. Take it out.", item)
            elif item.pk not in self.versions and item.pk in self.spoilt:
                [message] = self.spoilt[item.pk].messages
                yield Problem(f"“{item.title}”: {message}", item)
            elif item.action == ItemAction.PUBLISH and item.pk not in self.versions:
                yield Problem(f"“{item.title}” has no version to publish. Save it once.", item)
        for item in self.items:
            if item.leads_nowhere:
                yield Problem(
                    f"The page that {item.old_path} leads to has been deleted. Take the redirect"
                    " out.",
                    item,
                )

    def not_allowed(self) -> Iterator[Problem]:
        yield from self.lacking_rights()
        for item in self.of_objects:
            subject: Any = self.subjects.get(item.pk)
            lock = subject.get_lock() if hasattr(subject, "get_lock") else None
            if lock is not None and lock.for_user(self.user):
                yield Problem(f"“{item.title}” is locked. Have it unlocked first.", item)

    def lacking_rights(self) -> Iterator[Problem]:
        for item in self.of_objects:
            subject = self.subjects.get(item.pk)
            if subject is not None and not may_publish(self.user, subject):
                yield Problem(
                    f"You may not {item.action} “{item.title}”: hand it to someone who may.",
                    item,
                )
        redirects = self.of(ItemAction.REDIRECT)
        if redirects and not self.user.has_perm("wagtailredirects.add_redirect"):
            yield Problem("You may not add redirects: hand it to someone who may.")

    def waiting_for_approval(self) -> Iterator[Problem]:
        for item in self.of(ItemAction.PUBLISH):
            state = getattr(self.subjects.get(item.pk), "current_workflow_state", None)
            if state is None:
                continue
            if state.status == state.STATUS_NEEDS_CHANGES:
                yield Problem(f"“{item.title}” was sent back for changes. Settle that first.", item)
            else:
                yield Problem(f"“{item.title}” still waits to be approved by itself.", item)

    def incomplete(self) -> Iterator[Problem]:
        for item in self.of(ItemAction.PUBLISH):
            version = self.versions.get(item.pk)
            if version is None:
                continue
            version.address_is_planned = True  # See ``addresses``.
            try:
                version.check_publishable()
            except NotPublishable as error:
                for line in error.lines():
                    yield Problem(f"“{item.title}” is not complete. {line}", item)
            if version.expire_at and version.expire_at <= self.moment:
                yield Problem(f"“{item.title}” would have expired already. Change that date.", item)

    # What links where

    def links_to_hidden(self) -> Iterator[Problem]:
        """From what the release publishes, to what readers will not see then."""
        links = {
            item: set(references_of(self.versions[item.pk]))
            for item in self.of(ItemAction.PUBLISH)
            if item.pk in self.versions
        }
        for item in self.of(ItemAction.REDIRECT):
            if item.redirect_page_id:
                links[item] = {(base_type_of(Page), str(item.redirect_page_id))}
        hidden = self.hidden({target for targets in links.values() for target in targets})
        for item, targets in links.items():
            for target in sorted(targets & hidden.keys()):
                yield Problem(
                    f"“{item}” links to “{hidden[target]}”, which readers will not see then."
                    " Add that to the release, or take the link out.",
                    item,
                )

    def hidden(self, targets: set[Key]) -> dict[Key, str]:
        """Those of some objects that readers will not see, with their titles."""
        found = {}
        for model, own in by_model(targets).items():
            if not issubclass(model, DraftStateMixin):
                continue  # Its collection alone hides it, and no release changes that.
            with self.future.in_force():
                seen = visible(model._base_manager.filter(pk__in=own), at=self.moment)
                visible_keys = {str(key) for key in seen.values_list("pk", flat=True)}
            rest = model._base_manager.filter(pk__in=own - visible_keys)
            for made in rest:
                found[base_type_of(model), str(made.pk)] = str(made)
        return found

    def links_to_removed(self) -> Iterator[Problem]:
        """From what stays published to what the release takes down."""
        removed = {item.key: item for item in self.of(ItemAction.UNPUBLISH)}
        if not removed:
            return
        ours = {item.key for item in self.of_objects}
        wanted = Q(pk__in=[])
        for content_type_id, object_id in removed:
            wanted |= Q(to_content_type=content_type_id, to_object_id=object_id)
        rows = ReferenceIndex.objects.filter(wanted).values_list(
            "base_content_type", "object_id", "to_content_type", "to_object_id"
        )
        links = {(row[:2], row[2:]) for row in rows if row[:2] not in ours}
        titles = self.seen({source for source, _ in links})
        for source, target in sorted(links):
            if source in titles:
                yield Problem(
                    f"“{titles[source]}” links to “{removed[target]}”, which this release"
                    " unpublishes. Change the link first, or add that change to the release.",
                    removed[target],
                )

    def seen(self, objects: Iterable[Key]) -> dict[Key, str]:
        """Those of some objects that readers see, with their titles.

        The admin's own, such as preview tokens and promoted results, refer to content too.
        """
        found = {}
        for model, own in by_model(objects).items():
            if not issubclass(model, DraftStateMixin):
                continue
            with self.future.in_force():
                for made in visible(model._base_manager.filter(pk__in=own), at=self.moment):
                    found[base_type_of(model), str(made.pk)] = str(made)
        return found

    def left_beneath(self) -> Iterator[Problem]:
        """Pages that stay published under one that is taken down."""
        for item in self.of(ItemAction.UNPUBLISH):
            subject = self.subjects.get(item.pk)
            if not isinstance(subject, Page):
                continue
            with self.future.in_force():
                left = visible(beneath(subject), at=self.moment).first()
            if left:
                yield Problem(
                    f"“{left.title}” stands beneath “{item.title}” and would stay published."
                    " Unpublish it with this release as well.",
                    item,
                )

    def beneath_hidden(self) -> Iterator[Problem]:
        """Pages that are published under one that readers will not see: nothing leads to them."""
        paths = {
            subject.path[:end]: item
            for item in self.of(ItemAction.PUBLISH)
            if isinstance(subject := self.subjects.get(item.pk), Page)
            for end in range(Page.steplen, len(subject.path), Page.steplen)
        }
        above = Page._base_manager.filter(path__in=paths)
        with self.future.in_force():
            seen = set(visible(above, at=self.moment).values_list("path", flat=True))
        for page in unrestricted(above.exclude(path__in=seen)).order_by("path"):
            item = paths[page.path]
            yield Problem(
                f"“{item.title}” stands beneath “{page.specific.get_admin_display_title()}”, which"
                " readers will not see then. Add that to the release, or take this out.",
                item,
            )

    def addresses(self) -> Iterator[Problem]:
        """Pages that are to have the address that another has then, or is to take later."""
        pages = {
            item: subject
            for item in self.of_objects
            if isinstance(subject := self.subjects.get(item.pk), Page)
        }
        others = approved_slug_changes(but_of_release=self.release.pk)
        changes = sorted([*others, *self.slug_changes(pages)], key=lambda change: change.moment)
        keys = {page.pk: item for item, page in pages.items()}
        for parent in {page.get_parent() for page in pages.values()} - {None}:
            for clash in clashes(parent, changes, set(keys)):
                item = keys.get(clash.page_id) or keys[clash.holder_id]
                yield Problem(in_words(pages[item], clash, changes), item)

    def slug_changes(self, pages: dict[ReleaseItem, Page]) -> Iterator[SlugChange]:
        for item, page in pages.items():
            version = self.versions.get(item.pk)
            if version is not None or item.action == ItemAction.UNPUBLISH:
                group = ("release", self.release.pk)
                yield SlugChange(self.moment, group, page.pk, version and version.slug)

    def redirects(self) -> Iterator[Problem]:
        for item in self.of(ItemAction.REDIRECT):
            with self.future.in_force():
                taken = self.page_at(item)
            if taken is not None:
                yield Problem(
                    f"“{taken.title}” will be published at {item.old_path}, so that nobody would be"
                    " redirected from there. Take the redirect out, or unpublish the page.",
                    item,
                )
            for other in self.same_redirects(item):
                yield Problem(
                    f"{item.old_path} is also redirected by {release_in_words(other.release)}, at"
                    " the same moment. Take it out of one of them.",
                    item,
                )
            if self.leads_back(item):
                yield Problem(f"{item.old_path} would be redirected in a circle.", item)

    def same_redirects(self, item: ReleaseItem) -> QuerySet:
        others = ReleaseItem.objects.filter(
            action=ItemAction.REDIRECT,
            old_path=item.old_path,
            release__in=Release.objects.approved().filter(go_live_at=self.moment),
        ).exclude(release=self.release)
        if item.site_id is not None:
            others = others.filter(Q(site=None) | Q(site=item.site_id))
        return others.select_related("release")

    def page_at(self, item: ReleaseItem) -> Page | None:
        addresses = {
            root.url_path_of(item.old_path)
            for root in site_roots()
            if item.site_id in {None, root.site_id}
        }
        at_one = Page._base_manager.filter(url_path__in=filter(None, addresses))
        return visible(at_one, at=self.moment).first()

    @cached_property
    def links(self) -> dict[str, str]:
        """Where paths lead to an address, by redirects that are there and those in it."""
        made = [*Redirect.objects.exclude(redirect_link=""), *self.of(ItemAction.REDIRECT)]
        return {each.old_path: each.redirect_link for each in made}

    def leads_back(self, item: ReleaseItem) -> bool:
        followed = list(paths_followed(item.old_path, self.links.get))
        return len(followed) > len(set(followed))

    # What else is planned

    def conflicts(self) -> Iterator[Problem]:
        """With what else is approved: whatever goes live later must have been written later."""
        for item in self.of_objects:
            own = DatedAction(item.action, self.moment, item.written_at)
            for other, name in self.other_plans[item.key]:
                if own.conflicts_with(other):
                    yield Problem(
                        f"“{item.title}” is also part of {name}, and one would undo the other."
                        " Take it out of one of them.",
                        item,
                    )

    @cached_property
    def other_plans(self) -> dict[Key, list[tuple[DatedAction, str]]]:
        """What else is approved of the objects in it, and where; read for all of them at once."""
        of_ours = Q(object_id__in=[item.object_id for item in self.of_objects])
        plans: dict[Key, list[tuple[DatedAction, str]]] = defaultdict(list)
        items = ReleaseItem.objects.of_objects().filter(
            of_ours, release__in=Release.objects.approved()
        )
        others = items.exclude(release=self.release).select_related("release", "revision")
        for other in others.defer("revision__content"):
            written_at = other.revision and other.revision.created_at
            plan = DatedAction(other.action, other.release.go_live_at, written_at)
            plans[other.key].append((plan, release_in_words(other.release)))
        scheduled = Revision.objects.filter(of_ours, approved_go_live_at__isnull=False)
        for *key, at, written_at in scheduled.values_list(
            "base_content_type", "object_id", "approved_go_live_at", "created_at"
        ):
            plan = DatedAction(ItemAction.PUBLISH, at, written_at)
            plans[key[0], key[1]].append((plan, f"what is scheduled for {local_moment(at)}"))
        return plans


@dataclass(frozen=True)
class DatedAction:
    """What is to become of an object, when, and when its new version was written."""

    action: Any
    at: datetime
    written_at: datetime | None

    def conflicts_with(self, other: DatedAction) -> bool:
        if self.action != other.action or self.at == other.at:
            return True
        if self.written_at is None or other.written_at is None:
            return True
        return (self.at < other.at) != (self.written_at < other.written_at)


def version_of(revision: Revision) -> Any:
    """What a revision publishes. Raises ``NotReadable``."""
    with reading(revision.content_type.model_class(), revision.content):
        version = revision.as_object()
    check_readable(version, may_have_gaps=True)
    return version


def by_model(objects: Iterable[Key]) -> dict[type[Model], set[str]]:
    """The keys of some objects by their model, but for those whose code is gone."""
    keys: dict[type[Model], set[str]] = defaultdict(set)
    for content_type_id, key in objects:
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None:
            keys[model].add(key)
    return keys


def beneath(page: Page) -> Any:
    return Page._base_manager.filter(path__startswith=page.path, depth__gt=page.depth)


def references_of(version: Any) -> Iterator[Key]:
    """What a version refers to, in fields, blocks, texts and rows."""
    # Wagtail's own reader of references; what it has stored is of the latest version.
    for content_type_id, key, *_ in ReferenceIndex._extract_references_from_object(version):
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None:
            yield base_type_of(model), str(key)
