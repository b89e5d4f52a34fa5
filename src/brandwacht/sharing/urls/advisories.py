"""The addresses of advisories, asset profiles and notices."""

from django.urls import path

from brandwacht.sharing.views import advisories, notices, profile

ADVISORIES = [
    path("/meldingen", notices.listing, name="notices"),
    path("/meldingen.csv", notices.export, name="notices-export"),
    path("/meldingen/<uuid:public_id>", notices.detail, name="notice"),
    path("/meldingen/<uuid:public_id>/bevestig", notices.acknowledge, name="notice-acknowledge"),
    path("/meldingen/<uuid:public_id>/herstel", notices.repair, name="notice-repair"),
    path("/adviezen", advisories.listing, name="advisories"),
    path("/adviezen/nieuw", advisories.take, name="advisory-new"),
    path("/adviezen/adres/<uuid:public_id>/verwijder", advisories.drop_feed, name="advisory-feed-drop"),
    path("/adviezen/adres", advisories.add_feed, name="advisory-feed-new"),
    path("/adviezen/<uuid:public_id>", advisories.detail, name="advisory"),
    path("/profiel", profile.listing, name="profile"),
    path("/profiel.csv", profile.export, name="profile-export"),
    path("/profiel/nieuw", profile.new, name="asset-new"),
    path("/profiel/<uuid:public_id>", profile.edit, name="asset"),
    path("/profiel/<uuid:public_id>/einde", profile.end, name="asset-end"),
]
