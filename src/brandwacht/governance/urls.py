"""The addresses of the room ``governance``."""

from django.urls import path

from brandwacht.governance import views

app_name = "governance"

urlpatterns = [
    path("", views.board, name="board"),
    path("/bevoegdheden", views.powers, name="powers"),
]
