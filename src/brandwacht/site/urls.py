"""All addresses: one line per room. No trailing slashes; allauth keeps its own."""

from django.urls import include, path

from brandwacht.site import accounts, pages
from brandwacht.site.api import api

urlpatterns = [
    path("", include("brandwacht.network.urls.week")),
    path("beheer", include("brandwacht.network.urls.beheer")),
    path("waakzaam", include("brandwacht.soc.urls")),
    path("incidenten", include("brandwacht.cert.urls")),
    path("delen", include("brandwacht.sharing.urls")),
    path("risicokaart", include("brandwacht.riskmap.urls")),
    path("basis", include("brandwacht.baseline.urls")),
    path("besturen", include("brandwacht.governance.urls")),
    path("api/v1/", api.urls),
    path(".well-known/csaf/", include("brandwacht.sharing.urls.csaf")),
    path("taxii2/", include("brandwacht.sharing.urls.taxii")),
    path("ingest/elastic", include("brandwacht.connectors.elastic_bulk.urls")),
    *(path(f"account/{address}", accounts.closed) for address in accounts.CLOSED),
    path("account/", include("allauth.urls")),
    path("stijlgids", pages.style_guide, name="style-guide"),
    path("toegankelijkheid", pages.accessibility, name="accessibility"),
    path("gezondheid", pages.health, name="health"),
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
]

handler403 = "brandwacht.site.pages.forbidden"
handler404 = "brandwacht.site.pages.not_found"
handler429 = "brandwacht.site.accounts.too_often"
handler500 = "brandwacht.site.pages.server_error"
