"""Which pictures want a description, asked by publication and by the admin's forms."""

from collections.abc import Iterable, Iterator

__all__ = ["DESCRIBE_PICTURE", "pictures_described_by"]

DESCRIBE_PICTURE = "Describe the picture for people who cannot see it, or mark it as decorative."


def pictures_described_by(names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The fields of each picture among some: itself, its description, whether it is decorative."""
    present = set(names)
    for name in sorted(present):
        picture = name.removesuffix("_alt_text")
        if picture != name and picture in present:
            decorative = f"{picture}_decorative"
            yield picture, name, decorative if decorative in present else ""
