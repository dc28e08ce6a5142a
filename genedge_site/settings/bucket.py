"""Where uploads are, if not on this machine: in a bucket of S3, or of a store that speaks so."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from genedge_site.settings.environment import Environment, is_address

__all__ = ["bucket_of"]

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
REGION = re.compile(r"[a-z0-9-]+")
ADDRESSING_STYLES = ("auto", "path", "virtual")
# For stores that have none, and sign with it all the same.
USUAL_REGION = "us-east-1"


def bucket_of(environment: Environment) -> dict[str, str]:
    """The options of the storage; nothing, if uploads are kept on this machine."""
    bucket = environment.text("S3_BUCKET")
    endpoint = environment.text("S3_ENDPOINT_URL")
    region = environment.text("S3_REGION")
    access_key = environment.text("S3_ACCESS_KEY_ID")
    secret_key = environment.text("S3_SECRET_ACCESS_KEY")
    style = environment.text("S3_ADDRESSING_STYLE", "auto").lower()
    if not bucket:
        given = {
            "S3_ENDPOINT_URL": endpoint,
            "S3_REGION": region,
            "S3_ACCESS_KEY_ID": access_key,
            "S3_SECRET_ACCESS_KEY": secret_key,
        }
        environment.problems += [
            f"{name} is set, and S3_BUCKET is not: name the bucket, or remove {name}."
            for name, value in given.items()
            if value
        ]
        return {}
    environment.problems += [
        sentence
        for is_wrong, sentence in (
            (
                not BUCKET.fullmatch(bucket),
                f"S3_BUCKET is {bucket!r}: set it to the name of a bucket alone, of 3 to 63 small"
                " letters, digits, - and dots.",
            ),
            (
                bool(endpoint) and not is_endpoint(endpoint),
                f"S3_ENDPOINT_URL is {endpoint!r}: set it to an address such as"
                " https://s3.example.org; http:// is for a store in your own network.",
            ),
            (
                not endpoint and not region,
                "S3_REGION is missing: set it to where the bucket is, such as eu-central-1, or set"
                " S3_ENDPOINT_URL if it is not at Amazon.",
            ),
            (
                bool(region) and not REGION.fullmatch(region),
                f"S3_REGION is {region!r}: set it to where the bucket is, such as eu-central-1.",
            ),
            (
                bool(access_key) and not secret_key,
                "S3_SECRET_ACCESS_KEY is missing, and S3_ACCESS_KEY_ID is set: set both, or none if"
                " this machine has a role.",
            ),
            (
                bool(secret_key) and not access_key,
                "S3_ACCESS_KEY_ID is missing, and S3_SECRET_ACCESS_KEY is set: set both, or none if"
                " this machine has a role.",
            ),
            (
                style not in ADDRESSING_STYLES,
                f"S3_ADDRESSING_STYLE is {style!r}: set it to auto, path or virtual.",
            ),
        )
        if is_wrong
    ]
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint,
        "region_name": region or USUAL_REGION,
        "access_key": access_key,
        "secret_key": secret_key,
        "addressing_style": style,
    }
    return {name: value for name, value in options.items() if value}


def is_endpoint(address: str) -> bool:
    if not is_address(address, ("http", "https")):
        return False
    parts = urlsplit(address)
    has_more = bool(parts.query or parts.fragment or parts.username)
    return not has_more and (parts.scheme == "https" or is_near(parts.hostname or ""))


def is_near(host: str) -> bool:
    """Whether nobody else's network is on the way: files go there as they are."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
