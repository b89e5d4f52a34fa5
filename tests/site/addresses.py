"""Addresses that the frame links to, for tests of pages without their rooms."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    """A page of nothing."""
    return HttpResponse()


week = ([path("organisatie", nothing, name="switch")], "week")
urlpatterns = [
    path("week/", include(week)),
    path("toegankelijkheid", nothing, name="accessibility"),
    path("account/", include("allauth.urls")),
]
