"""What is locked stays where it is for whoever may not unlock it."""

from wagtail.models.pages import PagePermissionTester

__all__ = ["PagePermissions"]


class PagePermissions(PagePermissionTester):
    def can_delete(self, ignore_bulk=False):
        """Asked before a page is moved, too. Wagtail asks only whether someone may edit."""
        if self.page.locked and not self.can_unlock():
            return False
        return super().can_delete(ignore_bulk)
