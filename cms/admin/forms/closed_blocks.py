"""Blocks of which a form has many are drawn when somebody opens them: see `closed_blocks.js`."""

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from pages.models.survey import SurveyQuestion

__all__ = ["register_closed_blocks"]


class ClosedBlockAdapter(StructBlockAdapter):
    js_constructor = "genedge.ClosedBlock"

    @cached_property
    def media(self):
        return super().media + forms.Media(js=["admin/closed_blocks.js"])


def register_closed_blocks() -> None:
    register(ClosedBlockAdapter(), SurveyQuestion)
