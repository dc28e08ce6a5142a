"""The lists at the root of the schema, one module for each kind of content."""

from cms.api.schema.listings.article import ARTICLES
from cms.api.schema.listings.deliverable import DELIVERABLES
from cms.api.schema.listings.forum import FORUMS
from cms.api.schema.listings.newsletter import NEWSLETTERS
from cms.api.schema.listings.organisation import ORGANISATIONS
from cms.api.schema.listings.page import PAGES
from cms.api.schema.listings.person import PEOPLE
from cms.api.schema.listings.redirect import REDIRECTS
from cms.api.schema.listings.sitemap import SITEMAP
from cms.api.schema.listings.tag import TAGS

__all__ = ["Listings"]


class Listings:
    """The root's lists, by their names."""

    forums = FORUMS.field()
    articles = ARTICLES.field()
    newsletters = NEWSLETTERS.field()
    deliverables = DELIVERABLES.field()
    people = PEOPLE.field()
    organisations = ORGANISATIONS.field()
    pages = PAGES.field()
    redirects = REDIRECTS
    sitemap = SITEMAP
    tags = TAGS
