"""The addresses of the room ``baseline``."""

from django.urls import path

from brandwacht.baseline.urls.ensia import ENSIA
from brandwacht.baseline.urls.evidence import EVIDENCE_URLS
from brandwacht.baseline.urls.frameworks import FRAMEWORK_URLS
from brandwacht.baseline.urls.progress import PROGRESS
from brandwacht.baseline.urls.questions import QUESTIONS
from brandwacht.baseline.urls.reports import REPORTS
from brandwacht.baseline.urls.reviews import REVIEWS
from brandwacht.baseline.urls.shared import SHARED
from brandwacht.baseline.views import controls, measures

app_name = "baseline"

urlpatterns = [
    path("", controls.listing, name="list"),
    path("/vragen.csv", controls.export, name="export"),
    path("/maatregelen", measures.listing, name="measures"),
    path("/maatregelen.csv", measures.export, name="measures-export"),
    path("/maatregelen/nieuw", measures.make, name="measure-new"),
    path("/maatregelen/<uuid:public_id>", measures.detail, name="measure"),
    path("/maatregelen/<uuid:public_id>/stap", measures.move, name="measure-move"),
    path("/maatregelen/<uuid:public_id>/wijzigen", measures.change, name="measure-change"),
    path("/bio-1.04", controls.reference, name="reference"),
    *PROGRESS,
    *QUESTIONS,
    *FRAMEWORK_URLS,
    *EVIDENCE_URLS,
    *REPORTS,
    *REVIEWS,
    *SHARED,
    *ENSIA,
    path("/<str:number>", controls.control, name="control"),
]
