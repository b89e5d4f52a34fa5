"""The addresses of "Beheer"."""

from django.urls import path

from brandwacht.network.views import beheer, grants, imports, logbook, organisation, people, register

app_name = "beheer"

urlpatterns = [
    path("", beheer.home, name="home"),
    path("/mensen", people.listing, name="people"),
    path("/mensen/nieuw", people.new, name="people-new"),
    path("/mensen/<uuid:public_id>/einde", people.end, name="people-end"),
    path("/mandaten", grants.listing, name="grants"),
    path("/mandaten/nieuw", grants.new, name="grant-new"),
    path("/mandaten/<uuid:public_id>", grants.detail, name="grant"),
    path("/mandaten/<uuid:public_id>/einde", grants.end, name="grant-end"),
    path("/organisatie", organisation.regimes, name="organisation"),
    path("/tokens", organisation.tokens, name="tokens"),
    path("/tokens/<uuid:public_id>/einde", organisation.revoke, name="token-end"),
    path("/logboek", logbook.listing, name="logbook"),
    path("/logboek.csv", logbook.export, name="logbook-export"),
    path("/logboek/controle", logbook.verify, name="logbook-verify"),
    path("/register", register.listing, name="register"),
    path("/register.csv", register.export, name="register-export"),
    path("/register/nieuw", register.new, name="node-new"),
    path("/register/<uuid:public_id>", register.node, name="node"),
    path("/register/<uuid:public_id>/wijzig", register.edit, name="node-edit"),
    path("/register/<uuid:public_id>/herken", register.confirm, name="node-confirm"),
    path("/register/<uuid:public_id>/verwijder", register.remove, name="node-remove"),
    path("/register/<uuid:public_id>/nodig", register.need, name="need-new"),
    path("/register/<uuid:public_id>/nodig/<uuid:need_id>", register.need, name="need"),
    path("/register/<uuid:public_id>/nodig/<uuid:need_id>/verwijder", register.remove_need, name="need-remove"),
    path("/tabel/<slug:kind>", imports.offer, name="import"),
    path("/tabel/<slug:kind>/sjabloon.csv", imports.template, name="import-template"),
    path("/tabel/<slug:kind>/sjabloon.xlsx", imports.template_xlsx, name="import-template-xlsx"),
    path("/tabel/voorbeeld/<uuid:public_id>", imports.preview, name="import-preview"),
    path("/tabel/voorbeeld/<uuid:public_id>/verwerk", imports.apply, name="import-apply"),
]
