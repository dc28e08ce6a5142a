from django.urls import path, re_path

from cms.feeds.atom import atom
from cms.feeds.cards import card
from cms.feeds.charts import chart
from cms.feeds.forums import forums
from cms.feeds.llms import llms
from cms.feeds.markdown import markdown
from cms.feeds.robots import robots
from cms.feeds.sitemap import part, sitemap

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("feeds/forums.ics", forums, name="forums_calendar"),
    path("feeds/<str:name>.atom", atom, name="atom_feed"),
    path("cards/<str:page>/<slug:digest>.png", card, name="card"),
    path("charts/<int:page>/<str:name>/<str:theme>-<slug:digest>.svg", chart, name="chart"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("llms.txt", llms, name="llms"),
    re_path(r"^(?P<path>(?:[\w\-]+/)*)index\.md$", markdown, name="page_as_markdown"),
    path("sitemap-<int:number>.xml", part, name="sitemap_part"),
]
