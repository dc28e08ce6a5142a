"""The lists at the root of the schema, one module for each kind of content."""

from cms.api.schema.listings.article import ARTICLES
from cms.api.schema.listings.deliverable import PUBLISHED_DELIVERABLES
from cms.api.schema.listings.forum import FORUMS
from cms.api.schema.listings.organisation import ORGANISATIONS
from cms.api.schema.listings.person import PEOPLE

__all__ = ["Listings"]


class Listings:
    """The root's lists, by their names."""

    forums = FORUMS.field()
    articles = ARTICLES.field()
    published_deliverables = PUBLISHED_DELIVERABLES.field()
    people = PEOPLE.field()
    organisations = ORGANISATIONS.field()
