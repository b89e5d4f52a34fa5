"""The addresses of the TAXII 2.1 server, below ``/taxii2/``; with a slash at the end, as the standard has them."""

from django.urls import path

from brandwacht.sharing.taxii import views

app_name = "taxii"

_COLLECTION = "<slug:code>/collections/<str:collection>/"

urlpatterns = [
    path("", views.discovery, name="discovery"),
    path("<slug:code>/", views.root, name="root"),
    path("<slug:code>/status/<str:status>/", views.status, name="status"),
    path("<slug:code>/collections/", views.collections, name="collections"),
    path(_COLLECTION, views.collection, name="collection"),
    path(f"{_COLLECTION}manifest/", views.manifest, name="manifest"),
    path(f"{_COLLECTION}objects/", views.objects, name="objects"),
    path(f"{_COLLECTION}objects/<str:object_id>/", views.one_object, name="object"),
    path(f"{_COLLECTION}objects/<str:object_id>/versions/", views.versions, name="versions"),
]
