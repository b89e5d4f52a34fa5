"""The addresses of "Beheer"."""

from django.urls import path

from brandwacht.network.views import beheer

app_name = "beheer"

urlpatterns = [
    path("", beheer.home, name="home"),
]
