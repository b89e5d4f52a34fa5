"""The addresses of the room ``soc``."""

from django.urls import URLPattern

app_name = "soc"

urlpatterns: list[URLPattern] = []
