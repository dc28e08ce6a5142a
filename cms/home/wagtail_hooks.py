"""Where Wagtail's admin meets its first page."""

from wagtail import hooks

from cms.home.panels import PANELS


@hooks.register("construct_homepage_panels")
def construct_homepage_panels(request, panels):
    panels[:] = [panel() for panel in PANELS]
