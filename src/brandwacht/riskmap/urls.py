"""The addresses of the room ``riskmap``."""

from django.urls import URLPattern

app_name = "riskmap"

urlpatterns: list[URLPattern] = []
