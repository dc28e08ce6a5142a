"""A store that speaks as S3 does (moto), in a process of its own on this machine."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
from django.conf import settings
from django.core.files.storage import storages
from django.test.utils import override_settings

__all__ = ["KEYS", "Store", "started", "used"]

KEYS = {"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG"}
PORT = re.compile(r"Running on http://127\.0\.0\.1:(\d+)")


@dataclass
class Store:
    process: subprocess.Popen[bytes]
    address: str
    client: Any

    def bucket(self) -> str:
        """The name of a new one."""
        name = f"uploads-{uuid4().hex[:12]}"
        self.client.create_bucket(Bucket=name)
        return name

    def names(self, bucket: str) -> set[str]:
        found = self.client.list_objects_v2(Bucket=bucket)
        return {each["Key"] for each in found.get("Contents", ())}

    def content(self, bucket: str, name: str) -> bytes:
        return self.client.get_object(Bucket=bucket, Key=name)["Body"].read()

    def options(self, bucket: str) -> dict[str, str]:
        return {
            "bucket_name": bucket,
            "endpoint_url": self.address,
            "region_name": "us-east-1",
            **KEYS,
        }

    def environment(self, bucket: str) -> dict[str, str]:
        return {
            "S3_BUCKET": bucket,
            "S3_ENDPOINT_URL": self.address,
            "S3_ACCESS_KEY_ID": KEYS["access_key"],
            "S3_SECRET_ACCESS_KEY": KEYS["secret_key"],
        }

    def look_at_keys(self, *, after: float = 0) -> None:
        """After so many requests it takes none any more but by those it knows, which is nobody."""
        address = f"{self.address}/moto-api/reset-auth"
        plain = {"Content-Type": "text/plain"}
        asked = urllib.request.Request(address, str(after).encode(), plain)
        urllib.request.urlopen(asked).close()

    def look_at_no_keys(self) -> None:
        self.look_at_keys(after=float("inf"))

    def stop(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()


@contextmanager
def used(store: Store, bucket: str, **options: Any) -> Iterator[Any]:
    """The site's uploads are there."""
    backend = {
        "BACKEND": "media.bucket.Bucket",
        "OPTIONS": {**store.options(bucket), **options},
    }
    with override_settings(STORAGES={**settings.STORAGES, "default": backend}):
        storage = storages["default"]
        yield storage
        storage.client.close()
    # Of an answer that was given up, a socket is left to be collected.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


def started(log: Path) -> Store:
    """At a port that was free; it tells which."""
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "--port=0"], stderr=written, stdout=written
        )
    while not (found := PORT.search(log.read_text())):
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
            raise RuntimeError(f"The store did not start: {log.read_text()}")
    address = f"http://127.0.0.1:{found[1]}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )
    return Store(process, address, client)
