"""The addresses of evidence, of what applies, and of the fixed tasks."""

from django.urls import path

from brandwacht.baseline.views import applicability, evidence, rhythms

EVIDENCE_URLS = [
    path("/bewijs/<uuid:public_id>", evidence.detail, name="evidence"),
    path("/bewijs/<uuid:public_id>/document", evidence.document, name="evidence-document"),
    path("/bewijs/<uuid:public_id>/gezien", evidence.seen, name="evidence-seen"),
    path("/bewijs/<uuid:public_id>/intrekken", evidence.withdraw, name="evidence-withdraw"),
    path("/overheid", applicability.government_list, name="government-list"),
    path("/overheid/<str:number>", applicability.government, name="government"),
    path("/uitzonderingen", applicability.exceptions, name="exceptions"),
    path("/uitzonderingen.csv", applicability.exceptions_export, name="exceptions-export"),
    path("/processen", applicability.processes, name="processes"),
    path("/processen/<uuid:public_id>", applicability.process, name="process"),
    path("/vaste-taken", rhythms.listing, name="rhythms"),
    path("/vaste-taken/<uuid:public_id>/toch-niet", rhythms.undo, name="rhythm-undo"),
    path("/vaste-taken/<str:number>", rhythms.done, name="rhythm-done"),
    path("/<str:number>/bewijs", evidence.add, name="evidence-new"),
]
