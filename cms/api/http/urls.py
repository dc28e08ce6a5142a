from django.urls import path

from cms.api.http import views

urlpatterns = [
    path("graphql", views.graphql, name="graphql"),
    # Some clients and proxies add the slash; a redirect would lose the body of a POST.
    path("graphql/", views.graphql),
    path("graphql/explorer", views.explorer, name="graphql_explorer"),
]
