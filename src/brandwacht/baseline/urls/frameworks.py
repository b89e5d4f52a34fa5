"""The addresses of frameworks, the step to a newer version, the exchange and loaded texts."""

from django.urls import path

from brandwacht.baseline.views import exchange, frameworks, texts

FRAMEWORK_URLS = [
    path("/kaders", frameworks.chooser, name="frameworks"),
    path("/kaders/uitwisselen", exchange.overview, name="exchange"),
    path("/kaders/uitwisselen/<slug:kind>.json", exchange.export, name="export-oscal"),
    path("/kaders/uitwisselen/<uuid:public_id>", exchange.offered, name="import"),
    path("/kaders/uitwisselen/<uuid:public_id>/over", exchange.apply, name="import-apply"),
    path("/kaders/teksten", texts.texts, name="texts"),
    path("/kaders/teksten/indeling/weg", texts.remove_grouping, name="grouping-remove"),
    path("/kaders/teksten/<str:key>/weg", texts.remove_texts, name="texts-remove"),
    path("/kaders/overgang/<str:old>", frameworks.passage, name="passage"),
    path("/kaders/bekijk/<str:key>", frameworks.through, name="through"),
    path("/kaders/bekijk/<str:key>/tabel", frameworks.through_csv, name="through-csv"),
]
