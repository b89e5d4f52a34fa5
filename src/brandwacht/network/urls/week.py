"""The addresses of "Deze week"."""

from django.urls import path

from brandwacht.network.views import week

app_name = "week"

urlpatterns = [
    path("", week.home, name="home"),
    path("organisatie", week.switch, name="switch"),
    path("acties/<uuid:public_id>/gedaan", week.finish, name="finish"),
    path("acties/<uuid:public_id>/heropen", week.reopen, name="reopen"),
    path("acties/<uuid:public_id>/later", week.postpone, name="postpone"),
    path("acties/<uuid:public_id>/geef", week.give, name="give"),
    path("acties/<uuid:public_id>/haal-terug", week.take_back, name="take-back"),
]
