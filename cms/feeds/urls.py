from django.urls import path

from cms.feeds.robots import robots
from cms.feeds.sitemap import part, sitemap

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", part, name="sitemap_part"),
]
