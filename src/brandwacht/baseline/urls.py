"""The addresses of the room ``baseline``."""

from django.urls import URLPattern

app_name = "baseline"

urlpatterns: list[URLPattern] = []
