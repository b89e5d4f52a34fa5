"""The addresses of the room ``riskmap``."""

from django.urls import path

from brandwacht.riskmap.views import borders, maps, runs

app_name = "riskmap"

urlpatterns = [
    path("", maps.risk_map, name="map"),
    path("/beeld", maps.whole_picture, name="picture"),
    path("/onderdelen.csv", maps.nodes_csv, name="nodes-csv"),
    path("/onderdeel/<uuid:public_id>", maps.node, name="node"),
    path("/wat-als", runs.what_if, name="what-if"),
    path("/uitkomst/<uuid:public_id>", runs.run, name="run"),
    path("/uitkomst/<uuid:public_id>.csv", runs.run_csv, name="run-csv"),
    path("/uitkomst/<uuid:public_id>.svg", runs.run_svg, name="run-svg"),
    path("/uitkomst/<uuid:public_id>/bewaar", runs.keep, name="keep"),
    path("/scenario/<uuid:public_id>/reken", runs.play_scenario, name="play-scenario"),
    path("/scenario/<uuid:public_id>/weg", runs.remove_scenario, name="remove-scenario"),
    path("/over-de-grens", borders.border, name="border"),
    path("/over-de-grens/deel", borders.share, name="border-share"),
    path("/over-de-grens/reken", borders.run, name="border-run"),
    path("/over-de-grens/volg/<uuid:ref>", borders.follow, name="border-follow"),
    path("/over-de-grens/<uuid:public_id>/stop", borders.unfollow, name="border-unfollow"),
]
