"""A bucket for uploads is named by the environment, and tried at the start."""

from __future__ import annotations

import json
import shutil
import socket

import pytest
from botocore.exceptions import ClientError

from genedge_site.settings.bucket import bucket_of
from genedge_site.settings.environment import Environment
from genedge_site.start_checks import problems_of_bucket
from tests.genedge_site.commands import PRODUCTION, run
from tests.stores import KEYS, used

pytestmark = pytest.mark.any_database

AMAZON = {"S3_BUCKET": "uploads.example.org", "S3_REGION": "eu-central-1"}
ELSEWHERE = {"S3_BUCKET": "uploads", "S3_ENDPOINT_URL": "https://s3.example.org/v1"}
BOTH_KEYS = {"S3_ACCESS_KEY_ID": "AKIA", "S3_SECRET_ACCESS_KEY": "hidden"}


def told(given):
    environment = Environment(given)
    bucket_of(environment)
    return environment.problems


@pytest.mark.parametrize(
    "given",
    [
        {},
        AMAZON,
        ELSEWHERE,
        {**AMAZON, **BOTH_KEYS},
        {**ELSEWHERE, "S3_ADDRESSING_STYLE": "path"},
        {**ELSEWHERE, "S3_ENDPOINT_URL": "http://127.0.0.1:9000"},
        {**ELSEWHERE, "S3_ENDPOINT_URL": "http://10.0.0.5:9000"},
        {**ELSEWHERE, "S3_ENDPOINT_URL": "http://minio:9000"},
    ],
)
def test_what_fits_is_no_problem(given):
    assert told(given) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"S3_REGION": "a"}, "S3_REGION is set, and S3_BUCKET is not: name the bucket, or remove"),
        (BOTH_KEYS | {"S3_ACCESS_KEY_ID": ""}, "S3_SECRET_ACCESS_KEY is set, and S3_BUCKET is not"),
        ({**AMAZON, "S3_BUCKET": "Uploads"}, "S3_BUCKET is 'Uploads': set it to the name of a"),
        ({**AMAZON, "S3_BUCKET": "a/b/c"}, "S3_BUCKET is 'a/b/c': set it to the name of a bucket"),
        ({"S3_BUCKET": "uploads"}, "S3_REGION is missing: set it to where the bucket is, such as"),
        ({**AMAZON, "S3_REGION": "Frankfurt am Main"}, "S3_REGION is 'Frankfurt am Main': set it"),
        ({**ELSEWHERE, "S3_ENDPOINT_URL": "s3.example.org"}, "S3_ENDPOINT_URL is 's3.example.org'"),
        ({**ELSEWHERE, "S3_ENDPOINT_URL": "http://8.8.8.8"}, "S3_ENDPOINT_URL is 'http://8.8.8.8'"),
        ({**ELSEWHERE, "S3_ENDPOINT_URL": "http://s3.example.org"}, "S3_ENDPOINT_URL is 'http://s"),
        ({**ELSEWHERE, "S3_ENDPOINT_URL": "https://a:b@c.org"}, "S3_ENDPOINT_URL is 'https://a:b"),
        ({**AMAZON, "S3_ACCESS_KEY_ID": "a"}, "S3_SECRET_ACCESS_KEY is missing, and S3_ACCESS_KEY"),
        (
            {**AMAZON, "S3_SECRET_ACCESS_KEY": "hidden"},
            "S3_ACCESS_KEY_ID is missing, and S3_SECRET",
        ),
        ({**AMAZON, "S3_ADDRESSING_STYLE": "dns"}, "S3_ADDRESSING_STYLE is 'dns': set it to auto,"),
    ],
)
def test_wrong_value_is_one_sentence_without_the_secret(given, sentence):
    [said] = told(given)

    assert said.startswith(sentence)
    assert said.endswith(".")
    assert "hidden" not in said


@pytest.mark.parametrize(
    "module", ["genedge_site.settings.dev", PRODUCTION["DJANGO_SETTINGS_MODULE"]]
)
def test_uploads_are_in_the_bucket_that_is_named_and_else_on_disk(tmp_path, module):
    code = "from django.conf import settings; import json; print(json.dumps(settings.STORAGES))"
    given = {**PRODUCTION, "DJANGO_SETTINGS_MODULE": module, "VAR_DIR": str(tmp_path)}
    if module.endswith("dev"):
        given = {"DJANGO_SETTINGS_MODULE": module, "VAR_DIR": str(tmp_path)}

    on_disk = run("-c", code, given=given)
    in_bucket = run("-c", code, given={**given, **ELSEWHERE, **BOTH_KEYS})

    assert json.loads(on_disk.stdout)["default"] == {"BACKEND": "media.disk.Disk"}
    assert json.loads(in_bucket.stdout)["default"] == {
        "BACKEND": "media.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": "uploads",
            "endpoint_url": "https://s3.example.org/v1",
            "region_name": "us-east-1",
            "access_key": "AKIA",
            "secret_key": "hidden",
            "addressing_style": "auto",
        },
    }


def test_all_that_is_wrong_stops_the_start_at_once():
    given = {**PRODUCTION, "S3_BUCKET": "A", "S3_ACCESS_KEY_ID": "a", "PORT": "x"}

    result = run("manage.py", "check", given=given)

    names = [line.split()[0] for line in result.stderr.splitlines()]
    assert names == ["PORT", "S3_BUCKET", "S3_REGION", "S3_SECRET_ACCESS_KEY"]
    assert result.returncode == 1


# At the start


def test_bucket_that_does_all_is_no_problem_and_nothing_stays_there(store):
    bucket = store.bucket()

    with used(store, bucket):
        assert problems_of_bucket() == []

    assert store.names(bucket) == set()


def test_bucket_that_is_not_there(store):
    with used(store, "nowhere"):
        assert problems_of_bucket() == [
            "S3_BUCKET is 'nowhere', which is not there: make it, or name another."
        ]


@pytest.fixture
def keys_looked_at(store):
    bucket = store.bucket()
    store.look_at_keys()
    yield bucket
    store.look_at_no_keys()


def test_wrong_keys(store, keys_looked_at):
    with used(store, keys_looked_at):
        assert problems_of_bucket() == [
            "S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY is wrong, as the store says"
            " (InvalidAccessKeyId)."
        ]


def test_machine_without_keys_and_role(store, monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with used(store, store.bucket(), access_key=None, secret_key=None):
        assert problems_of_bucket() == [
            "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are missing, and this machine has no role:"
            " set them."
        ]


def test_bucket_that_everyone_reads(store, monkeypatch):
    """As a policy of the bucket would have it."""
    bucket = store.bucket()
    with used(store, bucket) as storage:
        put = storage.client.put_object
        monkeypatch.setattr(
            storage.client, "put_object", lambda **given: put(**given, ACL="public-read")
        )

        [said] = problems_of_bucket()

    assert said.startswith(f"The bucket '{bucket}' lets everyone read,")


def test_store_that_overwrites_whatever_it_is_told(store, monkeypatch):
    bucket = store.bucket()
    with used(store, bucket) as storage:
        put = storage.client.put_object
        monkeypatch.setattr(
            storage.client,
            "put_object",
            lambda IfNoneMatch, **given: put(**given),  # noqa: N803
        )

        [said] = problems_of_bucket()

    assert said.startswith(f"The store of the bucket '{bucket}' does not keep a file from being")
    assert store.names(bucket) == set()


@pytest.mark.parametrize(
    ("method", "permission"),
    [
        ("put_object", "s3:PutObject"),
        ("get_object", "s3:GetObject"),
        ("head_object", "s3:GetObject"),
        ("delete_object", "s3:DeleteObject"),
    ],
)
def test_permission_that_is_missing_is_named(store, monkeypatch, method, permission):
    bucket = store.bucket()
    with used(store, bucket) as storage:

        def refuse(**given):
            told = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise ClientError(told, method)

        monkeypatch.setattr(storage.client, method, refuse)

        assert problems_of_bucket() == [
            f"The bucket '{bucket}' refuses {permission} (AccessDenied): allow it, as"
            " docs/operators.md shows."
        ]


def test_store_that_forgets_what_is_written(store, monkeypatch):
    bucket = store.bucket()
    with used(store, bucket) as storage:
        monkeypatch.setattr(storage.client, "put_object", lambda **given: None)

        [said] = problems_of_bucket()

    assert said.startswith(
        f"The bucket '{bucket}' does not do as it is told (s3:GetObject: No such"
    )


def test_token_of_somebody_who_works_on_the_machine_is_not_sent(store, monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "theirs")
    monkeypatch.setenv("AWS_S3_SESSION_PROFILE", "theirs")

    with used(store, store.bucket()) as storage:
        assert problems_of_bucket() == []
        assert storage.security_token is None


def test_store_that_is_away_does_not_stop_the_start(store, capsys):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"

        with used(store, "uploads", endpoint_url=address):
            assert problems_of_bucket() == []

    assert capsys.readouterr().err == (
        "The store of files does not answer: the site starts without.\n"
    )


@pytest.mark.parametrize("module", ["genedge_site.launch", "genedge_site.server"])
def test_every_way_to_start_tells_it(store, tmp_path, module):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "VAR_DIR": str(tmp_path),
        "PORT": str(port),
        **store.environment("nowhere"),
    }

    result = run("-m", module, given=given)

    assert result.stderr.splitlines()[-1].startswith("S3_BUCKET is 'nowhere', which is not there")
    assert KEYS["secret_key"] not in result.stderr
    assert result.returncode == 1


def test_new_site_waits_with_its_pictures_for_a_store_that_is_away(migrated_file, tmp_path, store):
    shutil.copy(migrated_file, tmp_path / "genedge.sqlite3")
    with socket.socket() as probe, socket.socket() as nobody:
        probe.bind(("127.0.0.1", 0))
        nobody.bind(("127.0.0.1", 0))
        given = {
            "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
            "VAR_DIR": str(tmp_path),
            "PORT": str(probe.getsockname()[1]),
            **store.environment("uploads"),
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{nobody.getsockname()[1]}",
        }
        probe.close()

        result = run("-m", "genedge_site.launch", given=given)

    assert result.stderr.splitlines() == [
        "The store of files does not answer: the site starts without.",
        "The store of files does not answer, and the starter content has pictures: start again once"
        " it does.",
    ]
    assert result.returncode == 1
