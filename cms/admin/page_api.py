"""What the admin's own API does with pages, where Wagtail leaves out what its screens check."""

from __future__ import annotations

from typing import Any

from wagtail.admin.api.actions.copy_for_translation import CopyForTranslationAPIAction
from wagtail.admin.api.actions.publish import PublishPageAPIAction
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Page

__all__ = ["CopyForTranslationThroughAPI", "PublishThroughAPI"]


class PublishThroughAPI(PublishPageAPIAction):
    """As every other way to publish: an incomplete version is refused."""

    def _action_from_data(self, instance: Page, data: Any) -> Any:
        action = super()._action_from_data(instance, data)
        return action.object.publish_action(action.revision, user=self.request.user)


class CopyForTranslationThroughAPI(CopyForTranslationAPIAction):
    def execute(self, instance: Page, data: Any) -> Any:
        if instance.get_translations(inclusive=True).filter(locale__language_code=data["locale"]):
            raise BadRequestError("The page is there in this language: choose another.")
        if data["alias"]:  # It would say in one language that it is in another.
            raise BadRequestError("A page mirrors none in another language: leave `alias` out.")
        return super().execute(instance, data)
