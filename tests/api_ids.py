"""The ids by which tests expect the API to answer what they made."""

from typing import Any

from modelcluster.fields import ParentalKey
from wagtail.models import Page, Site

from cms.api.reading.ids import Siblings, encoded, id_for, id_of, place_of, quoted

__all__ = ["id_beneath", "id_for", "id_of", "id_of_row", "linked"]


def id_beneath(holder: Any, *steps: str) -> str:
    """Of a block, from the fields that lead to it and the key in each: ``body``, ``block.id``."""
    return encoded("/".join([place_of(holder), *map(quoted, steps)]))


def id_of_row(row: Any) -> str:
    to_holder = next(each for each in row._meta.fields if isinstance(each, ParentalKey))
    return encoded(
        Siblings([row], getattr(row, to_holder.name), to_holder.remote_field).place_of(row)
    )


def linked(title: str, path: str) -> dict[str, str]:
    """A page as operations ask for it where something links to it."""
    root = Site.objects.get(is_default_site=True).root_page
    page = Page.objects.get(url_path=root.url_path.rstrip("/") + path)
    return {"id": id_of(page), "title": title, "path": path}
