"""The addresses of the register within the room ``riskmap``, and of the partner's own part."""

from django.urls import path

from brandwacht.riskmap.views import levers, part, partners, plans, sheets, suggestions, vital_lists

_LIST = "/register/vitaal/<uuid:public_id>"
_PLAN = "/register/plannen/<uuid:public_id>"

REGISTER = [
    path("/register", sheets.register, name="register"),
    path("/register/tabel/<slug:key>", sheets.edit, name="sheet"),
    path("/register/tabel/<slug:key>/bestand.csv", sheets.export, {"ending": "csv"}, name="sheet-csv"),
    path("/register/tabel/<slug:key>/bestand.xlsx", sheets.export, {"ending": "xlsx"}, name="sheet-xlsx"),
    path("/register/opgeslagen/<uuid:public_id>/ongedaan", sheets.undo, name="sheet-undo"),
    path("/register/landelijke-lijst", suggestions.listing, name="suggestions"),
    path("/register/landelijke-lijst/kies", suggestions.take, name="suggestions-take"),
    path("/register/landelijke-lijst/voorstellen", suggestions.settle, name="suggestions-settle"),
    path("/register/vitaal", vital_lists.listing, name="vital-lists"),
    path(_LIST, vital_lists.detail, name="vital-list"),
    path(f"{_LIST}/proces", vital_lists.put, name="vital-put"),
    path(f"{_LIST}/proces/<uuid:item_id>/weg", vital_lists.drop, name="vital-drop"),
    path(f"{_LIST}/bied-aan", vital_lists.offer, name="vital-offer"),
    path(f"{_LIST}/neem-terug", vital_lists.take_back, name="vital-take-back"),
    path(f"{_LIST}/weg", vital_lists.remove, name="vital-remove"),
    path(f"{_LIST}/stel-vast", vital_lists.adopt, name="vital-adopt"),
    path("/register/plannen", plans.listing, name="plans"),
    path("/register/plannen/voor/<uuid:node_id>", plans.new, name="plan-new"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}/wijzig", plans.edit, name="plan-edit"),
    path(f"{_PLAN}/test", plans.test, name="plan-test"),
    path(f"{_PLAN}/weg", plans.remove, name="plan-remove"),
    path("/register/partners", partners.listing, name="partners"),
    path("/register/partners/<uuid:public_id>/intrekken", partners.revoke, name="partner-revoke"),
    path("/register/partners/voorstel/<uuid:public_id>", partners.proposal, name="proposal"),
    path("/register/partners/voorstel/<uuid:public_id>/oordeel", partners.judge, name="proposal-judge"),
    path("/register/vragen", levers.listing, name="levers"),
    path("/register/vragen/nieuw", levers.new, name="lever-new"),
    path("/register/vragen/<uuid:public_id>", levers.detail, name="lever"),
    path("/register/vragen/<uuid:public_id>/antwoord", levers.answer, name="lever-answer"),
    path("/deel", part.part, name="part"),
    path("/deel/verstuurd", part.sent, name="part-sent"),
    path("/deel/open/<str:token>", part.open_link, name="part-open"),
]
