"""Wagtail's bulk actions, each asking of every object what the view of a single one asks."""

from django.contrib.auth.models import AbstractUser
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Page
from wagtail.users.views import bulk_actions

from cms.admin.accounts.privileges import may_give
from cms.admin.accounts.users import groups_to_give

__all__ = ["BULK_ACTIONS"]


class OfThoseWhoMayDoNoMore:
    """An account that may do more is listed as one that cannot be changed."""

    def check_perm(self, account: AbstractUser) -> bool:
        editor = self.request.user  # type: ignore[attr-defined]
        return super().check_perm(account) and may_give(editor, account)  # type: ignore[misc]


class AssignRole(OfThoseWhoMayDoNoMore, bulk_actions.AssignRoleBulkAction):
    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["role"].queryset = groups_to_give(self.request.user)
        return form


class DeleteUsers(OfThoseWhoMayDoNoMore, bulk_actions.DeleteBulkAction):
    pass


class SetActiveState(OfThoseWhoMayDoNoMore, bulk_actions.SetActiveStateBulkAction):
    pass


class PublishPages(PublishBulkAction):
    def check_perm(self, page: Page) -> bool:
        """An alias has no versions: it goes live with the page that it mirrors."""
        return page.alias_of_id is None and super().check_perm(page)


BULK_ACTIONS = [AssignRole, DeleteUsers, SetActiveState, PublishPages]
