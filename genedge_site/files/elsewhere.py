"""Which requests are for a file that is not on this machine."""

from genedge_site.bridge.environ import Environ
from media.stored_files import bucket

__all__ = ["is_file_elsewhere"]

PLACES_OF_FILES = ("/uploads/", "/documents/")


def is_file_elsewhere(environ: Environ) -> bool:
    return environ["PATH_INFO"].startswith(PLACES_OF_FILES) and bucket() is not None
