"""What someone may do with a page, where Wagtail asks too little or too much."""

from typing import Any

from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester

from pages.lifecycle.seen import due_objects, is_due

__all__ = ["PagePermissions", "ask_who_makes_sites"]

MAKES_SITES = "wagtailcore.add_site"


class PagePermissions(PagePermissionTester):
    def can_delete(self, ignore_bulk=False):
        """Asked before a page is moved, too. Wagtail asks only whether someone may edit."""
        if self.page.locked and not self.can_unlock():
            return False
        if self.user.is_superuser or not self.user.is_active or not self.page.is_leaf():
            return super().can_delete(ignore_bulk)
        return self.can_delete_leaf()

    def can_delete_leaf(self):
        """As Wagtail says of a page and all beneath it, where nothing is: it asks the database."""
        permissions = self.permissions
        if "change" in permissions:
            return "publish" in permissions or not self.page.live
        if "add" not in permissions or self.page.owner_id != self.user.pk:
            return False
        return "publish" in permissions or not self.page.live

    def can_unpublish(self):
        """What readers see since its moment can be taken down, whether or not it is stored."""
        if self.page.live or not self.can_publish() or self.page_locked():
            return super().can_unpublish()
        return is_due(self.page, self.due())

    def due(self):
        """Kept with the person, who is another object in each request: lists ask for each row."""
        if not hasattr(self.user, "due_objects"):
            self.user.due_objects = due_objects()
        return self.user.due_objects


class RootPermissions(PagePermissionTester):
    """Above all pages stand home pages alone, one for each site: who makes sites makes them."""

    def can_add_subpage(self):
        return super().can_add_subpage() and self.user.has_perm(MAKES_SITES)


def ask_who_makes_sites() -> None:
    """Have every screen and action ask ``RootPermissions`` of the page above all.

    It is a plain ``Page``, whose permissions no class of ours could say.
    """
    of_wagtail = Page.permissions_for_user

    def permissions_for_user(page: Page, user: Any) -> PagePermissionTester:
        return RootPermissions(user, page) if page.is_root() else of_wagtail(page, user)

    Page.permissions_for_user = permissions_for_user
