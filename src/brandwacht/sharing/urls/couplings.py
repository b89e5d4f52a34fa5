"""The addresses of couplings."""

from django.urls import path

from brandwacht.sharing.views import couplings

COUPLINGS = [
    path("/koppelingen", couplings.listing, name="couplings"),
    path("/koppelingen/nieuw", couplings.new, name="coupling-new"),
    path("/koppelingen/feed.zip", couplings.misp_feed, name="misp-feed"),
    path("/koppelingen/<uuid:public_id>", couplings.detail, name="coupling"),
    path("/koppelingen/<uuid:public_id>/wijzig", couplings.edit, name="coupling-edit"),
    path("/koppelingen/<uuid:public_id>/probeer", couplings.probe, name="coupling-probe"),
    path("/koppelingen/<uuid:public_id>/start", couplings.start, name="coupling-start"),
    path("/koppelingen/<uuid:public_id>/nu", couplings.run_now, name="coupling-run"),
    path("/koppelingen/<uuid:public_id>/pauze", couplings.pause, name="coupling-pause"),
    path("/koppelingen/<uuid:public_id>/einde", couplings.end, name="coupling-end"),
]
