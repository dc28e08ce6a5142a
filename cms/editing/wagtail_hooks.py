"""Where Wagtail meets what this folder adds to its admin."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.editing.snippets import OrganisationViewSet, PersonViewSet

register_snippet(PersonViewSet)
register_snippet(OrganisationViewSet)


@hooks.register("register_icons")
def register_icons(icons):
    return [*icons, "editing/icons/organisation.svg"]
