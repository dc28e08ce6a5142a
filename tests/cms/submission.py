"""What a browser would send when an editor saves a form as it stands."""

from typing import Any

from django.db.models import Model
from django.forms import BaseForm, CheckboxInput, FileInput
from django.test import Client
from wagtail import blocks
from wagtail.blocks.field_block import RichTextBlock
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

__all__ = ["answer", "stream", "submission"]


def submission(instance: Model, **changes: Any) -> dict[str, Any]:
    """The fields of an object's admin form by name, with some of them changed."""
    data = fields_of(form_of(instance))
    data.update(changes)
    return {name: value for name, value in data.items() if value is not None}


def answer(client: Client, response: Any, stays: str) -> Any:
    """Send again what was asked about, with one answer to all questions: ``newer``, ``waiting``."""
    assert response.status_code == 409
    questions = response.context["questions"]
    assert questions, response.context["refusal"].sentence
    sent: dict[str, Any] = {}
    for name, value in response.context["sent"]:
        sent.setdefault(name, []).append(value)
    return client.post(
        response.wsgi_request.get_full_path(),
        {**sent, **{question["name"]: stays for question in questions}},
    )


def form_of(instance: Model) -> BaseForm:
    model = type(instance)
    if isinstance(instance, Page):
        form_class = model.get_edit_handler().get_form_class()
    else:
        form_class = model.snippet_viewset.get_form_class(for_update=bool(instance.pk))
    return form_class(instance=instance)


def fields_of(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for bound in form:
        block = getattr(bound.field, "block", None)
        if block is not None:
            data |= block_fields(block, bound.value(), bound.html_name)
        elif not isinstance(bound.field.widget, FileInput):
            value = bound.value()
            if isinstance(bound.field.widget, CheckboxInput):
                data[bound.html_name] = "on" if value else None
            else:
                shown = bound.field.widget.format_value(value)
                data[bound.html_name] = "" if shown in (None, "null") else shown
    for formset in getattr(form, "formsets", {}).values():
        data |= fields_of(formset.management_form)
        for position, row in enumerate(formset.forms, start=1):
            data |= fields_of(row)
            data[f"{row.prefix}-ORDER"] = str(position)
    return data


def stream(*items: tuple[str, dict[str, Any]], field: str) -> dict[str, Any]:
    """The fields of a StreamField with these blocks, whose values are given by field name."""
    data = {f"{field}-count": str(len(items))}
    for position, (block_type, values) in enumerate(items):
        data |= item_fields(f"{field}-{position}", position, block_type)
        for name, value in values.items():
            data[f"{field}-{position}-value-{name}"] = value
    return data


def item_fields(prefix: str, position: int, block_type: str | None = None) -> dict[str, str]:
    data = {f"{prefix}-deleted": "", f"{prefix}-order": str(position), f"{prefix}-id": ""}
    return data | ({f"{prefix}-type": block_type} if block_type else {})


def block_fields(block: blocks.Block, value: Any, prefix: str) -> dict[str, Any]:
    if isinstance(block, ImageBlock):
        alt, decorative = getattr(value, "contextual_alt_text", ""), getattr(value, "decorative", 0)
        return {
            f"{prefix}-image": value.pk if value else "",
            f"{prefix}-alt_text": alt or "",
            f"{prefix}-decorative": "on" if decorative else None,
        }
    if isinstance(block, blocks.StreamBlock | blocks.ListBlock):
        children = value if isinstance(block, blocks.StreamBlock) else value.bound_blocks
        data: dict[str, Any] = {f"{prefix}-count": str(len(children))}
        for position, child in enumerate(children):
            kind = child.block_type if isinstance(block, blocks.StreamBlock) else None
            data |= item_fields(f"{prefix}-{position}", position, kind)
            data |= block_fields(child.block, child.value, f"{prefix}-{position}-value")
        return data
    if isinstance(block, blocks.StructBlock):
        data = {}
        for name, child_block in block.child_blocks.items():
            data |= block_fields(child_block, value.get(name), f"{prefix}-{name}")
        return data
    if isinstance(block, RichTextBlock):
        return {prefix: rich_text(value.source if value else "")}
    if isinstance(value, Model):
        return {prefix: value.pk}
    return {prefix: "" if value is None else value}
