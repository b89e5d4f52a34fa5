"""Making a version of a report: from the answers as they are now, to a document that stays."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import openpyxl
from django.utils.translation import gettext as _

from brandwacht.baseline.models import Report, ReportStyle
from brandwacht.baseline.papers import PAPERS, Content, Paper, changes, gather
from brandwacht.network import reports
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.png import clean_png
from brandwacht.network.policy import Owner
from brandwacht.network.tables import cell_value, saved_book
from brandwacht.network.usecase import use_case

MOST_SIGNATORIES: Final = 4
LONGEST_NOTE: Final = 800


def make_report(actor: Actor, kind: str, note: str = "") -> Report:
    """Make the next version of a report of the actor's organisation, with its PDF and its workbook.

    It is compared with the version before. Raises ``Refused`` for a kind that there is not.
    """
    with use_case(actor, "baseline.report.make") as case:
        case.require(Owner(actor.organisation_id))
        paper = PAPERS.get(kind)
        if paper is None:
            raise Refused(_("Kies een van de rapporten."), "kind")
        owner = Organisation.objects.select_for_update().get(pk=actor.organisation_id)
        look = ReportStyle.objects.filter(organisation_id=owner.pk).first()
        content = paper.content(
            gather(actor, owner, look.signatories if look else [], " ".join(note.split())[:LONGEST_NOTE])
        )
        before = Report.objects.filter(organisation_id=owner.pk, kind=kind).defer("document", "workbook").first()
        report = Report(
            organisation_id=owner.pk,
            kind=kind,
            version=before.version + 1 if before else 1,
            note=content["note"],
            content=content,
            changes=changes(content, before.content) if before else [],
            against=before.version if before else 0,
            made_at=actor.now,
            made_by=actor.name,
        )
        report.document = _pdf(actor, paper, report, bytes(look.logo) if look else b"")
        report.workbook = _workbook(actor, paper, content)
        report.sha256 = hashlib.sha256(report.document).hexdigest()
        report.workbook_sha256 = hashlib.sha256(report.workbook).hexdigest()
        report.save()
        case.audit(report, {"soort": kind, "versie": report.version, "sha256": report.sha256})
    return report


def note_download(actor: Actor, report: Report, file: str) -> None:
    """Write in the owner's chain that a report left the system; ``file`` is "pdf" or "xlsx"."""
    with use_case(actor, "baseline.report.see") as case:
        case.require(report)
        case.audit(report, {"soort": report.kind, "versie": report.version, "gedownload": file})


def set_style(
    actor: Actor, *, signatories: Sequence[Mapping[str, str]], logo: bytes | None = None, remove: bool = False
) -> ReportStyle:
    """Set who sign, and the logo: new bytes, ``None`` to leave it as it is, or ``remove``. Raises ``Refused``."""
    with use_case(actor, "baseline.report.style") as case:
        case.require(Owner(actor.organisation_id))
        if len(signatories) > MOST_SIGNATORIES:
            raise Refused(_("Hoogstens %(n)d mensen ondertekenen.") % {"n": MOST_SIGNATORIES}, "signatories")
        kept = [{"name": each["name"].strip()[:80], "role": each["role"].strip()[:80]} for each in signatories]
        if any(not each["name"] for each in kept):
            raise Refused(_("Vul bij elke ondertekenaar een naam in."), "signatories")
        style = ReportStyle.objects.select_for_update().filter(organisation_id=actor.organisation_id).first()
        style = style or ReportStyle(organisation_id=actor.organisation_id)
        style.signatories = kept
        if remove:
            style.logo = b""
        elif logo is not None:
            style.logo = clean_png(logo)
        style.changed_at, style.changed_by = actor.now, actor.name
        style.save()
        seal = hashlib.sha256(bytes(style.logo)).hexdigest() if style.logo else ""
        case.audit(style, {"logo": seal, "ondertekenaars": len(kept)})
    return style


def _pdf(actor: Actor, paper: Paper, report: Report, logo: bytes) -> bytes:
    data = paper.document(report.content, report.version, report.changes, report.against)
    return reports.pdf(
        "brandwacht.baseline",
        paper.template,
        data | {"logo": data["logo"] if logo else ""},
        title=str(paper.title),
        author=actor.name,
        moment=actor.now,
        pictures={"logo.png": logo} if logo else {},
    )


def _workbook(actor: Actor, paper: Paper, content: Content) -> bytes:
    """Every table of the report as a sheet; every cell harmless."""
    book = openpyxl.Workbook(write_only=True)
    for title, head, rows in paper.tables(content):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in (head, *rows):
            sheet.append([cell_value(cell) for cell in row])
    return saved_book(book, actor.now)
