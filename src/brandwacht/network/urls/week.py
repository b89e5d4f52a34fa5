"""The addresses of "Deze week"."""

from django.urls import path

from brandwacht.network.views import week

app_name = "week"

urlpatterns = [
    path("", week.home, name="home"),
    path("organisatie", week.switch, name="switch"),
]
