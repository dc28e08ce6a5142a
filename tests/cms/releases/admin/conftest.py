"""An hour before releases are to go live, and the window of an editor who decides about them."""

from datetime import UTC, datetime, timedelta

import pytest

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)


@pytest.fixture
def now(clock, db):
    clock.moment = NINE - timedelta(hours=1)
    return clock


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)
