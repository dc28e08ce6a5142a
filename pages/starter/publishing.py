"""Puts starter content live the way the admin does: through a revision.

So each page has a history from its first day, its publication checks have run, and the scheduler
and the workflow find the live revision they expect.
"""

from typing import Any

from wagtail.models import Locale, Page

__all__ = ["add_draft", "add_page", "add_snippet", "publish"]


def add_draft(parent: Page, page: Any) -> Any:
    page.live = False
    parent.add_child(instance=page)
    return page


def add_page(parent: Page, page: Any) -> Any:
    return publish(add_draft(parent, page))


def add_snippet(snippet: Any) -> Any:
    snippet.live = False
    snippet.locale = Locale.get_default()
    snippet.save()
    return publish(snippet)


def publish(content: Any) -> Any:
    content.save_revision(log_action=True).publish()
    content.refresh_from_db()
    return content
