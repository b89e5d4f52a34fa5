"""Rows of the reports on paper and of the assessment in Excel."""

from __future__ import annotations

from tests.matrix.rows import act, make, part, thing, upload

PAPERS = (
    part("baseline:reports"),
    make("baseline:reports", data={"kind": "verbeterplan"}),
    part("baseline:report-style"),
    make("baseline:report-style", data={"name1": "Een proef"}),
    part("baseline:report-logo", stranger=404, ended=404),
    thing("baseline:report", "report"),
    thing("baseline:report-pdf", "report"),
    thing("baseline:report-xlsx", "report"),
    part("baseline:workbooks"),
    make("baseline:workbooks", data=upload("proef.xlsx", "geen werkmap")),
    part("baseline:workbook-download", word=False),
    thing("baseline:workbook", "workbook"),
    thing("baseline:workbook-progress", "workbook", word=False),
    act("baseline:workbook-take", "workbook"),
    act("baseline:workbook-undo", "workbook"),
)
