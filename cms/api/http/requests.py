"""Whether the API is asked."""

__all__ = ["is_api"]


def is_api(path: str) -> bool:
    return path in {"/graphql", "/graphql/"}
