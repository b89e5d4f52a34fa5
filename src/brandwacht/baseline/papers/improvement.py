"""The improvement plan: every measure with who, when, what it costs and where it stands, and what has none yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import MeasureState
from brandwacht.baseline.papers.applicability import Tables
from brandwacht.baseline.papers.facts import Content, Facts, base, figure, measure_line, shortcoming, states
from brandwacht.baseline.papers.in_control import why_in_words
from brandwacht.baseline.papers.words import Read, day, euros, rests_on, shell, step
from brandwacht.baseline.weighing import heaviest


def content(facts: Facts) -> Content:
    """The measures that are open or were done within a year, and the shortcomings that have none."""
    open_at = facts.open_at()
    bare = {row.control.number: shortcoming(row) for row in facts.rows if row.control.number not in open_at}
    bare = {number: why for number, why in bare.items() if why}
    return (
        base(facts)
        | figure(facts)
        | {
            "measures": [measure_line(measure, facts.day) for measure in facts.measures],
            "left_out": facts.left_out,
            "bare": [
                {"number": control.number, "title": control.title, "why": bare[control.number]}
                for control in heaviest([row.control for row in facts.rows if row.control.number in bare])
            ],
            "states": states(facts),
        }
    )


def document(content: Read, version: int, told: Sequence[str], against: int) -> dict[str, Any]:
    """The data of ``improvement.typ``."""
    open_now = [each for each in content["measures"] if each["state"] != MeasureState.DONE]
    done = [each for each in content["measures"] if each["state"] == MeasureState.DONE]
    late = sum(each["late"] for each in open_now)
    known = [each["cost"] for each in open_now if each["cost"] is not None]
    words = {"n": len(open_now), "late": late, "sum": euros(sum(known)), "unknown": len(open_now) - len(known)}
    intro = [
        ngettext("Er loopt %(n)d maatregel.", "Er lopen %(n)d maatregelen.", len(open_now)) % words,
        ngettext("Daarvan is er %(late)d te laat.", "Daarvan zijn er %(late)d te laat.", late) % words
        if late
        else _("Daarvan is er geen te laat."),
    ]
    if known:
        intro.append(_("Zij kosten samen eenmalig %(sum)s.") % words)
    if words["unknown"]:
        intro.append(
            ngettext(
                "Van %(unknown)d is het bedrag nog niet bekend.",
                "Van %(unknown)d is het bedrag nog niet bekend.",
                words["unknown"],
            )
            % words
        )
    if content["left_out"]:
        intro.append(
            _("%(n)d maatregelen passen niet in dit plan; zij staan in Brandwacht.") % {"n": content["left_out"]}
        )
    return shell(content, _("verbeterplan"), version, told, against, [" ".join(intro)]) | {
        "cycle_title": _("Waar de maatregelen staan"),
        "cycle": [
            [step(value), str(sum(each["state"] == value for each in content["measures"]))]
            for value in MeasureState.values
        ],
        "cycle_head": [_("Stap"), _("Aantal")],
        "open_title": _("Wat wij gaan doen"),
        "head": [_("Maatregel"), _("Wie"), _("Klaar op"), _("Stap"), _("Eenmalig")],
        "open": [_row(each) for each in open_now],
        "no_open": _("Er loopt geen maatregel."),
        "bare_title": _("Wat nog geen maatregel heeft, het zwaarste eerst"),
        "bare_head": [_("Nummer"), _("Onderwerp"), _("Wat ontbreekt")],
        "bare": [[each["number"], each["title"], why_in_words(each["why"])] for each in content["bare"]],
        "no_bare": _("Bij alles wat nog niet op orde is, loopt een maatregel."),
        "done_title": _("Wat het afgelopen jaar is afgerond"),
        "done": [_row(each) for each in done],
        "no_done": _("Het afgelopen jaar is geen maatregel afgerond."),
        "base_title": _("Waarop dit berust"),
        "base": rests_on(content),
    }


def _row(each: Read) -> list[str]:
    title = (
        _("%(title)s (bij %(number)s)") % {"title": each["title"], "number": each["control"]}
        if each["control"]
        else each["title"]
    )
    if each["for_board"]:
        title += _(". Vraagt een besluit van het bestuur")
    when = _("%(day)s (te laat)") % {"day": day(each["due"])} if each["late"] else day(each["due"])
    return [title, each["owner"], when, step(each["state"]), euros(each["cost"])]


def tables(content: Read) -> Tables:
    """The measures and what has none as sheets."""
    head = [
        _("Maatregel"), _("Vraag van de norm"), _("Wie"), _("Klaar op"), _("Te laat"), _("Stap"), _("Kosten in euro"),
        _("Besluit van het bestuur"),
    ]  # fmt: skip
    rows = [
        [
            each["title"], each["control"], each["owner"], day(each["due"]), each["late"], step(each["state"]),
            each["cost"], each["for_board"],
        ]
        for each in content["measures"]
    ]  # fmt: skip
    bare = [[each["number"], each["title"], why_in_words(each["why"])] for each in content["bare"]]
    return [
        (_("Maatregelen"), head, rows),
        (_("Zonder maatregel"), [_("Nummer"), _("Onderwerp"), _("Wat ontbreekt")], bare),
    ]
