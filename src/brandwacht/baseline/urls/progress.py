"""The addresses of progress reports, the national overview, investment and connecting."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from brandwacht.baseline.views import investment, national, progress


class StepConverter(StringConverter):
    """The steps of a joint theme."""

    regex = "publiceren|afronden"


register_converter(StepConverter, "theme_step")

PROGRESS = [
    path("/voortgang", progress.progress, name="progress"),
    path("/voortgang/vrijgeven", progress.release, name="progress-release"),
    path("/voortgang/vergelijken", progress.compare, name="progress-compare"),
    path("/voortgang/rapportages", progress.listing, name="snapshots"),
    path("/voortgang/controleren", progress.check, name="snapshot-check"),
    path("/voortgang/rapportage/<uuid:public_id>", progress.snapshot, name="snapshot"),
    path("/voortgang/rapportage/<uuid:public_id>.json", progress.download, name="snapshot-file"),
    path("/voortgang/rapportage/<uuid:public_id>/intrekken", progress.withdraw, name="snapshot-withdraw"),
    path("/landelijk", national.overview, name="overview"),
    path("/landelijk.csv", national.export_csv, name="overview-csv"),
    path("/landelijk.xlsx", national.export_xlsx, name="overview-xlsx"),
    path("/landelijk/themas", national.themes, name="themes"),
    path("/landelijk/themas/<uuid:public_id>", national.theme, name="theme"),
    path("/landelijk/themas/<uuid:public_id>/<theme_step:step>", national.theme_step, name="theme-step"),
    path("/investering", investment.investment, name="investment"),
    path("/investering.csv", investment.export_csv, name="investment-csv"),
    path("/investering.xlsx", investment.export_xlsx, name="investment-xlsx"),
    path("/maatregelen/<uuid:public_id>/kosten", investment.costs, name="measure-cost"),
    path("/aansluiten", investment.conditions, name="conditions"),
]
