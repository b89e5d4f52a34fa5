"""The addresses of the room ``soc``."""

from django.urls import path

from brandwacht.soc.views import alerts, hunts, keeping, rules, sources

app_name = "soc"

urlpatterns = [
    path("", alerts.listing, name="list"),
    path("/nieuw", alerts.newer, name="newer"),
    path("/regels", rules.listing, name="rules"),
    path("/regels/<uuid:public_id>/schakel", rules.switch, name="rule-switch"),
    path("/bronnen", sources.listing, name="sources"),
    path("/bronnen/<uuid:public_id>", sources.detail, name="source"),
    path("/bronnen/<uuid:public_id>/stand", sources.row, name="source-row"),
    path("/zoeken", hunts.asking, name="hunt"),
    path("/zoeken/bewaard/<uuid:public_id>/weg", hunts.remove, name="hunt-remove"),
    path("/zoeken/<uuid:public_id>", hunts.result, name="hunt-run"),
    path("/zoeken/<uuid:public_id>/stand", hunts.standing, name="hunt-standing"),
    path("/zoeken/<uuid:public_id>/stop", hunts.stop, name="hunt-stop"),
    path("/zoeken/<uuid:public_id>/bewaren", hunts.save, name="hunt-save"),
    path("/zoeken/<uuid:public_id>/rij/<int:number>", hunts.row, name="hunt-row"),
    path("/zoeken/<uuid:public_id>/uit/<str:form>", hunts.export, name="hunt-export"),
    path("/bewaring", keeping.overview, name="store"),
    path("/bewaring/termijn", keeping.term, name="store-term"),
    path("/bewaring/vasthouden", keeping.hold, name="store-hold"),
    path("/bewaring/vasthouden/<uuid:public_id>/einde", keeping.release, name="store-release"),
    path("/<uuid:public_id>", alerts.detail, name="detail"),
    path("/<uuid:public_id>/bevestigen", alerts.acknowledge, name="acknowledge"),
    path("/<uuid:public_id>/bekend", alerts.known, name="known"),
    path("/<uuid:public_id>/sluiten", alerts.close, name="close"),
    path("/<uuid:public_id>/heropenen", alerts.reopen, name="reopen"),
]
