"""The report to the board: exactly two sheets of paper that a mayor reads in five minutes.

The first says how it stands, the second what is asked and what it costs. What does not fit is counted, never dropped
in silence; the template holds the number of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.papers.applicability import Tables
from brandwacht.baseline.papers.facts import Content, Facts, base, figure, measure_line, shortcoming, states
from brandwacht.baseline.papers.trend import drawn
from brandwacht.baseline.papers.words import Read, change, day, euros, rests_on, shell, step, theme_head, theme_rows
from brandwacht.baseline.weighing import heaviest

HEAVIEST: Final = 3
"""So many shortcomings are told, with why they count."""
ASKED: Final = 5
"""So many decisions stand on the sheet; of the rest the number and the sum."""
TOLD: Final = 5


def content(facts: Facts) -> Content:
    """The figure, its trend, what weighs most, what is asked of the board, and the money."""
    unmet = {row.control.number: row for row in facts.rows if shortcoming(row) in ("niet", "deels", "open")}
    worst = [row for row in unmet.values() if shortcoming(row) == "niet"]
    worst = worst or [row for row in unmet.values() if shortcoming(row) == "deels"]
    open_at = facts.open_at()
    asked = [measure_line(measure, facts.day) for measure in facts.open if measure.for_board]
    known = [measure.cost for measure in facts.open if measure.cost is not None]
    return base(facts) | figure(facts) | {
        "heaviest": [
            {
                "number": control.number, "title": control.title, "why": control.explanation,
                "measure": next((m.title for m in open_at.get(control.number, ())), ""),
            }
            for control in heaviest([row.control for row in worst])[:HEAVIEST]
        ],
        "unmet": sum(shortcoming(row) == "niet" for row in facts.rows),
        "asked": asked,
        "money": {
            "asked": sum(each["cost"] or 0 for each in asked),
            "asked_unknown": sum(each["cost"] is None for each in asked),
            "all": sum(known),
            "unknown": len(facts.open) - len(known),
            "open": len(facts.open),
            "late": sum(measure.due < facts.day for measure in facts.open),
        },
        "states": states(facts),
    }  # fmt: skip


def finding(content: Read) -> str:
    """What the trend shows, in a sentence."""
    known = [point for point in content["trend"] if point["percent"] is not None]
    if len(known) < 2:
        return _("Er is nog geen verloop te zien: er is nog geen kwartaal om mee te vergelijken.")
    first, last = known[0], known[-1]
    words = {"old": first["percent"], "new": last["percent"], "day": day(first["day"])}
    if first["percent"] == last["percent"]:
        return _("Het cijfer is %(new)d%%, evenveel als op %(day)s.") % words
    return _("Het cijfer ging van %(old)d%% op %(day)s naar %(new)d%% nu.") % words


def headline(content: Read) -> str:
    """The figure in a sentence for somebody who reads nothing else."""
    score = content["score"]
    if not score["based_on"]:
        return _("De basis is nog niet gemeten: er is nog geen vraag beantwoord.")
    if score["percent"] == 100:
        return _("De digitale basis is op orde.")
    return _("De digitale basis is voor %(n)d%% op orde: %(word)s.") % {"n": score["percent"], "word": score["word"]}


def document(content: Read, version: int, told: Sequence[str], against: int) -> dict[str, Any]:
    """The data of ``board.typ``."""
    score, money = content["score"], content["money"]
    told = [*told[:TOLD], *([_("En nog %(n)d veranderingen.") % {"n": len(told) - TOLD}] if len(told) > TOLD else [])]
    drawing = drawn(content["trend"])
    svg = render_to_string(
        "baseline/reports/_trend.svg",
        {"trend": drawing, "finding": finding(content), "file": True, "font": "Libertinus Serif", "marker": "verloop"},
    )
    return shell(content, _("rapportage aan het bestuur"), version, told, against, []) | {
        "headline": headline(content),
        "percent": f"{score['percent']}%",
        "percent_note": _since(score),
        "intro": [
            _(
                "De overheid heeft afgesproken wat elke overheidsorganisatie minstens op orde heeft om digitaal veilig "
                "te werken: de Baseline Informatiebeveiliging Overheid 2 (BIO2). Dit rapport laat zien hoever %(name)s "
                "daarmee is, en wat het bestuur kan doen."
            )
            % {"name": content["organisation"]},
            *([content["note"]] if content["note"] else []),
        ],
        "trend_title": _("Hoe het zich ontwikkelt"),
        "svg": svg,
        "alt": finding(content),
        "themes_title": _("De thema's, het zwakste eerst"),
        "themes_head": theme_head(),
        "themes": theme_rows(content),
        "heaviest_title": _("Wat nu het zwaarst weegt"),
        "heaviest": [_heaviest(each) for each in content["heaviest"]],
        "no_heaviest": _("Er is geen onderwerp waarvan is vastgesteld dat het niet voldoet."),
        "asked_title": _("Wat wij van u vragen"),
        "asked_head": [_("Besluit"), _("Klaar op"), _("Bedrag, eenmalig")],
        "asked": [[each["title"], day(each["due"]), euros(each["cost"])] for each in content["asked"][:ASKED]],
        "asked_rest": _rest(content["asked"][ASKED:]),
        "no_asked": _("Er is nu geen maatregel die een besluit van het bestuur vraagt."),
        "money_title": _("Het geld"),
        "money_head": [_("Waarvoor"), _("Eenmalig")],
        "money": _money(money),
        "late": _late(money["late"]),
        "base_title": _("Waarop dit berust"),
        "base": rests_on(content),
    }


def _since(score: Read) -> str:
    if score["before"] is None:
        return _("nog geen kwartaal om mee te vergelijken")
    return _("%(change)s punten sinds een kwartaal") % {"change": change(score["percent"] - score["before"])}


def _heaviest(each: Read) -> dict[str, str]:
    doing = _("Hier loopt nog geen maatregel.")
    if each["measure"]:
        doing = _("Wat eraan gebeurt: %(what)s.") % {"what": each["measure"]}
    return {"title": each["title"], "why": each["why"], "measure": doing}


def _money(money: Read) -> list[list[str]]:
    count = money["open"]
    everything = ngettext(
        "Alle maatregelen samen: er loopt er %(n)d", "Alle maatregelen samen: er lopen er %(n)d", count
    )
    return [
        [_("Besluiten die wij nu vragen"), _sum(money["asked"], money["asked_unknown"])],
        [everything % {"n": count}, _sum(money["all"], money["unknown"])],
    ]


def _late(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(n)d maatregel is te laat.", "%(n)d maatregelen zijn te laat.", count) % {"n": count}


def _sum(amount: int, unknown: int) -> str:
    if not unknown:
        return euros(amount)
    left = ngettext("%(n)d bedrag nog niet bekend", "%(n)d bedragen nog niet bekend", unknown) % {"n": unknown}
    return f"{euros(amount)} ({left})"


def _rest(asked: Sequence[Read]) -> str:
    if not asked:
        return ""
    words = {
        "n": len(asked),
        "sum": _sum(sum(each["cost"] or 0 for each in asked), sum(each["cost"] is None for each in asked)),
    }
    return (
        ngettext(
            "En nog %(n)d besluit, samen %(sum)s. Het staat in het verbeterplan.",
            "En nog %(n)d besluiten, samen %(sum)s. Zij staan in het verbeterplan.",
            len(asked),
        )
        % words
    )


def tables(content: Read) -> Tables:
    """What is asked, the themes and the trend as sheets."""
    head = [_("Besluit"), _("Vraag van de norm"), _("Wie"), _("Klaar op"), _("Stap"), _("Kosten in euro")]
    asked = [
        [each["title"], each["control"], each["owner"], day(each["due"]), step(each["state"]), each["cost"]]
        for each in content["asked"]
    ]
    trend = [[day(point["day"]), point["percent"]] for point in content["trend"]]
    return [
        (_("Besluiten"), head, asked),
        (_("Thema's"), theme_head(), theme_rows(content)),
        (_("Verloop"), [_("Dag"), _("Op orde, procent")], trend),
    ]
