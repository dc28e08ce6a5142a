from django.urls import path

from cms.api.http import views
from cms.api.http.form_files import take_file

urlpatterns = [
    path("graphql", views.graphql, name="graphql"),
    path("forms/files/<str:token>", take_file, name="form_files"),
    path("graphql/explorer", views.explorer, name="graphql_explorer"),
]
