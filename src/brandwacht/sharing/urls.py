"""The addresses of the room ``sharing``."""

from django.urls import path

from brandwacht.sharing import views

app_name = "sharing"

urlpatterns = [
    path("", views.listing, name="list"),
    path("/nieuw", views.new, name="new"),
    path("/<uuid:public_id>", views.detail, name="detail"),
    path("/<uuid:public_id>/wijzig", views.edit, name="edit"),
    path("/<uuid:public_id>/verzend", views.send, name="send"),
    path("/<uuid:public_id>/intrekken", views.withdraw, name="withdraw"),
    path("/<uuid:public_id>/antwoord", views.answer, name="answer"),
    path("/<uuid:public_id>/stix", views.as_stix, name="stix"),
]
