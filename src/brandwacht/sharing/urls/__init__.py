"""The addresses of the room ``sharing``."""

from django.urls import path

from brandwacht.sharing.urls.advisories import ADVISORIES
from brandwacht.sharing.urls.couplings import COUPLINGS
from brandwacht.sharing.urls.ndn import NODE
from brandwacht.sharing.urls.products import PRODUCTS
from brandwacht.sharing.urls.seats import SEATS
from brandwacht.sharing.urls.threats import THREATS
from brandwacht.sharing.views import warnings

app_name = "sharing"

urlpatterns = [
    path("/waarschuwingen", warnings.listing, name="list"),
    path("/nieuw", warnings.new, name="new"),
    path("/<uuid:public_id>", warnings.detail, name="detail"),
    path("/<uuid:public_id>/wijzig", warnings.edit, name="edit"),
    path("/<uuid:public_id>/verzend", warnings.send, name="send"),
    path("/<uuid:public_id>/intrekken", warnings.withdraw, name="withdraw"),
    path("/<uuid:public_id>/antwoord", warnings.answer, name="answer"),
    path("/<uuid:public_id>/stix", warnings.as_stix, name="stix"),
    *PRODUCTS,
    *SEATS,
    *THREATS,
    *ADVISORIES,
    *COUPLINGS,
    *NODE,
]
