"""How the watch's own values are called and toned in templates: ``{% load soc_words %}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from brandwacht.soc import wording
from brandwacht.soc.bars import short
from brandwacht.soc.models import Alert, AlertState, IngestFile, IngestState, Severity, SigmaRule, SourceState
from brandwacht.soc.playbooks import WHO

register = template.Library()

SEVERITY_KEYS = {
    Severity.INFORMATIONAL: "info",
    Severity.LOW: "low",
    Severity.MEDIUM: "medium",
    Severity.HIGH: "high",
    Severity.CRITICAL: "critical",
}
ALERT_TONES = {
    AlertState.NEW: "warn",
    AlertState.ACKNOWLEDGED: "info",
    AlertState.INCIDENT: "bad",
    AlertState.KNOWN: "done",
    AlertState.CLOSED: "done",
}
SOURCE_TONES = {
    SourceState.OPEN: "warn",
    SourceState.PLANNED: "info",
    SourceState.CONNECTED: "good",
    SourceState.NOT_THERE: "done",
}
FILE_TONES = {IngestState.RUNNING: "info", IngestState.DONE: "good", IngestState.BROKEN: "bad"}


@register.filter
def severity_key(level: int) -> str:
    """The key that the component ``severity`` takes."""
    return SEVERITY_KEYS[Severity(level)]


@register.filter
def standing(alert: Alert) -> str:
    """Where an alert stands, in words for the person who looks at it."""
    if alert.state == AlertState.NEW:
        return _("Wacht op u")
    if alert.state == AlertState.ACKNOWLEDGED and alert.waiting:
        return _("Werd ernstiger")
    return str(alert.get_state_display())


@register.filter
def alert_tone(alert: Alert) -> str:
    """The tone of an alert's state."""
    return "warn" if alert.waiting else ALERT_TONES[AlertState(alert.state)]


@register.filter
def file_tone(file: IngestFile) -> str:
    """The tone of a file's state."""
    return FILE_TONES[IngestState(file.state)]


@register.filter
def rule_standing(rule: SigmaRule) -> str:
    """Where a rule stands: in use, off, or not usable."""
    if not rule.usable:
        return _("Niet te gebruiken")
    return _("In gebruik") if rule.enabled else _("Uitgezet")


@register.filter
def rule_tone(rule: SigmaRule) -> str:
    """The tone of a rule's state."""
    return "bad" if not rule.usable else "good" if rule.enabled else "done"


@register.filter
def technique(number: str) -> wording.Technique:
    """An ATT&CK technique with its Dutch name, from its number."""
    return wording.technique(number)


@register.filter
def expected_records(file: IngestFile) -> int:
    """How many records the file is expected to hold: never fewer than were read."""
    return max(file.expected, file.position)


@register.filter
def source_tone(state: str) -> str:
    """The tone of where the connecting of a source stands."""
    return SOURCE_TONES[SourceState(state)]


@register.filter
def step_who(key: str) -> str:
    """Who may take a step of a playbook, in words."""
    return str(WHO[key])


@register.filter
def brief(minutes: float | None) -> str:
    """A number of minutes where there is little room."""
    return short(minutes)


@register.filter
def faster(change: float) -> str:
    """A change of a span in minutes, in words."""
    if abs(change) < 1 / 60:
        return _("gelijk gebleven")
    text = _("%(time)s sneller") if change < 0 else _("%(time)s langzamer")
    return text % {"time": short(abs(change))}


@register.filter
def gap(percent: int) -> int:
    """What lacks to a hundred."""
    return 100 - percent


@register.filter
def of(values: Mapping[str, Any], key: str) -> Any:
    """The value of a key that is itself a value."""
    return values[key]
