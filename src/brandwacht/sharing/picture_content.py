"""The first draft of the sector's threat picture: counted from reports and warnings, never their words.

Numbers come in steps of three and a technique is named from three reports on, so that no number tells of one of them.
TLP:RED and PAP:RED are left out: neither may go on in another form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.engines.detection.attack import tactic_name, tactics_of, technique_name
from brandwacht.engines.intel import PAP, TLP
from brandwacht.sharing.steps import STEP, stepped

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Source:
    """What is counted of one report or warning; ``topic`` is empty for a warning."""

    on: date
    topic: str
    tlp: TLP
    pap: PAP
    attack: tuple[str, ...]


def counted(sources: Iterable[Source]) -> list[Source]:
    """Those that may go on: no TLP:RED and no PAP:RED."""
    return [each for each in sources if each.tlp is not TLP.RED and each.pap is not PAP.RED]


def label_of(sources: Sequence[Source]) -> TLP:
    """The label of the draft: the strictest of what was counted, and at least TLP:AMBER until people decide."""
    return TLP.strictest(TLP.AMBER, *(each.tlp for each in sources))


def parts(now: Sequence[Source], before: Sequence[Source], first: date, last: date) -> list[tuple[str, str]]:
    """The parts of the draft: titles with texts. ``before`` is the period of the same length that went before."""
    days = {"first": f"{first:%d-%m-%Y}", "last": f"{last:%d-%m-%Y}"}
    threats = [each for each in now if each.topic]
    return [
        (_("In het kort"), _("Schrijf hier in vijf zinnen wat de sector moet weten.")),
        (
            _("Waarop dit berust"),
            _(
                "Dit telt wat leden van de kring meldden van %(first)s tot en met %(last)s: dreigingen %(n)s, "
                "waarschuwingen %(w)s. Aantallen gaan per drie. Wat TLP:RED of PAP:RED is, telt niet mee. Niet elk lid "
                "meldt alles: dit is wat de kring weet, niet alles wat gebeurde."
            )
            % (days | {"n": stepped(len(threats)), "w": stepped(len(now) - len(threats))}),
        ),
        (_("Soorten dreigingen"), _lines(Counter(each.topic for each in threats))),
        (_("Wat aanvallers doen"), _tactics(now)),
        (_("Technieken die het meest voorkwamen"), _techniques(now)),
        (_("Verloop"), _trend(now, before)),
        (_("Wat dit betekent en wat wij adviseren"), _("Schrijf hier wat bestuurders en CISO's kunnen doen.")),
    ]


def _lines(counts: Counter[str]) -> str:
    found = [f"{name}: {stepped(n)}" for name, n in sorted(counts.items(), key=lambda pair: (-_step(pair[1]), pair[0]))]
    return "\n".join(found) or _("Er is niets gemeld.")


def _step(count: int) -> int:
    """The step that a number is in: an order by the number itself would tell which of two is larger."""
    return count // STEP


def _tactics(now: Iterable[Source]) -> str:
    counts: Counter[str] = Counter()
    for each in now:
        tactics = {tactic for technique in each.attack for tactic in tactics_of(technique)}
        counts.update(tactic_name(tactic) or tactic for tactic in tactics)
    return _lines(counts)


def _techniques(now: Iterable[Source]) -> str:
    counts = Counter(technique for each in now for technique in set(each.attack))
    often = sorted((pair for pair in counts.items() if pair[1] >= STEP), key=lambda pair: (-_step(pair[1]), pair[0]))
    lines = [
        f"{technique}{': ' + name if (name := technique_name(technique)) else ''}, {stepped(n)}"
        for technique, n in often[:TOP]
    ]
    return "\n".join(lines) or _("Geen techniek kwam in drie of meer berichten voor.")


def _trend(now: Sequence[Source], before: Sequence[Source]) -> str:
    quarters = Counter((each.on.year, (each.on.month - 1) // 3 + 1) for each in now)
    lines = [
        _("Kwartaal %(q)d van %(year)d: %(n)s") % {"q": quarter, "year": year, "n": stepped(quarters[year, quarter])}
        for year, quarter in sorted(quarters)
    ]
    lines.append(_("De even lange periode daarvoor: %(n)s") % {"n": stepped(len(before))})
    return "\n".join(lines)
