"""What may be published: drafts may have gaps, what goes live may not."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Set
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.fields import RichTextField, StreamField

from pages.blocks import messages_in_blocks
from pages.lifecycle.revisions import KEPT_FIELDS, relations_vouched_for
from pages.lifecycle.rows import problems_of_rows, unique_constraints
from pages.lifecycle.versions import KeepApprovals
from pages.rich_text.blocks import NOWHERE
from pages.rich_text.parsing import parse

__all__ = [
    "CheckBeforePagePublication",
    "CheckBeforePublication",
    "CheckedAtPublication",
    "NotPublishable",
]


def _text_values(value):
    """Every string inside the JSON of a StreamField."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _text_values(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _text_values(child)


def _links_to_nowhere(field: models.Field, value: Any) -> Iterator[str]:
    """The words of the links in a field that no reader could follow."""
    if isinstance(field, RichTextField):
        texts = iter([value or ""])
    elif isinstance(field, StreamField):
        texts = _text_values(list(value.raw_data))
    else:
        return
    for text in texts:
        if "<a" in text:
            yield from parse(text).words_of(NOWHERE)


class NotPublishable(ValidationError):
    """What keeps ``subject`` from going live, by the names of its fields and rows."""

    def __init__(self, subject: models.Model, problems: dict[str, list[Any]]):
        super().__init__(problems)
        self.subject = subject

    def lines(self) -> Iterator[str]:
        """Each problem in words, after what editors know its field by."""
        for name, found in self.message_dict.items():
            label = _label_of(type(self.subject), name)
            for message in found:
                yield f"{label}: {message}" if label else message


def _label_of(model: type[models.Model], name: str) -> str:
    """An alternative text is told apart by its picture."""
    if name == NON_FIELD_ERRORS:
        return ""
    field = model._meta.get_field(name)
    if not hasattr(field, "verbose_name"):
        return str(field.related_model._meta.verbose_name_plural).capitalize()
    label = str(field.verbose_name)
    picture = name.removesuffix("_alt_text")
    if picture != name:
        label = f"{label} of {model._meta.get_field(picture).verbose_name}"
    return label[:1].upper() + label[1:]


class CheckBeforePublication(KeepApprovals):
    """Ends every way to publish, but a preview's: an incomplete revision is refused."""

    def check(self, skip_permission_checks=False):
        super().check(skip_permission_checks=skip_permission_checks)
        if not self.object.is_checked:
            self.object.check_publishable()
            self.object.is_checked = True


class CheckBeforePagePublication(CheckBeforePublication, PublishPageRevisionAction):
    pass


class CheckedAtPublication(models.Model):
    """Drafts may have gaps; what goes live may not.

    The admin's edit view shows the problems beside their fields. Every other way to publish (an
    approval, a bulk action, a schedule, a command) ends in ``publish``, which refuses an incomplete
    revision.
    """

    # By whoever saves it next, so that it need not be done twice.
    is_checked = False

    # Fields that a draft may leave empty, and what is said where one is still empty at publication.
    # The admin's form marks them as required.
    required_to_publish: dict[str, str] = {}
    # Fields that are saved in a draft with whatever is wrong in them, which the form then names.
    shows_problems_of: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def publication_problems(self) -> dict[str, list[str]]:
        """What keeps this from being published, by field name. Types extend it."""
        problems: dict[str, list[str]] = {}
        for field in self._meta.get_fields():
            if not isinstance(field, RichTextField | StreamField):
                continue
            for text in _links_to_nowhere(field, getattr(self, field.name)):
                problems.setdefault(field.name, []).append(
                    f"The link “{text}” leads nowhere. Give it an address or remove the link."
                )
        for name, sentence in self.required_to_publish.items():
            if getattr(self, name) in (None, ""):
                problems[name] = [sentence]
        problems.update(self.contradictions())
        return problems

    def contradictions(self) -> dict[str, list[str]]:
        """Values that cannot go together, by field name, as a last day before the first.

        A draft keeps them, and names them above each field that is in ``shows_problems_of``.
        """
        return {}

    def row_problems(self) -> dict[str, list[str]]:
        """The same for the rows beneath this, by the name of their relation.

        Apart, because the admin's form checks its own rows before they are part of the object.
        """
        problems = {}
        for relation in get_all_child_relations(type(self)):
            if relation.related_model._meta.app_label == self._meta.app_label:
                name = relation.get_accessor_name()
                problems[name] = problems_of_rows(relation, list(getattr(self, name).all()))
        return {name: messages for name, messages in problems.items() if messages}

    def problems_to_show(self) -> dict[str, list[str]]:
        """Of each field that shows its problems, also when there are none any longer."""
        shown = self.shows_problems_of
        found = {**self.block_problems(shown), **self.contradictions()} if shown else {}
        return {name: found.get(name, []) for name in shown}

    def block_problems(self, names: Collection[str] | None = None) -> dict[str, list[str]]:
        """Of those fields, or of all."""
        problems = {}
        for field in self._meta.get_fields():
            if isinstance(field, StreamField) and (names is None or field.name in names):
                value = getattr(self, field.name)
                try:
                    field.stream_block.clean(value)
                except ValidationError as error:
                    problems[field.name] = [*messages_in_blocks(field.stream_block, value, error)]
        return problems

    def check_publishable(self) -> None:
        """Raise ``NotPublishable`` unless every field, block and row is complete."""
        problems: dict[str, list[Any]] = defaultdict(list)
        try:
            self.full_clean(exclude=_names_vouched_for(self))
        except ValidationError as error:
            error.update_error_dict(problems)
        for found in (self.publication_problems(), self.row_problems(), self.block_problems()):
            for name, messages in found.items():
                problems[name] = problems[name] or messages
        if problems:
            raise NotPublishable(self, problems)

    def publish(self, revision, *, skip_permission_checks=False, **kwargs):
        action = self.publish_action(revision, **kwargs)
        action.execute(skip_permission_checks=skip_permission_checks)


def _names_vouched_for(instance: models.Model) -> Set[str]:
    """Fields that need no statement each to be checked, as the instance was read from a revision.

    A field that is left out of the check takes the constraints it is part of along.
    """
    constrained = {name for known in unique_constraints(type(instance)) for name in known.fields}
    return (KEPT_FIELDS | relations_vouched_for(instance)) - constrained
