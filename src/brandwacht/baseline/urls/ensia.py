"""The addresses of the yearly account (ENSIA)."""

from django.urls import path

from brandwacht.baseline.views import ensia

ENSIA = [
    path("/ensia", ensia.overview, name="ensia"),
    path("/ensia/begin", ensia.start, name="ensia-start"),
    path("/ensia/<int:number>", ensia.year, name="ensia-year"),
    path("/ensia/<int:number>/raad", ensia.horizontal, name="ensia-horizontal"),
    path("/ensia/<int:number>/aan/<str:recipient>", ensia.vertical, name="ensia-vertical"),
    path("/ensia/verklaring/<uuid:public_id>", ensia.statement, name="ensia-statement"),
]
