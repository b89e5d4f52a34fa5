"""The addresses of progress reports, the national overview, investment and connecting."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from brandwacht.baseline.views import investment, national, reports


class StepConverter(StringConverter):
    """The steps of a joint theme."""

    regex = "publiceren|afronden"


register_converter(StepConverter, "theme_step")

REPORTS = [
    path("/voortgang", reports.report, name="report"),
    path("/voortgang/vrijgeven", reports.release, name="report-release"),
    path("/voortgang/vergelijken", reports.compare, name="report-compare"),
    path("/voortgang/rapportages", reports.listing, name="snapshots"),
    path("/voortgang/controleren", reports.check, name="snapshot-check"),
    path("/voortgang/rapportage/<uuid:public_id>", reports.snapshot, name="snapshot"),
    path("/voortgang/rapportage/<uuid:public_id>.json", reports.download, name="snapshot-file"),
    path("/voortgang/rapportage/<uuid:public_id>/intrekken", reports.withdraw, name="snapshot-withdraw"),
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
