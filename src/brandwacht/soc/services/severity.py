"""The severity of an alert as a sum that can be shown: rule, asset, breadth, indicator, exercise.

The points are data (``data/ernst.yaml``). An alert never gets more than one word worse than its heaviest rule, so that
a vital asset does not make everything critical.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.wording import duration
from brandwacht.riskmap.queries import Exposed
from brandwacht.soc.models import Alert, AlertRule, Severity

UNKNOWN, NONE, PROCESS, VITAL, VITAL_SOON = "onbekend", "geen", "proces", "vitaal", "vitaal_snel"
PACKAGE: Final = "brandwacht.soc"


@dataclass(frozen=True, slots=True)
class Criticality:
    """How much hangs on an asset: one of the words above, the process that decides it, and after how many minutes."""

    kind: str = UNKNOWN
    process: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the sum: what, how many points, a sentence, and the figure that it rests on, if there is one."""

    part: str
    points: int
    text: str
    value: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """The outcome: the word, the total, and the lines that lead to it."""

    severity: int
    total: int
    parts: tuple[Part, ...]


@cache
def weights() -> dict[str, Any]:
    """The data file."""
    text = (files(PACKAGE) / "data" / "ernst.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def criticality(exposed: Sequence[Exposed], *, known: bool) -> Criticality:
    """How much hangs on an asset, from the processes that suffer when it fails. ``known``: its owner recognised it."""
    if not exposed:
        return Criticality(NONE if known else UNKNOWN)
    vital = [each for each in exposed if each.vital]
    first = min(vital or exposed, key=lambda each: (each.minutes, each.node.name))
    if not vital:
        return Criticality(PROCESS, first.node.name, first.minutes)
    soon = first.minutes <= weights()["snel_minuten"]
    return Criticality(VITAL_SOON if soon else VITAL, first.node.name, first.minutes)


def weigh(
    levels: Iterable[int],
    techniques: Iterable[str],
    asset: Criticality,
    *,
    indicator: int = 0,
    exercise: bool = False,
) -> Weighed:
    """Add up. ``levels`` are those of the rules that matched; ``indicator`` is the confidence of the surest (0-100)."""
    data = weights()
    level = max(levels, default=Severity.INFORMATIONAL)
    parts = [Part("regel", data["regel"][level], _rule_text(level)), asset_part(asset)]
    number = len({technique.split(".")[0] for technique in techniques})
    if wide := next((row["punten"] for row in data["breedte"] if number >= row["technieken"]), 0):
        text = ngettext("%(n)d techniek in één melding", "%(n)d verschillende technieken in één melding", number)
        parts.append(Part("breedte", wide, text % {"n": number}))
    if sure := next((row["punten"] for row in data["indicator"] if indicator >= row["zekerheid"]), 0):
        text = _("een bekend kenmerk van een aanvaller is gezien (zekerheid %(n)d van 100)")
        parts.append(Part("indicator", sure, text % {"n": indicator}, indicator))
    if exercise:
        parts.append(Part("oefening", data["oefening"], _("dit hoort bij een aangekondigde oefening")))
    total = max(0, sum(part.points for part in parts))
    word = max((word for word, least in data["grenzen"].items() if total >= least), default=Severity.INFORMATIONAL)
    return Weighed(min(word, level + data["hoogstens_omhoog"]), total, tuple(parts))


def apply(
    alert: Alert,
    rules: Iterable[AlertRule],
    asset: Criticality,
    *,
    indicator: int | None = None,
    exercise: bool | None = None,
) -> None:
    """Set the severity and the sum of an alert, unsaved; what is not given stays as the alert has it."""
    rows = list(rules)
    had = {part["part"] for part in alert.severity_sum}
    weighed = weigh(
        (rule.level for rule in rows),
        (number for rule in rows for number in rule.attack),
        asset,
        indicator=surest_hit(alert) if indicator is None else indicator,
        exercise="oefening" in had if exercise is None else exercise,
    )
    alert.severity, alert.severity_sum = weighed.severity, [asdict(part) for part in weighed.parts]


def surest_hit(alert: Alert) -> int:
    """The confidence (0-100) of the surest known sign of an attacker in an alert, as its sum has it; 0 without one."""
    return next((int(part["value"]) for part in alert.severity_sum if part["part"] == "indicator"), 0)


def _rule_text(level: int) -> str:
    return _("de zwaarste regel die aansloeg heeft niveau %(level)s") % {"level": Severity(level).label.lower()}


def asset_part(asset: Criticality) -> Part:
    """The line of the sum that an asset gives."""
    points = weights()["middel"][asset.kind]
    after = _("meteen") if not asset.minutes else _("na %(time)s") % {"time": duration(asset.minutes)}
    told = {"process": asset.process, "after": after}
    if asset.kind in (VITAL, VITAL_SOON):
        text = _("het vitale proces %(process)s merkt uitval %(after)s") % told
    elif asset.kind == PROCESS:
        text = _("het proces %(process)s merkt uitval %(after)s; het is niet vitaal") % told
    elif asset.kind == NONE:
        text = _("op de risicokaart hangt geen proces van dit middel af")
    else:
        text = _("niet bekend welke processen van dit middel afhangen")
    return Part("middel", points, text)
