from django.urls import path

from cms.feeds.atom import atom
from cms.feeds.forums import forums
from cms.feeds.robots import robots
from cms.feeds.sitemap import part, sitemap

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("feeds/forums.ics", forums, name="forums_calendar"),
    path("feeds/<str:name>.atom", atom, name="atom_feed"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", part, name="sitemap_part"),
]
