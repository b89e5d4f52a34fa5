"""The reports on paper: what stands in each, how it is told, and its tables. Plain values; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models import ReportKind
from brandwacht.baseline.papers import applicability, board, improvement, in_control
from brandwacht.baseline.papers.applicability import Tables
from brandwacht.baseline.papers.changes import changes
from brandwacht.baseline.papers.facts import Content, Facts, gather
from brandwacht.baseline.papers.words import Read

__all__ = ["PAPERS", "Content", "Facts", "Paper", "changes", "gather"]


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of report. ``content`` is kept, ``document`` gives the data of the ``template``, ``tables`` the sheets.

    ``document(content, version, changes, against)``; ``title`` stands on it, ``name`` begins the names of its files.
    """

    kind: ReportKind
    name: str
    title: Promise
    template: str
    content: Callable[[Facts], Content]
    document: Callable[[Read, int, Sequence[str], int], dict[str, Any]]
    tables: Callable[[Read], Tables]


_STATEMENT = _("Verklaring van toepasselijkheid")
_ALL = (
    Paper(
        ReportKind.PUBLIC, "verklaring-van-toepasselijkheid", _STATEMENT, "applicability.typ",
        applicability.public_content, applicability.public_document, applicability.public_tables,
    ),
    Paper(
        ReportKind.FULL, "verklaring-van-toepasselijkheid-volledig", _STATEMENT, "applicability.typ",
        applicability.full_content, applicability.full_document, applicability.full_tables,
    ),
    Paper(
        ReportKind.CONTROL, "in-controlverklaring", _("In-controlverklaring"), "in_control.typ",
        in_control.content, in_control.document, in_control.tables,
    ),
    Paper(
        ReportKind.BOARD, "rapportage-bestuur", _("Hoe staat de digitale basis ervoor?"), "board.typ",
        board.content, board.document, board.tables,
    ),
    Paper(
        ReportKind.PLAN, "verbeterplan", _("Verbeterplan digitale basis"), "improvement.typ",
        improvement.content, improvement.document, improvement.tables,
    ),
)  # fmt: skip
PAPERS: Mapping[str, Paper] = MappingProxyType({paper.kind.value: paper for paper in _ALL})
