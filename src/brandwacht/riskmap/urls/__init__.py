"""The addresses of the room ``riskmap``."""

from django.urls import path

from brandwacht.riskmap.urls.plan import PLAN
from brandwacht.riskmap.urls.register import REGISTER
from brandwacht.riskmap.views import comparing, incidents, maps, network, now, places, regions, runs

app_name = "riskmap"

urlpatterns = [
    path("", maps.risk_map, name="map"),
    path("/beeld", network.picture, name="picture"),
    path("/nu", now.now, name="now"),
    path("/nu/deel", now.part, name="now-part"),
    path("/kaart", places.places, name="places"),
    path("/kaart/grenzen", places.boundaries, name="boundaries"),
    path("/kaart/plaatsen", places.put, name="put"),
    path("/regios", regions.regions, name="regions"),
    path("/onderdelen.csv", maps.nodes_csv, name="nodes-csv"),
    path("/onderdeel/<uuid:public_id>", maps.node, name="node"),
    path("/wat-als", runs.what_if, name="what-if"),
    path("/wat-als/proef", runs.try_out, name="try-out"),
    path("/storingen", incidents.listing, name="incidents"),
    path("/storingen/<slug:key>", incidents.incident, name="incident"),
    path("/vergelijk", comparing.compare, name="compare"),
    path("/uitkomst/<uuid:public_id>", runs.run, name="run"),
    path("/uitkomst/<uuid:public_id>.csv", runs.run_csv, name="run-csv"),
    path("/uitkomst/<uuid:public_id>.svg", runs.run_svg, name="run-svg"),
    path("/uitkomst/<uuid:public_id>/bewaar", runs.keep, name="keep"),
    path("/scenario/<uuid:public_id>/reken", runs.play_scenario, name="play-scenario"),
    path("/scenario/<uuid:public_id>/weg", runs.remove_scenario, name="remove-scenario"),
    *REGISTER,
    *PLAN,
]
