from django.urls import path

from cms.api.http import views

urlpatterns = [
    path("graphql", views.graphql, name="graphql"),
    path("graphql/explorer", views.explorer, name="graphql_explorer"),
]
