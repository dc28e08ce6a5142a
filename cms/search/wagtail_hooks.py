"""Where Wagtail's admin meets the search of readers."""

from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from cms.search.admin.in_vain import SearchInVainViewSet
from cms.search.admin.promoted import PromotedTermViewSet


class SearchGroup(ModelViewSetGroup):
    menu_label = "Site search"
    menu_icon = "search"
    menu_order = 240
    items = (PromotedTermViewSet("promoted_results"), SearchInVainViewSet("searches_in_vain"))


@hooks.register("register_admin_viewset")
def register_search():
    return SearchGroup()
