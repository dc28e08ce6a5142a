"""Workers that send, as they run: several at once, and killed all the time."""

from __future__ import annotations

import signal
from collections import Counter
from threading import Event

import pytest

from cms.newsletters.models import Mailing
from cms.newsletters.steps import begin
from tests import factories
from tests.cms.newsletters.mail_server import MailServer
from tests.cms.scheduling.process.scheduler_processes import Site
from tests.genedge_site.commands import start

pytestmark = pytest.mark.django_db
SUBSCRIBERS = 40


@pytest.fixture
def server():
    made = MailServer()
    yield made
    made.stop()


@pytest.fixture
def worker(server, tmp_path):
    started = []

    def worker(site: Site):
        process = start(
            "manage.py",
            "run_worker",
            given={
                "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
                "VAR_DIR": str(tmp_path),
                "DATABASE_URL": site.environment["TEST_DATABASE_URL"],
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": str(server.port),
                "EMAIL_USE_TLS": "0",
                "NEWSLETTER_MAILS_PER_MINUTE": "100000",
            },
        )
        started.append(process)
        return process

    yield worker
    for process in started:
        process.kill()
        process.communicate()


def test_nobody_gets_a_mail_twice_though_workers_are_killed_all_the_time(
    committed, server, worker, tmp_path
):
    factories.home_page()
    page = factories.newsletter_page(title="May")
    for number in range(SUBSCRIBERS):
        factories.subscriber(email=f"reader-{number}@example.org")
    begin(page, by=None)
    assert Mailing.objects.count() == 1
    site, taken = Site(tmp_path), Event()
    server.take = taken.set

    for _ in range(3):
        taken.clear()
        victim = worker(site)
        assert taken.wait(60)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        # As if the minute and a half had passed after which others take it up.
        site.execute("UPDATE newsletters_mailing SET due_at = created_at WHERE due_at IS NOT NULL")
    steady = [worker(site) for _ in range(2)]
    while not site.execute("SELECT 1 FROM newsletters_mailing WHERE state = 'done'"):
        taken.wait(0.2)
    for process in steady:
        process.terminate()

    got = Counter(server.recipients())
    in_doubt = site.execute("SELECT count(*) FROM newsletters_delivery WHERE state = 'in doubt'")
    [(doubtful,)] = in_doubt
    assert set(got.values()) == {1}
    assert doubtful <= 3
    assert SUBSCRIBERS - doubtful <= len(got) <= SUBSCRIBERS
    [(others,)] = site.execute(
        "SELECT count(*) FROM newsletters_delivery WHERE state NOT IN ('sent', 'in doubt')"
    )
    assert others == 0
