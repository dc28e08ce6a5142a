"""Uploads in a private bucket of S3, or of a store that speaks as S3 does (django-storages).

Nobody is ever given an address of the bucket: addresses are the site's own, as on disk, and the
site asks for permission each time. What is written never takes the place of what has the name.
"""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import cached_property
from io import SEEK_CUR, SEEK_END, SEEK_SET
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import urljoin
from uuid import uuid4

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name
from urllib3.exceptions import HTTPError

from media.media_types import media_type_of
from media.own_folders import OwnFolders
from media.stored_files import FilesUnavailable

__all__ = ["Bucket", "BucketFile"]

logger = logging.getLogger(__name__)

# A store that does not answer is given up after so many seconds, and asked once more.
SECONDS_TO_CONNECT = 3
SECONDS_TO_ANSWER = 8
MOST_ATTEMPTS = 2
# However slowly it goes on: so long a file may take, which has 50 MB at most.
SECONDS_FOR_A_FILE = 30
# For so long nobody waits for a store that has just not answered.
SECONDS_AWAY = 5
BYTES_IN_MEMORY = 262_144
PIECE = 65_536
CONNECTIONS = 20
MOST_NAMES = 10

START_CHECK = "start-check/"
IS_AWAY = "The store of files does not answer"
WRONG_KEYS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthFailure", "InvalidToken"}


class Bucket(OwnFolders, S3Storage):
    def __init__(self, *, addressing_style: str = "auto", **options: Any):
        self.away_until = float("-inf")
        config = Config(
            s3={"addressing_style": addressing_style},
            signature_version="s3v4",
            connect_timeout=SECONDS_TO_CONNECT,
            read_timeout=SECONDS_TO_ANSWER,
            retries={"total_max_attempts": MOST_ATTEMPTS, "mode": "standard"},
            max_pool_connections=CONNECTIONS,
            # Of other stores than Amazon's, many refuse the newest checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        if options.get("access_key"):
            # Those of somebody who works on this machine go with other keys.
            options |= {"security_token": None, "session_profile": None}
        super().__init__(client_config=config, file_overwrite=False, default_acl=None, **options)

    @cached_property
    def client(self) -> Any:
        """One for all threads, which it is made for; to make it takes a quarter of a second."""
        return self.connection.meta.client

    @contextmanager
    def answering(self, name: str = "") -> Iterator[None]:
        """What is asked of the store fails as a file on disk does, or with ``FilesUnavailable``."""
        if time.monotonic() < self.away_until:
            raise FilesUnavailable(IS_AWAY)
        try:
            yield
        except ClientError as error:
            raise self.told(error, name) from error
        except (BotoCoreError, HTTPError, TimeoutError, ConnectionError) as error:
            self.away_until = time.monotonic() + SECONDS_AWAY
            raise FilesUnavailable(IS_AWAY) from error

    def told(self, error: ClientError, name: str) -> OSError:
        status, code = status_of(error), code_of(error)
        if code == "NoSuchBucket":
            return FilesUnavailable(f"The bucket {self.bucket_name!r} is not there")
        if status == 404:
            return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        if status in {409, 412}:
            return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
        return FilesUnavailable(f"The store of files refuses ({code})")

    # What Django asks of where files are stored

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name).lstrip("/"))

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        for _ in range(MOST_NAMES):
            try:
                return super().save(name, content, max_length)
            except FileExistsError:
                """Somebody took the name since it was found to be free: another is found now."""
        raise FilesUnavailable(f"The store of files has no name free for {name!r}")

    def _save(self, name: str, content: Any) -> str:
        name = clean_name(name)
        content.seek(0)
        self.put(name, content, IfNoneMatch="*")
        return name

    def put(self, name: str, content: Any, **conditions: str) -> None:
        """At once or not at all; no part of it is there if it fails."""
        with self.answering(name):
            self.client.put_object(
                Bucket=self.bucket_name,
                Key=name,
                Body=InTime(content),
                ContentType=media_type_of(name),
                **conditions,
            )

    def replace(self, name: str, content: bytes) -> None:
        self.put(name, ContentFile(content))

    def _open(self, name: str, mode: str = "rb") -> BucketFile:
        if mode != "rb":
            raise ValueError("Files in a bucket are read, or saved as a whole.")
        return BucketFile(self, clean_name(name))

    def head(self, name: str) -> dict[str, Any]:
        with self.answering(name):
            return self.client.head_object(Bucket=self.bucket_name, Key=clean_name(name))

    def exists(self, name: str) -> bool:
        try:
            self.head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self.head(name)["ContentLength"]

    def get_modified_time(self, name: str) -> datetime:
        return self.head(name)["LastModified"]

    def remove(self, name: str) -> None:
        with self.answering(name):
            self.client.delete_object(Bucket=self.bucket_name, Key=clean_name(name))

    def delete(self, name: str) -> None:
        """Called once it is committed that nobody needs the file, so that nothing can be undone."""
        try:
            self.remove(name)
        except FilesUnavailable as problem:
            logger.error(  # noqa: TRY400 - one line says it
                "%r stays in the bucket, where it can be removed: %s.", name, problem.strerror
            )

    def uploads(self) -> Iterator[str]:
        """The names of all that are there."""
        with self.answering():
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket_name):
                for each in page.get("Contents", ()):
                    if not each["Key"].startswith(START_CHECK):
                        yield each["Key"]

    # What a start asks of it

    def problems(self) -> list[str]:
        """Whatever the site cannot do there, or everyone can. It writes a file and removes it."""
        name, content = f"{START_CHECK}{uuid4().hex}.txt", b"Written as the site starts."
        steps = (
            ("s3:PutObject", lambda: self.put(name, ContentFile(content), IfNoneMatch="*")),
            ("s3:GetObject", lambda: content_in(self.open(name))),
            ("s3:ListBucket", lambda: self.exists(f"{name}.none")),
        )
        try:
            for permission, step in steps:
                try:
                    step()
                except FilesUnavailable as problem:
                    if problem.strerror == IS_AWAY and not is_without_keys(problem):
                        raise
                    return [self.problem(permission, problem)]
                except OSError as problem:
                    return [
                        f"The bucket {self.bucket_name!r} does not do as it is told ({permission}:"
                        f" {problem.strerror}): use another."
                    ]
            return [*self.openness(name), *self.carelessness(name, content), *self.removal(name)]
        finally:
            self.away_until = float("-inf")

    def problem(self, permission: str, problem: FilesUnavailable) -> str:
        code = code_of(problem.__cause__)
        if code == "NoSuchBucket":
            return (
                f"S3_BUCKET is {self.bucket_name!r}, which is not there: make it, or name another."
            )
        if is_without_keys(problem):
            return (
                "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are missing, and this machine has no"
                " role: set them."
            )
        if code in WRONG_KEYS:
            return f"S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY is wrong, as the store says ({code})."
        return (
            f"The bucket {self.bucket_name!r} refuses {permission} ({code}): allow it, as"
            " docs/operators.md shows."
        )

    def openness(self, name: str) -> Iterator[str]:
        try:
            self.unsigned_connection.meta.client.get_object(Bucket=self.bucket_name, Key=name)
        except (ClientError, BotoCoreError):
            return
        yield (
            f"The bucket {self.bucket_name!r} lets everyone read, and collections of files may be"
            " private: block public access to it."
        )

    def carelessness(self, name: str, content: bytes) -> Iterator[str]:
        try:
            self.put(name, ContentFile(content), IfNoneMatch="*")
        except FileExistsError:
            return
        except FilesUnavailable:
            """It does not know the condition."""
        yield (
            f"The store of the bucket {self.bucket_name!r} does not keep a file from being"
            " overwritten (If-None-Match of PutObject): use a newer version of it, or another."
        )

    def removal(self, name: str) -> Iterator[str]:
        try:
            with self.answering(name):
                self.client.delete_object(Bucket=self.bucket_name, Key=name)
        except FilesUnavailable as problem:
            yield self.problem("s3:DeleteObject", problem)


class BucketFile(File):
    """How large it is, and of which version, is asked at once. It is fetched when it is read."""

    mode = "rb"

    def __init__(self, bucket: Bucket, name: str):
        self.bucket = bucket
        self.name = name
        head = bucket.head(name)
        self.size: int = head["ContentLength"]
        self.etag: str = head["ETag"]
        self.modified: datetime = head["LastModified"]
        self.place = 0
        self.fetched: IO[bytes] | None = None
        self.is_closed = False

    @property
    def closed(self) -> bool:
        return self.is_closed

    @property
    def file(self) -> IO[bytes]:
        if self.is_closed:
            raise ValueError("The file is closed.")
        if self.fetched is None:
            self.fetched = self.spooled(self.pieces())
            self.fetched.seek(self.place)
        return self.fetched

    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """From the first byte to the last, of this version of the file or of none."""
        last = self.size - 1 if last is None else last
        asked = {} if (first, last) == (0, self.size - 1) else {"Range": f"bytes={first}-{last}"}
        rest = last - first + 1
        ends = time.monotonic() + SECONDS_FOR_A_FILE
        try:
            with self.bucket.answering(self.name):
                answer = self.bucket.client.get_object(
                    Bucket=self.bucket.bucket_name, Key=self.name, IfMatch=self.etag, **asked
                )
                with closing(answer["Body"]) as body:
                    while rest and time.monotonic() < ends:
                        # What has come by now, however little it is.
                        piece = body._raw_stream.read1(min(PIECE, rest))
                        if not piece:
                            break
                        rest -= len(piece)
                        yield piece
                if rest:
                    raise TimeoutError
        except FileExistsError as problem:
            raise FilesUnavailable("The file was replaced meanwhile") from problem

    @staticmethod
    def spooled(pieces: Iterable[bytes]) -> IO[bytes]:
        """In memory, or on disk if it is large."""
        file: IO[bytes]
        with ExitStack() as stack:
            file = stack.enter_context(SpooledTemporaryFile(BYTES_IN_MEMORY))
            file.writelines(pieces)
            file.seek(0)
            stack.pop_all()
        return file

    def read(self, size: int | None = -1) -> bytes:
        return self.file.read(-1 if size is None else size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        if self.fetched is not None:
            return self.fetched.seek(offset, whence)
        begins = {SEEK_SET: 0, SEEK_CUR: self.place, SEEK_END: self.size}[whence]
        self.place = max(0, begins + offset)
        return self.place

    def tell(self) -> int:
        return self.place if self.fetched is None else self.fetched.tell()

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> BucketFile:
        self.is_closed = False
        self.seek(0)
        return self

    def close(self) -> None:
        self.is_closed = True
        if self.fetched is not None:
            self.fetched.close()
            self.fetched = None
        self.place = 0


class InTime:
    """A file that is sent as long as there is time, if need be again from its beginning."""

    def __init__(self, content: Any):
        self.content = content
        self.ends = time.monotonic() + SECONDS_FOR_A_FILE
        self.seek, self.tell = content.seek, content.tell

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self.ends:
            raise TimeoutError
        return self.content.read(size)


def content_in(file: Any) -> bytes:
    with file:
        return file.read()


def status_of(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def code_of(error: BaseException | None) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""


def is_without_keys(problem: FilesUnavailable) -> bool:
    return isinstance(problem.__cause__, NoCredentialsError)
