"""The addresses of the room ``soc``."""

from django.urls import path

from brandwacht.soc.views import alerts, content, lists, logsources, lookback, rule_editor, rule_offs, rules, sources

app_name = "soc"

urlpatterns = [
    path("", alerts.listing, name="list"),
    path("/nieuw", alerts.newer, name="newer"),
    path("/regels", rules.listing, name="rules"),
    path("/regels/nieuw", rule_editor.new, name="rule-new"),
    path("/regels/controle", rule_editor.checking, name="rule-check"),
    path("/regels/inlezen", content.upload, name="rules-upload"),
    path("/regels/uit", rule_offs.listing, name="rule-offs"),
    path("/regels/uit/nieuw", rule_offs.new, name="rule-off-new"),
    path("/regels/uit/<uuid:public_id>/einde", rule_offs.end, name="rule-off-end"),
    path("/regels/<uuid:public_id>", rules.detail, name="rule"),
    path("/regels/<uuid:public_id>/schakel", rules.switch, name="rule-switch"),
    path("/regels/<uuid:public_id>/wijzigen", rule_editor.edit, name="rule-edit"),
    path("/regels/<uuid:public_id>/geschiedenis", rules.history, name="rule-history"),
    path("/regels/<uuid:public_id>/terug", rules.restore, name="rule-restore"),
    path("/regels/<uuid:public_id>/proberen", rules.trial, name="rule-trial"),
    path("/inlezen/<uuid:public_id>", content.detail, name="content"),
    path("/inlezen/<uuid:public_id>/stand", content.progress, name="content-progress"),
    path("/inlezen/<uuid:public_id>/verwerken", content.apply, name="content-apply"),
    path("/inlezen/<uuid:public_id>/weg", content.drop, name="content-drop"),
    path("/lijsten", lists.listing, name="lists"),
    path("/lijsten/nieuw", lists.new, name="list-new"),
    path("/lijsten/<uuid:public_id>", lists.detail, name="list-of"),
    path("/lijsten/<uuid:public_id>/vernieuwen", lists.renew, name="list-renew"),
    path("/lijsten/<uuid:public_id>/einde", lists.end, name="list-end"),
    path("/lijsten/<uuid:public_id>/terugkijken", lists.search, name="list-search"),
    path("/terugkijken/<uuid:public_id>", lookback.detail, name="look-back"),
    path("/terugkijken/<uuid:public_id>/stand", lookback.progress, name="look-back-progress"),
    path("/terugkijken/<uuid:public_id>/stop", lookback.stop, name="look-back-stop"),
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
