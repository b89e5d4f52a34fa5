"""The story of an alert: its events in time order, those that tell the same thing taken together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.engines.detection import stored_event
from brandwacht.soc.models import AlertRule, MatchedEvent, Severity
from brandwacht.soc.services.rules import LEVELS
from brandwacht.soc.wording import Technique, technique

SHOWN: Final = 300
"""Characters of a value shown as a reason; the raw event has all of it."""

FACTS: Final = 6
"""Who-and-where facts shown with one scene."""
VALUES: Final = 3
"""Different values of one such fact, over the events of the scene."""
NOTHING: Final = (None, "", "-")
"""How Windows writes that it does not know."""
WHO_AND_WHERE: Final = {
    "SubjectUserName": gettext_lazy("Uitgevoerd door account"),
    "User": gettext_lazy("Account"),
    "TargetUserName": gettext_lazy("Account waar het om gaat"),
    "WorkstationName": gettext_lazy("Vanaf machine"),
    "IpAddress": gettext_lazy("Vanaf adres"),
    "Image": gettext_lazy("Programma"),
    "CommandLine": gettext_lazy("Opdracht"),
    "ParentImage": gettext_lazy("Gestart vanuit"),
    "ServiceName": gettext_lazy("Dienst"),
    "ShareName": gettext_lazy("Gedeelde map"),
}
"""Fields of Windows and Sysmon events that say who did it and from where, those that say most first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A field of the event that made the rule match, and its value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Whereabout:
    """Who or where, of the event itself: a label in plain words and the value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class RawEvent:
    """An event as it came: when, where in which file, and its text."""

    time: datetime
    file: str
    number: int
    channel: str
    event_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One or more events in a row that the same rules matched. ``level`` is the highest level of those rules."""

    title: str
    level: int
    tone: str
    techniques: tuple[Technique, ...]
    reasons: tuple[Reason, ...]
    whereabouts: tuple[Whereabout, ...]
    because: tuple[str, ...]
    others: tuple[str, ...]
    events: tuple[RawEvent, ...]

    @property
    def first(self) -> datetime:
        """When it began."""
        return self.events[0].time

    @property
    def last(self) -> datetime:
        """When it was seen last."""
        return self.events[-1].time


def scenes(events: Iterable[MatchedEvent], rules: Iterable[AlertRule]) -> list[Scene]:
    """The scenes of these events, which must be in time order; ``rules`` are those of the alert."""
    by_id = {rule.rule_id: rule for rule in rules}

    def same(event: MatchedEvent) -> frozenset[str]:
        return frozenset(match["rule_id"] for match in event.matches)

    return [_scene(list(group), by_id) for _rules, group in groupby(events, key=same)]


def _scene(events: list[MatchedEvent], rules: Mapping[str, AlertRule]) -> Scene:
    matches = sorted(events[0].matches, key=_level, reverse=True)
    main, others = matches[0], matches[1:]
    level = _level(main)
    numbers = dict.fromkeys(
        number for match in matches if match["rule_id"] in rules for number in rules[match["rule_id"]].attack
    )
    return Scene(
        title=main["title"],
        level=level,
        tone="bad" if level >= Severity.HIGH else "warn" if level == Severity.MEDIUM else "neutral",
        techniques=tuple(map(technique, numbers)),
        reasons=tuple(Reason(field, _shown(value)) for field, value in main["matched"].items()),
        whereabouts=tuple(_whereabouts(events, main["matched"])),
        because=tuple(main.get("because", ())),
        others=tuple(match["title"] for match in others),
        events=tuple(_raw(event) for event in events),
    )


def _whereabouts(events: list[MatchedEvent], matched: Mapping[str, Any]) -> list[Whereabout]:
    """Who and where, over all events of a scene; what the reasons already show is left out."""
    payloads = [stored_event(event.number, event.raw, event.kind).fields for event in events]
    found = []
    for field, label in WHO_AND_WHERE.items():
        values = list(dict.fromkeys(_shown(p[field]) for p in payloads if p.get(field) not in NOTHING))
        if values and values != [_shown(matched.get(field))]:
            text = ", ".join(values[:VALUES])
            if len(values) > VALUES:
                text = _("%(values)s en nog %(n)d") % {"values": text, "n": len(values) - VALUES}
            found.append(Whereabout(str(label), text))
    return found[:FACTS]


def _level(match: Mapping[str, Any]) -> int:
    return LEVELS.get(match["level"], Severity.MEDIUM)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _raw(event: MatchedEvent) -> RawEvent:
    text = json.dumps(event.raw, indent=2, ensure_ascii=False)
    return RawEvent(event.time, event.file.name, event.number, event.channel, event.event_id, text)
