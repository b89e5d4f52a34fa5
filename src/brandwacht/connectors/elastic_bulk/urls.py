"""The addresses for senders, below ``/ingest/elastic``."""

from django.urls import path

from brandwacht.connectors.elastic_bulk import views

app_name = "elastic"

urlpatterns = [
    path("", views.root, name="start"),
    path("/", views.root, name="root"),
    path("/_bulk", views.bulk, name="bulk"),
    path("/<str:index>/_bulk", views.bulk, name="index-bulk"),
    path("/<path:rest>", views.setup, name="setup"),
]
