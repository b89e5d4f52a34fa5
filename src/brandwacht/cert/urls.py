"""The addresses of the room ``cert``."""

from django.urls import URLPattern

app_name = "cert"

urlpatterns: list[URLPattern] = []
