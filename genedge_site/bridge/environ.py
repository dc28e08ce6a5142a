"""A request as the server tells it, turned into what a WSGI application reads (PEP 3333)."""

import sys
from typing import Any

__all__ = ["Environ", "environ_of"]

Environ = dict[str, Any]


def environ_of(scope: Any) -> Environ:
    """Everything but the body."""
    server, _, port = scope.server.rpartition(":")
    client, _, _ = scope.client.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # X_Forwarded_Proto would pass for the X-Forwarded-Proto that only a proxy may write.
        if "_" not in name:
            add_header(environ, name.upper().replace("-", "_"), value)
    return environ


def add_header(environ: Environ, name: str, value: str) -> None:
    key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
    if key in environ:
        value = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}"
    environ[key] = value
