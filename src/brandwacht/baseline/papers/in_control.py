"""The in-control statement: what the board can honestly declare, and on what.

What may be declared follows from the answers, it is not chosen: "ja" only when every control that applies is met with
evidence that counts; "uitzonderingen" when every question is answered and each shortcoming has a measure that is in
time or a risk that was accepted; otherwise "nee".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import AnswerState
from brandwacht.baseline.papers.applicability import Tables
from brandwacht.baseline.papers.facts import Content, Facts, base, figure, shortcoming, states
from brandwacht.baseline.papers.words import Read, day, rests_on, shell, theme_head, theme_rows

YES, EXCEPT, NO = "ja", "uitzonderingen", "nee"


def content(facts: Facts) -> Content:
    """The verdict, the shortcomings with their measures, and the risks that were accepted."""
    open_at = facts.open_at()
    short, accepted, unanswered = [], [], 0
    for row in facts.rows:
        why = shortcoming(row)
        line = {"number": row.control.number, "title": row.control.title, "why": why}
        if why == "open":
            unanswered += 1
        elif why:
            measures = open_at.get(row.control.number, [])
            timely = [measure for measure in measures if measure.due >= facts.day]
            chosen = next(iter(timely or measures), None)
            short.append(
                line
                | {
                    "measure": chosen.title if chosen else "",
                    "owner": chosen.owner_name if chosen else "",
                    "due": chosen.due.isoformat() if chosen else "",
                    "covered": bool(timely),
                }
            )
        elif row.state == AnswerState.ACCEPTED and row.answer:
            accepted.append(line | {"reason": row.answer.reason, "risk_analysis": row.answer.risk_analysis})
    covered = all(each["covered"] for each in short)
    verdict = NO if unanswered or not covered else EXCEPT if short or accepted else YES
    return (
        base(facts)
        | figure(facts)
        | {
            "verdict": verdict,
            "unanswered": unanswered,
            "short": short,
            "accepted": accepted,
            "states": states(facts),
        }
    )


def verdict_in_words(content: Read) -> list[str]:
    """What is declared, in sentences."""
    name = {"name": content["organisation"]}
    if content["verdict"] == YES:
        return [
            _("Wij verklaren dat %(name)s in control is over de informatiebeveiliging.") % name,
            _("Elke maatregel die van toepassing is, is genomen, en dat is aangetoond met bewijs dat nu telt."),
        ]
    if content["verdict"] == EXCEPT:
        return [
            _(
                "Wij verklaren dat %(name)s in control is over de informatiebeveiliging, met de uitzonderingen die "
                "hieronder staan."
            )
            % name,
            _(
                "Voor elke tekortkoming loopt een maatregel met een eigenaar en een datum, of is het risico bewust "
                "geaccepteerd."
            ),
        ]
    lines = [_("Wij kunnen nog niet verklaren dat %(name)s in control is over de informatiebeveiliging.") % name]
    if content["unanswered"]:
        lines.append(
            ngettext(
                "%(n)d vraag van de norm is nog niet beantwoord.",
                "%(n)d vragen van de norm zijn nog niet beantwoord.",
                content["unanswered"],
            )
            % {"n": content["unanswered"]}
        )
    bare = sum(not each["covered"] for each in content["short"])
    if bare:
        lines.append(
            ngettext(
                "Bij %(n)d tekortkoming loopt geen maatregel die nog op tijd is.",
                "Bij %(n)d tekortkomingen loopt geen maatregel die nog op tijd is.",
                bare,
            )
            % {"n": bare}
        )
    return lines


def why_in_words(why: str) -> str:
    """What is short."""
    return {
        "niet": _("voldoet niet"),
        "deels": _("voldoet deels"),
        "verlopen": _("het bewijs is verlopen"),
        "onbewezen": _("er is geen bewijs"),
        "open": _("nog niet beantwoord"),
    }[why]


def document(content: Read, version: int, told: Sequence[str], against: int) -> dict[str, Any]:
    """The data of ``in_control.typ``."""
    intro = [
        _(
            "Met deze verklaring legt het bestuur van %(name)s verantwoording af over de informatiebeveiliging, naar "
            "de stand van %(day)s."
        )
        % {"name": content["organisation"], "day": day(content["day"])},
    ]
    return shell(content, _("in-controlverklaring"), version, told, against, intro) | {
        "verdict": content["verdict"],
        "verdict_title": _("Wat wij verklaren"),
        "verdict_lines": verdict_in_words(content),
        "figure_title": _("Hoe wij ervoor staan"),
        "figure": _("%(n)d%% op orde: %(word)s") % {"n": content["score"]["percent"], "word": content["score"]["word"]},
        "themes_head": theme_head(),
        "themes": theme_rows(content),
        "short_title": _("Tekortkomingen en wat wij eraan doen"),
        "short_head": [_("Nummer"), _("Onderwerp"), _("Wat ontbreekt"), _("Maatregel"), _("Wie, en wanneer klaar")],
        "short": [_short_row(each) for each in content["short"]],
        "no_short": _("Er zijn geen tekortkomingen onder de vragen die zijn beantwoord."),
        "accepted_title": _("Risico's die wij bewust accepteren"),
        "accepted_head": [_("Nummer"), _("Onderwerp"), _("Waarom"), _("Risicoanalyse")],
        "accepted": [
            [each["number"], each["title"], each["reason"], each["risk_analysis"]] for each in content["accepted"]
        ],
        "no_accepted": _("Er zijn geen risico's geaccepteerd."),
        "base_title": _("Waarop dit berust"),
        "base": rests_on(content),
    }


def _short_row(each: Read) -> list[str]:
    when = f"{each['owner']}, {day(each['due'])}" if each["due"] else ""
    if each["due"] and not each["covered"]:
        when += f" ({_('te laat')})"
    return [each["number"], each["title"], why_in_words(each["why"]), each["measure"] or _("geen"), when]


def tables(content: Read) -> Tables:
    """The shortcomings, the accepted risks and the themes as sheets."""
    return [
        (
            _("Tekortkomingen"),
            [_("Nummer"), _("Onderwerp"), _("Wat ontbreekt"), _("Maatregel"), _("Wie, en wanneer klaar")],
            [_short_row(each) for each in content["short"]],
        ),
        (
            _("Geaccepteerd"),
            [_("Nummer"), _("Onderwerp"), _("Waarom"), _("Risicoanalyse")],
            [[each["number"], each["title"], each["reason"], each["risk_analysis"]] for each in content["accepted"]],
        ),
        (_("Thema's"), theme_head(), theme_rows(content)),
    ]
