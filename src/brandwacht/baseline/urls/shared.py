"""The addresses of shared measures."""

from django.urls import path

from brandwacht.baseline.views import shared

SHARED = [
    path("/gedeeld", shared.listing, name="shared-list"),
    path("/gedeeld/nieuw", shared.publish, name="shared-new"),
    path("/gedeeld/<uuid:public_id>", shared.detail, name="shared"),
    path("/gedeeld/<uuid:public_id>/herzien", shared.revise, name="shared-revise"),
    path("/gedeeld/<uuid:public_id>/intrekken", shared.withdraw, name="shared-withdraw"),
    path("/gedeeld/<uuid:public_id>/overnemen", shared.adopt, name="shared-adopt"),
    path("/overgenomen/<uuid:public_id>", shared.adoption, name="adoption"),
    path("/overgenomen/<uuid:public_id>/keuze", shared.choose, name="adoption-choose"),
]
