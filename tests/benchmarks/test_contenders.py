"""What is measured beside each other can be measured: both answer, and tell the same."""

import shutil

import pytest

from tests.benchmarks.__main__ import check_content, manage, production, shell, told_by
from tests.benchmarks.contenders import CONTENDERS, OPERATIONS, OURS, STOCK

pytestmark = pytest.mark.any_database

ARTICLES = 12


def test_contenders_tell_the_same_of_each_operation(migrated_file, tmp_path):
    database = shutil.copy(migrated_file, tmp_path)
    environment = production(f"sqlite:///{database}", tmp_path)
    manage(environment, "load_starter_content")
    shell(environment, "content", f"top_up({ARTICLES})")

    told = {who.name: told_by(who, environment, ARTICLES) for who in CONTENDERS}

    check_content(told[OURS.name], told[STOCK.name])
    for who in CONTENDERS:
        assert told[who.name].keys() == OPERATIONS.keys()
        assert all(each["answer"] for each in told[who.name].values())
