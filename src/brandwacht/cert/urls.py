"""The addresses of the room ``cert``."""

from django.urls import path

from brandwacht.cert import views

app_name = "cert"

urlpatterns = [
    path("", views.listing, name="list"),
    path("/nieuw", views.new, name="new"),
    path("/uit-melding/<uuid:alert_id>", views.open_from_alert, name="open-from-alert"),
    path("/uit-melding/<uuid:alert_id>/erbij", views.join, name="join"),
    path("/<uuid:public_id>", views.detail, name="detail"),
    path("/<uuid:public_id>/beoordeling", views.assess, name="assess"),
    path("/<uuid:public_id>/stand", views.move, name="move"),
    path("/<uuid:public_id>/cert", views.activate, name="activate"),
    path("/<uuid:public_id>/notities", views.note, name="note"),
    path("/<uuid:public_id>/geraakt", views.hit, name="hit"),
    path("/<uuid:public_id>/geraakt/<uuid:node_id>/weg", views.not_hit, name="not-hit"),
    path("/<uuid:public_id>/klokken/<slug:key>/gedaan", views.clock_done, name="clock-done"),
    path("/<uuid:public_id>/klokken/<slug:key>/open", views.clock_undo, name="clock-undo"),
]
