"""Rows beneath a page or snippet: how they are edited, checked and written."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import ORDERING_FIELD_NAME
from modelcluster.forms import BaseChildFormSet
from modelcluster.models import get_all_child_relations
from wagtail.admin.panels import InlinePanel

from pages.lifecycle.comparing import RowsComparison
from pages.lifecycle.revisions import relations_vouched_for

__all__ = ["RowsPanel", "leave_rows_that_stay", "problems_of_rows", "unique_constraints"]


class Rows(BaseChildFormSet):
    """The rows of a form."""

    def _should_delete_form(self, form):
        # In a draft, a row that was offered and not used is no row.
        unused = form.is_deferred_validation and set(form.changed_data) <= {ORDERING_FIELD_NAME}
        return super()._should_delete_form(form) or (unused and form in self.extra_forms)

    def get_unique_error_message(self, unique_check):
        for constraint in unique_constraints(self.model):
            if set(constraint.fields) == set(unique_check):
                return constraint.get_violation_error_message()
        return super().get_unique_error_message(unique_check)


class RowsPanel(InlinePanel):
    """Rows beneath a page; a row that is there twice is refused in the constraint's own words."""

    class BoundPanel(InlinePanel.BoundPanel):
        def is_required(self):
            return bool(self.panel.min_num)

        def get_comparison(self):
            return [
                partial(RowsComparison, *each.args, **each.keywords)
                for each in super().get_comparison()
            ]

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = Rows
        return options


def problems_of_rows(relation, rows: list[models.Model]) -> list[str]:
    problems = []
    for position, row in enumerate(rows, start=1):
        try:
            row.full_clean(
                exclude={relation.field.name, *relations_vouched_for(row)},
                validate_unique=False,
                validate_constraints=False,
            )
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                label = row._meta.get_field(name).verbose_name if name != "__all__" else "row"
                problems.append(f"{position}. {label}: {' '.join(messages)}")
    for constraint in unique_constraints(relation.related_model):
        held = [_values(row, constraint) for row in rows]
        if any(None not in values and held.count(values) > 1 for values in held):
            problems.append(constraint.get_violation_error_message())
    return problems


def _values(row: models.Model, constraint: models.UniqueConstraint) -> tuple:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in constraint.fields)


def unique_constraints(model: type[models.Model]) -> list[models.UniqueConstraint]:
    constraints = model._meta.constraints
    return [known for known in constraints if isinstance(known, models.UniqueConstraint)]


def leave_rows_that_stay(instance: models.Model) -> None:
    """Have only those rows written that are not as they are in the database.

    Rows are written one by one: of two that have changed places, the first would meet the other as
    it was, and a unique constraint would refuse it. Those that have moved are taken out before.
    """
    to_be_written = getattr(instance, "_cluster_related_objects", {})
    for relation in get_all_child_relations(type(instance)):
        name, rows = relation.get_accessor_name(), relation.related_model._base_manager
        if not instance.pk or to_be_written.get(name) is None:
            continue
        old = {row.pk: row for row in rows.filter(**{relation.field.name: instance.pk})}
        new = {row.pk: row for row in to_be_written[name]}
        if len(new) == len(to_be_written[name]) and _columns_of(old) == _columns_of(new):
            del to_be_written[name]
            continue
        for constraint in unique_constraints(relation.related_model):
            moved = [
                key
                for key in old.keys() & new.keys()
                if _values(old[key], constraint) != _values(new[key], constraint)
            ]
            rows.filter(pk__in=moved).delete()


def _columns_of(rows: dict[Any, models.Model]) -> dict[Any, dict[str, Any]]:
    """Those that have been read, by the key of their row."""
    return {
        key: {name: value for name, value in vars(row).items() if not name.startswith("_")}
        for key, row in rows.items()
    }
