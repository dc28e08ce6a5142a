"""What `test_mutants.py` has tried: no test of this name is looked for otherwise."""

from datetime import timedelta

from cms.scheduling.backoff import backoff

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_wait_doubles_up_to_the_longest():
    waits = [backoff(attempts, first=MINUTE, longest=HOUR) for attempts in (1, 2, 3, 100)]

    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, HOUR]
