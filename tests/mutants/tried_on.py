"""What `test_mutants.py` has tried: no test of this name is looked for otherwise."""

from datetime import timedelta
from hashlib import pbkdf2_hmac

from cms.scheduling.backoff import backoff

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_wait_doubles_up_to_the_longest():
    waits = [backoff(attempts, first=MINUTE, longest=HOUR) for attempts in (1, 2, 3, 100)]

    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, HOUR]


ran: list[timedelta] = []


def test_takes_longer_than_the_others():
    pbkdf2_hmac("sha256", b"password", b"salt", 100_000)
    ran.append(backoff(1, first=MINUTE, longest=HOUR))


def test_that_fails_before_another_notices_nothing():
    backoff(1, first=MINUTE, longest=HOUR)

    assert ran
