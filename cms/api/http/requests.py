"""Whether the API is asked."""

__all__ = ["is_api"]


def is_api(path: str) -> bool:
    # Some clients and proxies add the slash; a redirect would lose the body of a POST.
    return path in {"/graphql", "/graphql/"}
