"""The first administrator, whom the launcher makes on an empty site."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from genedge_site.launch import check_password_of_first_administrator, create_first_administrator
from tests.genedge_site.commands import PRODUCTION, run


@pytest.mark.django_db
def test_the_first_administrator_can_be_named(settings, capsys):
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD = "ada", "engine"

    create_first_administrator()
    create_first_administrator()

    said = "Created the administrator: name ada, with the password you set.\n"
    assert capsys.readouterr().out == said
    ada = get_user_model().objects.get(username="ada")
    assert ada.is_superuser
    assert ada.check_password("engine")


@pytest.mark.parametrize(
    ("password", "reason"),
    [("a", "too short"), ("password1234", "too common"), ("administrator1", "too similar")],
)
def test_production_refuses_a_password_of_the_administrator_that_can_be_guessed(
    settings, password, reason
):
    settings.ADMIN_PASSWORD_VALIDATORS = settings.AUTH_PASSWORD_VALIDATORS
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD = "administrator", password

    with pytest.raises(CommandError, match=f"^ADMIN_PASSWORD can be guessed: .*{reason}"):
        check_password_of_first_administrator()


def test_server_says_at_once_that_the_password_of_the_administrator_can_be_guessed(tmp_path):
    given = {**PRODUCTION, "VAR_DIR": str(tmp_path), "ADMIN_PASSWORD": "a"}

    result = run("-m", "genedge_site.launch", given=given)

    assert result.stderr.startswith("ADMIN_PASSWORD can be guessed: This password is too short.")
    assert result.returncode == 1


@pytest.mark.django_db
def test_someone_else_is_not_made_an_administrator(settings):
    settings.ADMIN_USERNAME = "ada"
    get_user_model().objects.create_user("ada")

    with pytest.raises(CommandError, match="'ada' is someone else: set ADMIN_USERNAME"):
        create_first_administrator()
