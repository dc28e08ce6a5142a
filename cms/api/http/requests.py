"""Whether the API is asked, or a file is sent to one of its forms."""

__all__ = ["is_api", "is_form_file"]

FORM_FILES = "/forms/files/"


def is_api(path: str) -> bool:
    # Some clients and proxies add the slash; a redirect would lose the body of a POST.
    return path in {"/graphql", "/graphql/"}


def is_form_file(path: str) -> bool:
    return path.startswith(FORM_FILES)
