"""The statement of applicability: one to publish, without what helps an attacker, and one for the own house.

To publish: per control whether it applies and on what ground. How it stands, why, on which evidence, who does what and
when stay out of the content itself, so that they can not come out by the table either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from brandwacht.baseline.models import AnswerState, Finding
from brandwacht.baseline.papers.facts import Content, Facts, base, states
from brandwacht.baseline.papers.words import Read, day, norm, shell, state
from brandwacht.engines.norms import Control

Tables = list[tuple[str, list[str], list[list[Any]]]]


def _applies(value: str) -> bool:
    return value != AnswerState.NOT_APPLICABLE


def _ground(control: Control, value: str) -> str:
    if not _applies(value):
        return "gemotiveerd"
    return "overheid" if control.active_measures else "risico"


def _ground_in_words(ground: str) -> str:
    return {
        "overheid": _("voorgeschreven door de overheid"),
        "risico": _("risicoafweging"),
        "gemotiveerd": _("gemotiveerde keuze"),
    }[ground]


def public_content(facts: Facts) -> Content:
    """Whether each control applies, and on what ground. Nothing else."""
    return base(facts) | {
        "controls": [
            {
                "number": row.control.number, "title": row.control.title, "theme": row.control.theme,
                "applicable": _applies(row.state), "ground": _ground(row.control, row.state),
            }
            for row in facts.rows
        ],
    }  # fmt: skip


def full_content(facts: Facts) -> Content:
    """Every control with its answer, and what it rests on."""
    open_at = facts.open_at()
    lines = []
    for row in facts.rows:
        answer = row.answer
        lines.append(
            {
                "number": row.control.number, "title": row.control.title, "theme": row.control.theme,
                "applicable": _applies(row.state), "ground": _ground(row.control, row.state), "state": row.state.value,
                "government": [measure.number for measure in row.control.active_measures],
                "reason": answer.reason if answer else "",
                "evidence": answer.evidence if answer else "",
                "valid_to": answer.evidence_valid_to.isoformat() if answer and answer.evidence_valid_to else "",
                "expired": row.evidence == "verlopen",
                "holds": row.holds.value,
                "found": [row.stand.design.value, row.stand.existence.value, row.stand.operation.value],
                "maturity": row.stand.maturity,
                "unmet": list(row.judged.judgement.unmet),
                "pieces": [
                    [piece.title, piece.valid_to.isoformat(), piece.counts(facts.day)]
                    for piece in row.judged.judgement.evidence
                    if piece.title and piece.known(facts.day)
                ],
                "risk_analysis": answer.risk_analysis if answer else "",
                "answered_on": answer.answered_on.isoformat() if answer else "",
                "answered_by": answer.answered_by if answer else "",
                "measures": [measure.title for measure in open_at.get(row.control.number, ())],
            }
        )  # fmt: skip
    return base(facts) | {
        "controls": lines,
        "states": states(facts),
        "deviations": _exceptions(facts.annex.deviations),
        "outside": _exceptions(facts.annex.not_applicable),
    }


def _exceptions(rows: Sequence[Any]) -> list[list[str]]:
    return [[row.number, row.title, row.reason, row.risk_analysis] for row in rows]


def public_document(content: Read, version: int, told: Sequence[str], against: int) -> dict[str, Any]:
    """The data of ``applicability.typ`` for the world."""
    rows = content["controls"]
    applicable = sum(row["applicable"] for row in rows)
    intro = [
        _("%(name)s volgt de %(norm)s. Van de %(total)d maatregelen zijn er %(n)d van toepassing.")
        % {"name": content["organisation"], "norm": norm(content), "total": len(rows), "n": applicable},
        _(
            "Wat nog niet is beoordeeld, geldt als van toepassing. Hoe elke maatregel ervoor staat, waarom en op welk "
            "bewijs, staat in de volledige verklaring. Die is alleen voor eigen gebruik: zij zou een aanvaller helpen."
        ),
    ]
    return shell(content, _("verklaring van toepasselijkheid"), version, told, against, intro) | {
        "head": [_("Nummer"), _("Maatregel"), _("Van toepassing"), _("Grond")],
        "widths": "public",
        "themes": _by_theme(content, _public_row),
        "annex_title": "",
        "annex": [],
        "mark": _("Openbaar"),
    }


def full_document(content: Read, version: int, told: Sequence[str], against: int) -> dict[str, Any]:
    """The data of ``applicability.typ`` for the own house, with the annex of exceptions."""
    intro = [
        _(
            "Deze verklaring laat per maatregel van de %(norm)s zien of zij van toepassing is, hoe zij ervoor "
            "staat en waarop dat berust."
        )
        % {"norm": norm(content)},
        _("Vertrouwelijk: dit document laat zien waar %(name)s kwetsbaar is. Publiceer de openbare vorm.")
        % {"name": content["organisation"]},
    ]
    return shell(content, _("verklaring van toepasselijkheid, volledig"), version, told, against, intro) | {
        "head": [_("Nummer"), _("Maatregel"), _("Antwoord"), _("Waarom en waarop het berust")],
        "widths": "full",
        "themes": _by_theme(content, _full_row),
        "annex_title": _("Bijlage: afwijkingen met een geaccepteerd risico"),
        "annex_head": [_("Nummer"), _("Maatregel"), _("Waarom"), _("Risicoanalyse")],
        "annex": content["deviations"],
        "no_annex": _("Er zijn geen risico's geaccepteerd."),
        "outside_title": _("Bijlage: wat niet van toepassing is"),
        "outside_head": [_("Nummer"), _("Maatregel"), _("Waarom")],
        "outside": [row[:3] for row in content["outside"]],
        "no_outside": _("Alles is van toepassing."),
        "mark": _("Vertrouwelijk"),
    }


def _by_theme(content: Read, cells: Any) -> list[dict[str, Any]]:
    themes = dict.fromkeys(row["theme"] for row in content["controls"])
    return [
        {"title": capfirst(theme), "rows": [cells(row) for row in content["controls"] if row["theme"] == theme]}
        for theme in themes
    ]


def _public_row(row: Read) -> list[str]:
    return [row["number"], row["title"], _("ja") if row["applicable"] else _("nee"), _ground_in_words(row["ground"])]


def _full_row(row: Read) -> list[str]:
    answer = state(row["state"])
    if row["holds"] != row["state"]:
        answer = _("%(answer)s; nu geldt: %(holds)s") % {"answer": answer, "holds": state(row["holds"])}
    return [row["number"], row["title"], answer, " ".join(_told(row))]


def _found(row: Read) -> str:
    """What was found about design, existence and operation, and the level; "" when nobody looked."""
    if not any(row["found"]) and row["maturity"] is None:
        return ""
    words = [str(Finding(value).label).lower() for value in row["found"]]
    told = _("opzet: %(a)s, bestaan: %(b)s, werking: %(c)s") % dict(zip("abc", words, strict=True))
    level = "" if row["maturity"] is None else _(", volwassenheid: %(n)d van 5") % {"n": row["maturity"]}
    return told + level


def _pieces(row: Read) -> list[str]:
    """The evidence beside what was named with the answer."""
    good, gone = _("%(what)s (tot en met %(day)s)"), _("%(what)s (telt niet meer)")
    return [(good if counts else gone) % {"what": title, "day": day(until)} for title, until, counts in row["pieces"]]


def _told(row: Read) -> list[str]:
    found = []
    if row["government"]:
        found.append(_("Voorgeschreven: %(numbers)s.") % {"numbers": ", ".join(row["government"])})
    if row["reason"]:
        found.append(_ended(row["reason"]))
    if row["evidence"]:
        words = {"what": row["evidence"], "day": day(row["valid_to"])}
        late = (
            _("Bewijs: %(what)s (verlopen op %(day)s).")
            if row["expired"]
            else _("Bewijs: %(what)s (tot en met %(day)s).")
        )
        found.append(late % words)
    if row["pieces"]:
        found.append(_("Bewijsstukken: %(what)s.") % {"what": "; ".join(_pieces(row))})
    if _found(row):
        found.append(_ended(_found(row)[:1].upper() + _found(row)[1:]))
    if row["unmet"]:
        found.append(_("Nog niet op orde: %(numbers)s.") % {"numbers": ", ".join(row["unmet"])})
    if row["risk_analysis"]:
        found.append(_("Risicoanalyse: %(what)s.") % {"what": row["risk_analysis"]})
    if row["measures"]:
        found.append(_("Loopt: %(what)s.") % {"what": "; ".join(row["measures"])})
    if row["answered_on"]:
        found.append(
            _("Beantwoord op %(day)s door %(who)s.") % {"day": day(row["answered_on"]), "who": row["answered_by"]}
        )
    return found


def _ended(text: str) -> str:
    return text if text.rstrip().endswith((".", "?", "…")) else f"{text.rstrip()}."


def public_tables(content: Read) -> Tables:
    """The same table as a sheet."""
    head = [_("Nummer"), _("Maatregel"), _("Thema"), _("Van toepassing"), _("Grond")]
    rows = [
        [row["number"], row["title"], row["theme"], row["applicable"], _ground_in_words(row["ground"])]
        for row in content["controls"]
    ]
    return [(_("Verklaring"), head, rows)]


def full_tables(content: Read) -> Tables:
    """Every control with all that is known of it."""
    head = [
        _("Nummer"), _("Maatregel"), _("Thema"), _("Van toepassing"), _("Grond"), _("Overheidsmaatregelen"),
        _("Antwoord"), _("Wat nu geldt"), _("Opzet, bestaan en werking"), _("Waarom"), _("Bewijs"),
        _("Bewijs telt tot en met"), _("Bewijsstukken"), _("Risicoanalyse"), _("Beantwoord op"),
        _("Beantwoord door"), _("Maatregelen die lopen"),
    ]  # fmt: skip
    rows = [
        [
            row["number"], row["title"], row["theme"], row["applicable"], _ground_in_words(row["ground"]),
            ", ".join(row["government"]), state(row["state"]), state(row["holds"]), _found(row), row["reason"],
            row["evidence"], day(row["valid_to"]), "; ".join(_pieces(row)), row["risk_analysis"],
            day(row["answered_on"]), row["answered_by"], "; ".join(row["measures"]),
        ]
        for row in content["controls"]
    ]  # fmt: skip
    exceptions = [_("Nummer"), _("Maatregel"), _("Waarom"), _("Risicoanalyse")]
    return [
        (_("Verklaring"), head, rows),
        (_("Geaccepteerd"), exceptions, content["deviations"]),
        (_("Niet van toepassing"), exceptions[:3], [row[:3] for row in content["outside"]]),
    ]
