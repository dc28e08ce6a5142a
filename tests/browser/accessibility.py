"""What keeps people from using a page, found by axe in the browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["problems_of", "wider_than_the_window"]


def problems_of(page: Page, *, left_out: tuple[str, ...] = ()) -> list[str]:
    """Each problem with the element it is about; ``left_out`` are selectors."""
    context = {"exclude": [[selector] for selector in left_out]} if left_out else None
    results = Axe().run(page, context=context)
    return [
        f"{rule['id']}: {rule['help']}\n    {node['html']}\n    {node.get('failureSummary', '')}"
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ]


def wider_than_the_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
