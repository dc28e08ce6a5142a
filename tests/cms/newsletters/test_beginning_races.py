"""An edition is sent once, however many begin to send it at once."""

from __future__ import annotations

from cms.newsletters.steps import BEGUN
from tests import factories
from tests.cms.scheduling.process.scheduler_processes import Site
from tests.genedge_site.commands import start

PROCESSES = 3
BEGIN = """
from cms.newsletters.steps import begin
from pages.models import NewsletterPage
print(sum(begin(NewsletterPage.objects.get(pk={page}), by=None) for _ in range(20)))
"""


def test_of_several_who_begin_at_once_one_begins_it(committed, tmp_path):
    page = factories.newsletter_page(title="May")
    site = Site(tmp_path)

    running = [
        start(
            "manage.py",
            "shell",
            "--no-imports",
            "-c",
            BEGIN.format(page=page.pk),
            given=site.environment,
        )
        for _ in range(PROCESSES)
    ]
    begun = []
    for process in running:
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        begun.append(int(output.splitlines()[-1]))

    assert sum(begun) == 1
    assert len(list(site.execute("SELECT id FROM newsletters_mailing"))) == 1
    told = [row[0] for row in site.execute("SELECT action FROM wagtailcore_pagelogentry")]
    assert told.count(BEGUN) == 1
