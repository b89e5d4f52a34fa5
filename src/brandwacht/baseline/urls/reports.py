"""The addresses of the reports on paper and of the assessment in Excel."""

from django.urls import path

from brandwacht.baseline.views import reports, workbooks

REPORTS = [
    path("/rapporten", reports.reports, name="reports"),
    path("/rapporten/huisstijl", reports.style, name="report-style"),
    path("/rapporten/huisstijl/logo.png", reports.logo, name="report-logo"),
    path("/rapporten/<uuid:public_id>", reports.report, name="report"),
    path("/rapporten/<uuid:public_id>.pdf", reports.report_pdf, name="report-pdf"),
    path("/rapporten/<uuid:public_id>.xlsx", reports.report_xlsx, name="report-xlsx"),
    path("/excel", workbooks.workbooks, name="workbooks"),
    path("/excel/beantwoording.xlsx", workbooks.download, name="workbook-download"),
    path("/excel/<uuid:public_id>", workbooks.workbook, name="workbook"),
    path("/excel/<uuid:public_id>/voortgang", workbooks.progress, name="workbook-progress"),
    path("/excel/<uuid:public_id>/overnemen", workbooks.take, name="workbook-take"),
    path("/excel/<uuid:public_id>/terug", workbooks.undo, name="workbook-undo"),
]
