"""The addresses of borders, weak spots, measures, scales and the risk plan."""

from django.urls import path

from brandwacht.riskmap.views import borders, odds, planning, risk_plans

PLAN = [
    path("/over-de-grens", borders.border, name="border"),
    path("/over-de-grens/deel", borders.share, name="border-share"),
    path("/over-de-grens/reken", borders.run, name="border-run"),
    path("/over-de-grens/volg/<uuid:ref>", borders.follow, name="border-follow"),
    path("/over-de-grens/<uuid:public_id>/stop", borders.unfollow, name="border-unfollow"),
    path("/zwakke-plekken", planning.weak, name="weak"),
    path("/zwakke-plekken.csv", planning.weak_csv, name="weak-csv"),
    path("/zwakke-plekken/reken", planning.ask_weak, name="ask-weak"),
    path("/kans-en-schade", odds.odds, name="odds"),
    path("/kans-en-schade.csv", odds.odds_csv, name="odds-csv"),
    path("/rekenwerk/<uuid:public_id>", planning.reckoning, name="reckoning"),
    path("/rekenwerk/<uuid:public_id>/stand", planning.progress, name="progress"),
    path("/rekenwerk/<uuid:public_id>/stop", planning.stop, name="reckoning-stop"),
    path("/maatregelen", planning.measures, name="measures"),
    path("/maatregelen/nieuw", planning.measure, name="measure-new"),
    path("/maatregelen/<uuid:public_id>", planning.measure, name="measure"),
    path("/maatregelen/<uuid:public_id>/weg", planning.remove_measure, name="measure-remove"),
    path("/risicodiagram", risk_plans.diagram, name="diagram"),
    path("/risicodiagram.svg", risk_plans.diagram_svg, name="diagram-svg"),
    path("/risicodiagram.csv", risk_plans.diagram_csv, name="diagram-csv"),
    path("/scenario/<uuid:public_id>/kans", risk_plans.set_chance, name="chance"),
    path("/schalen", risk_plans.scales, name="scales"),
    path("/risicoplan", risk_plans.plans, name="risk-plan"),
    path("/risicoplan/<uuid:public_id>", risk_plans.plan, name="risk-plan-version"),
    path("/risicoplan/<uuid:public_id>.pdf", risk_plans.plan_pdf, name="risk-plan-pdf"),
]
