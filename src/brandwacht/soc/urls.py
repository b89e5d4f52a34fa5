"""The addresses of the room ``soc``."""

from django.urls import path

from brandwacht.soc.views import alerts, coverage, exceptions, noise, rules, sources, stories

app_name = "soc"

urlpatterns = [
    path("", alerts.listing, name="list"),
    path("/nieuw", alerts.newer, name="newer"),
    path("/regels", rules.listing, name="rules"),
    path("/regels/<uuid:public_id>/schakel", rules.switch, name="rule-switch"),
    path("/bronnen", sources.listing, name="sources"),
    path("/bronnen/<uuid:public_id>", sources.detail, name="source"),
    path("/bronnen/<uuid:public_id>/stand", sources.row, name="source-row"),
    path("/patronen", stories.patterns, name="patterns"),
    path("/verhalen/<uuid:public_id>", stories.detail, name="story"),
    path("/verhalen/<uuid:public_id>/bevestigen", stories.acknowledge, name="story-acknowledge"),
    path("/verhalen/<uuid:public_id>/sluiten", stories.close, name="story-close"),
    path("/<uuid:public_id>/losmaken", stories.take_apart, name="take-apart"),
    path("/ruis", noise.listing, name="noise"),
    path("/ruis/<str:code>", noise.detail, name="noise-rule"),
    path("/uitzonderingen", exceptions.listing, name="exceptions"),
    path("/uitzonderingen/nieuw/<str:code>", exceptions.new, name="exception-new"),
    path("/uitzonderingen/<uuid:public_id>", exceptions.detail, name="exception"),
    path("/uitzonderingen/<uuid:public_id>/verlengen", exceptions.renew, name="exception-renew"),
    path("/uitzonderingen/<uuid:public_id>/goedkeuren", exceptions.approve, name="exception-approve"),
    path("/uitzonderingen/<uuid:public_id>/afwijzen", exceptions.reject, name="exception-reject"),
    path("/uitzonderingen/<uuid:public_id>/beeindigen", exceptions.end, name="exception-end"),
    path("/<uuid:public_id>/uitzondering", exceptions.from_alert, name="exception-from-alert"),
    path("/dekking", coverage.matrix, name="coverage"),
    path("/dekking.json", coverage.navigator, name="coverage-layer"),
    path("/<uuid:public_id>", alerts.detail, name="detail"),
    path("/<uuid:public_id>/bevestigen", alerts.acknowledge, name="acknowledge"),
    path("/<uuid:public_id>/bekend", alerts.known, name="known"),
    path("/<uuid:public_id>/sluiten", alerts.close, name="close"),
    path("/<uuid:public_id>/heropenen", alerts.reopen, name="reopen"),
]
