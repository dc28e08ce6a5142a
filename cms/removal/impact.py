"""What readers lose when something is unpublished or deleted: links to it, and what stands beneath.

Asked before it happens, from Wagtail's index of references, in as many statements as there are
kinds of content, however many objects and links there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.blocks import RichTextBlock
from wagtail.contrib.redirects.models import Redirect
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, Page, ReferenceIndex

from cms.admin.subjects import keys_of
from cms.perspective.objects import base_model, base_type_of
from cms.perspective.visibility import visible
from cms.releases.models import Release, ReleaseItem
from cms.removal.naming import settings_naming
from cms.scheduling.kinds import PlannedPublication
from cms.scheduling.takedown import plans_for
from cms.search.models import PromotedTerm
from cms.submissions.models import Submission
from pages import clock

__all__ = ["Impact", "at_or_beneath", "impact_of", "plans_of"]

SHOWN = 10


@dataclass(frozen=True)
class Source:
    """Something published that links to what goes."""

    title: str
    kind: str
    edit_url: str
    in_text: bool
    chosen: bool
    # Only to pages beneath, which stay unless they go as well.
    only_beneath: bool


@dataclass(frozen=True)
class Impact:
    """Of unpublishing or deleting objects of one model; lists hold the first few, counts all."""

    sources: list[Source]
    source_count: int
    beneath: list[Page]
    beneath_count: int
    scheduled: list[PlannedPublication]
    scheduled_count: int
    # What readers see by the clock, and is not permanent yet.
    due: list[PlannedPublication]
    releases: list[str]
    # Redirects that lead to what goes.
    redirect_count: int
    # Words for which it goes first where readers search.
    promoted_for: list[str]
    # What readers answered to forms, which is deleted along with them.
    answer_count: int

    @property
    def more_sources(self) -> int:
        return self.source_count - len(self.sources)

    @property
    def more_beneath(self) -> int:
        return self.beneath_count - len(self.beneath)

    @property
    def more_scheduled(self) -> int:
        return self.scheduled_count - len(self.scheduled)

    @property
    def is_nothing(self) -> bool:
        return not (
            self.source_count
            or self.beneath_count
            or self.scheduled_count
            or self.due
            or self.releases
            or self.redirect_count
            or self.promoted_for
            or self.answer_count
        )


def impact_of(objects: Iterable[Any], user: AbstractBaseUser) -> Impact | None:
    """Of what has no drafts nothing is said: readers never see it by itself."""
    subjects = [subject for subject in objects if isinstance(subject, DraftStateMixin)]
    if not subjects:
        return None
    return Removal(subjects, user).impact()


def plans_of(subjects: Iterable[Any]) -> list[PlannedPublication]:
    """What was approved to publish of objects of one model, and of what stands beneath them."""
    objects = list(subjects)
    if not objects or not isinstance(objects[0], DraftStateMixin):
        return []
    everything = at_or_beneath(objects)
    return plans_for(
        Q(base_content_type=base_type_of(everything.model), object_id__in=keys_of(everything))
    )


def at_or_beneath(subjects: list[Any]) -> QuerySet:
    model = base_model(type(subjects[0]))
    if model is not Page:
        return model._base_manager.filter(pk__in=[subject.pk for subject in subjects])
    beneath = Q(pk__in=[])
    for page in subjects:
        beneath |= Q(path__startswith=page.path)
    return Page.objects.filter(beneath)


class Removal:
    """Objects that are to go, all pages or all of one kind of snippet."""

    def __init__(self, subjects: list[Any], user: AbstractBaseUser):
        self.finder = AdminURLFinder(user)
        self.model = base_model(type(subjects[0]))
        self.type = base_type_of(self.model)
        self.own_keys = {str(subject.pk) for subject in subjects}
        self.everything = at_or_beneath(subjects)
        self.plans = plans_of(subjects)

    def impact(self) -> Impact:
        beneath = self.beneath()
        scheduled = [plan for plan in self.plans if not plan.is_due and not plan.within]
        settings = self.settings()
        sources, source_count = self.sources()
        return Impact(
            sources=(settings + sources)[:SHOWN],
            source_count=source_count + len(settings),
            beneath=list(beneath[:SHOWN]),
            beneath_count=beneath.count(),
            scheduled=scheduled[:SHOWN],
            scheduled_count=len(scheduled),
            due=[plan for plan in self.plans if plan.is_due][:SHOWN],
            releases=self.releases(),
            redirect_count=self.redirect_count(),
            promoted_for=self.promoted_for(),
            answer_count=self.answer_count(),
        )

    def beneath(self) -> QuerySet:
        if self.model is not Page:
            return Page.objects.none()
        return self.everything.filter(live=True).exclude(pk__in=self.own_keys).order_by("path")

    def releases(self) -> list[str]:
        concerned = Q(base_content_type=self.type, object_id__in=keys_of(self.everything))
        if self.model is Page:
            # A redirect to a page goes with it, also out of a release.
            concerned |= Q(redirect_page__in=self.everything)
        items = ReleaseItem.objects.filter(concerned, release__in=Release.objects.approved())
        names = items.order_by("release__name").values_list("release__name", flat=True)
        return list(dict.fromkeys(names))

    def redirect_count(self) -> int:
        if self.model is not Page:
            return 0
        return Redirect.objects.filter(redirect_page__in=self.everything).count()

    def promoted_for(self) -> list[str]:
        if self.model is not Page:
            return []
        terms = PromotedTerm.objects.filter(results__page__in=self.everything)
        return list(terms.order_by("term").values_list("term", flat=True).distinct())

    def answer_count(self) -> int:
        if self.model is not Page:
            return 0
        return Submission.objects.filter(page__in=self.everything).count()

    # Links

    def references(self) -> QuerySet:
        return ReferenceIndex.objects.filter(
            to_content_type=self.type, to_object_id__in=keys_of(self.everything)
        )

    def settings(self) -> list[Source]:
        """The site's settings, such as its navigation, which Wagtail does not index."""
        found = list(settings_naming(self.model))
        chosen = set().union(*(named for _row, named in found))
        going = self.everything.filter(pk__in=chosen).values_list("pk", flat=True)
        keys = {str(key) for key in going}
        return [
            self.source(row, in_text=False, chosen=True, to=named & keys)
            for row, named in found
            if named & keys
        ]

    def sources(self) -> tuple[list[Source], int]:
        """The first that readers see, by title, and how many there are."""
        found: list[Any] = []
        count = 0
        for model in self.kinds_of_sources():
            published = self.published(model)
            count += published.count()
            if len(found) < SHOWN:
                found += published[: SHOWN - len(found)]
        return self.described(found), count

    def kinds_of_sources(self) -> list[type[Model]]:
        types = self.references().order_by().values_list("base_content_type", flat=True).distinct()
        models = [ContentType.objects.get_for_id(key).model_class() for key in types]
        # The admin's own bookkeeping refers to content too, and readers never meet it.
        known = [model for model in models if model is Page or is_content(model)]
        return sorted(known, key=lambda model: (model is not Page, model._meta.label))

    def published(self, model: type[Model]) -> QuerySet:
        """What of a kind links to what goes, stays itself, and is seen by readers."""
        linking = self.references().filter(base_content_type=base_type_of(model))
        rows = model._base_manager.annotate(key=Cast("pk", CharField())).filter(
            key__in=linking.values("object_id")
        )
        if model is self.model:
            rows = rows.exclude(pk__in=self.everything.values("pk"))
        if model is Page:
            rows = rows.select_related("content_type").order_by("title", "pk")
        else:
            rows = rows.order_by("pk")
        return visible(rows, at=clock.now())

    def described(self, found: list[Any]) -> list[Source]:
        """Where in each source the links are."""
        about = Q(pk__in=[])
        for source in found:
            about |= Q(base_content_type=base_type_of(type(source)), object_id=str(source.pk))
        places: dict[tuple[int, str], list[tuple]] = {}
        references = self.references().filter(about)
        for base, key, *place in references.values_list(
            "base_content_type", "object_id", "content_type", "model_path", "to_object_id"
        ):
            places.setdefault((base, key), []).append(tuple(place))
        return [
            self.indexed(each, places.get((base_type_of(type(each)), str(each.pk)), []))
            for each in found
        ]

    def indexed(self, each: Any, places: list[tuple]) -> Source:
        kinds = {is_in_text(type_id, path) for type_id, path, _to in places}
        to = {to for *_, to in places}
        return self.source(each, in_text=True in kinds, chosen=False in kinds, to=to)

    def source(self, each: Any, *, in_text: bool, chosen: bool, to: set[str]) -> Source:
        model = each.content_type.model_class() if isinstance(each, Page) else type(each)
        return Source(
            title=str(each),
            kind=model._meta.verbose_name,
            edit_url=self.finder.get_edit_url(each) or "",
            in_text=in_text,
            chosen=chosen,
            only_beneath=not to & self.own_keys,
        )


def is_content(model: type[Model] | None) -> bool:
    return model is not None and model._meta.app_label == "pages"


def is_in_text(content_type_id: int, model_path: str) -> bool:
    """Whether a reference is a link in running text, whose words stay; else something chosen."""
    model = ContentType.objects.get_for_id(content_type_id).model_class()
    name, *rest = model_path.split(".")
    field = model._meta.get_field(name)
    if isinstance(field, StreamField):
        return isinstance(block_at(field.stream_block, rest), RichTextBlock)
    return isinstance(field, RichTextField)


def block_at(block: Any, path: list[str]) -> Any:
    for name in path:
        block = block.child_block if name == "item" else block.child_blocks[name]
    return block
