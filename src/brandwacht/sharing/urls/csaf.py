"""The addresses of CSAF, below ``/.well-known/csaf/``: provider metadata, a ROLIE feed per label, and the documents."""

from django.urls import path

from brandwacht.sharing.views import csaf

app_name = "csaf"

urlpatterns = [
    path("provider-metadata.json", csaf.metadata, name="metadata"),
    path("<slug:label>/feed.json", csaf.rolie, name="rolie"),
    path("<slug:label>/<int:year>/<str:name>", csaf.document, name="document"),
]
