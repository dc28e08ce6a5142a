"""The server's workers may die, and it goes on."""

import os
import signal
import socket
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from genedge_site.server import server
from tests.genedge_site.commands import start

pytestmark = pytest.mark.any_database

SECONDS = 60


@pytest.fixture
def serve():
    started = []

    def serve(**given):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        module = "tests.genedge_site.small_application"
        process = start("-m", module, given={"PORT": str(port), **given})
        started.append(process)
        return process, f"http://127.0.0.1:{port}/"

    yield serve
    for process in started:
        process.terminate()
        process.communicate(timeout=SECONDS)


def who_answers(address, process):
    """The worker, once there is one."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=5) as answer:
                return int(answer.read())
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    pytest.fail(f"Nobody answers: {process.poll()}")


def test_worker_that_is_killed_again_and_again_is_replaced_each_time(serve):
    process, address = serve()

    for _ in range(3):
        os.kill(who_answers(address, process), signal.SIGKILL)

    assert who_answers(address, process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=SECONDS) == 0


def test_worker_that_dies_whenever_it_is_started_ends_the_server(serve):
    process, _ = serve(DIES="1")

    assert process.wait(timeout=SECONDS) == 1


def test_worker_whose_end_another_thread_was_told_of_is_not_said_to_refuse_to_stop():
    made = server("no:application")
    made._sso = None  # It listens nowhere.
    worker = made._spawn_worker(0, target=print, callback_loader=None)
    worker.inner.start()

    os.waitid(os.P_PID, worker.inner.pid, os.WEXITED)

    assert worker.inner.is_alive()  # As multiprocessing would go on believing.
    assert not worker.is_alive()
