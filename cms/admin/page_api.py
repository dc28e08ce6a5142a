"""What the admin's own API does with pages, where Wagtail leaves out what its screens check."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from wagtail.admin.api.actions.copy_for_translation import CopyForTranslationAPIAction
from wagtail.admin.api.actions.publish import PublishPageAPIAction
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Locale, Page

from cms.admin.translating import BeginPage, obstacle_to_translation, obstacle_with_all_above

__all__ = ["CopyForTranslationThroughAPI", "PublishThroughAPI"]


class PublishThroughAPI(PublishPageAPIAction):
    """As every other way to publish: an incomplete version is refused."""

    def _action_from_data(self, instance: Page, data: Any) -> Any:
        action = super()._action_from_data(instance, data)
        return action.object.publish_action(action.revision, user=self.request.user)


class CopyForTranslationThroughAPI(CopyForTranslationAPIAction):
    def _action_from_data(self, instance: Page, data: Any) -> Any:
        made = super()._action_from_data(instance, data)
        return BeginPage(
            instance,
            made.locale,
            copy_parents=made.copy_parents,
            user=made.user,
            include_subtree=made.include_subtree,
        )

    def execute(self, instance: Page, data: Any) -> Any:
        if data["alias"]:  # It would say in one language that it is in another.
            raise BadRequestError("A page mirrors none in another language: leave `alias` out.")
        locale = get_object_or_404(Locale, language_code=data["locale"])
        ask = obstacle_with_all_above if data["copy_parents"] else obstacle_to_translation
        obstacle = ask(instance, locale, self.request.user)
        if obstacle:
            raise BadRequestError(obstacle)
        return super().execute(instance, data)
