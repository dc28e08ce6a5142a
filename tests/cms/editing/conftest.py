"""The people who edit: one of each role, and a browser for each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import Client

from tests import factories


@pytest.fixture
def staff(db) -> AbstractUser:
    return factories.user("carla", group="Communications staff", email="carla@example.org")


@pytest.fixture
def editor(db) -> AbstractUser:
    return factories.user("edith", group="Editors", email="edith@example.org")


@pytest.fixture
def administrator(db) -> AbstractUser:
    return factories.user("amir", group="Administrators", email="amir@example.org")


@pytest.fixture
def sign_in() -> Callable[[AbstractUser], Client]:
    def sign_in(user: AbstractUser) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
