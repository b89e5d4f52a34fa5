"""The addresses of the room ``riskmap``."""

from django.urls import path

from brandwacht.riskmap.views import borders, maps, planning, plans, runs

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
    path("/zwakke-plekken", planning.weak, name="weak"),
    path("/zwakke-plekken.csv", planning.weak_csv, name="weak-csv"),
    path("/zwakke-plekken/reken", planning.ask_weak, name="ask-weak"),
    path("/voortgang/<slug:kind>", planning.progress, name="progress"),
    path("/maatregelen", planning.measures, name="measures"),
    path("/maatregelen/nieuw", planning.measure, name="measure-new"),
    path("/maatregelen/<uuid:public_id>", planning.measure, name="measure"),
    path("/maatregelen/<uuid:public_id>/weg", planning.remove_measure, name="measure-remove"),
    path("/risicodiagram", plans.diagram, name="diagram"),
    path("/risicodiagram.svg", plans.diagram_svg, name="diagram-svg"),
    path("/risicodiagram.csv", plans.diagram_csv, name="diagram-csv"),
    path("/scenario/<uuid:public_id>/kans", plans.set_chance, name="chance"),
    path("/schalen", plans.scales, name="scales"),
    path("/risicoplan", plans.plans, name="plan"),
    path("/risicoplan/<uuid:public_id>", plans.plan, name="plan-version"),
    path("/risicoplan/<uuid:public_id>.pdf", plans.plan_pdf, name="plan-pdf"),
]
