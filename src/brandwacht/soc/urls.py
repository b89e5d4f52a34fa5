"""The addresses of the room ``soc``."""

from django.urls import path

from brandwacht.soc.views import alerts, logsources, rules, sources

app_name = "soc"

urlpatterns = [
    path("", alerts.listing, name="list"),
    path("/nieuw", alerts.newer, name="newer"),
    path("/regels", rules.listing, name="rules"),
    path("/regels/<uuid:public_id>/schakel", rules.switch, name="rule-switch"),
    path("/bronnen", sources.listing, name="sources"),
    path("/bronnen/<uuid:public_id>", sources.detail, name="source"),
    path("/bronnen/<uuid:public_id>/stand", sources.row, name="source-row"),
    path("/logbronnen", logsources.listing, name="logsources"),
    path("/logbronnen/nieuw", logsources.new, name="logsource-new"),
    path("/logbronnen/gaten", logsources.gaps, name="gaps"),
    path("/logbronnen/<uuid:public_id>", logsources.detail, name="logsource"),
    path("/logbronnen/<uuid:public_id>/wijzigen", logsources.edit, name="logsource-edit"),
    path("/logbronnen/<uuid:public_id>/token", logsources.renew, name="logsource-token"),
    path("/logbronnen/<uuid:public_id>/beeindigen", logsources.end, name="logsource-end"),
    path("/<uuid:public_id>", alerts.detail, name="detail"),
    path("/<uuid:public_id>/bevestigen", alerts.acknowledge, name="acknowledge"),
    path("/<uuid:public_id>/bekend", alerts.known, name="known"),
    path("/<uuid:public_id>/sluiten", alerts.close, name="close"),
    path("/<uuid:public_id>/heropenen", alerts.reopen, name="reopen"),
]
