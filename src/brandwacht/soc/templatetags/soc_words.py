"""How the watch's own values are called and toned in templates: ``{% load soc_words %}``."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from brandwacht.soc import wording
from brandwacht.soc.models import (
    Alert,
    AlertState,
    ContentImport,
    ImportState,
    IngestFile,
    IngestState,
    LookBack,
    LookState,
    Severity,
    SigmaRule,
)

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
FILE_TONES = {IngestState.RUNNING: "info", IngestState.DONE: "good", IngestState.BROKEN: "bad"}

IMPORT_TONES = {
    ImportState.RUNNING: "info",
    ImportState.READY: "warn",
    ImportState.APPLIED: "good",
    ImportState.FAILED: "bad",
    ImportState.STOPPED: "done",
}
LOOK_TONES = {
    LookState.WAITING: "info",
    LookState.RUNNING: "info",
    LookState.DONE: "good",
    LookState.STOPPED: "done",
    LookState.FAILED: "bad",
}


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
def import_tone(row: ContentImport) -> str:
    """The tone of the state of something offered."""
    return IMPORT_TONES[ImportState(row.state)]


@register.filter
def look_tone(row: LookBack) -> str:
    """The tone of the state of a look back."""
    return LOOK_TONES[LookState(row.state)]


@register.filter
def rule_standing(rule: SigmaRule) -> str:
    """Where a rule stands: in use, off, or not usable."""
    if not rule.usable:
        return _("Niet te gebruiken")
    return _("In gebruik") if rule.enabled else _("Uitgezet")


@register.filter
def collection(rule: SigmaRule) -> str:
    """The collection that a rule came with: the first part of its place."""
    return rule.name.partition("/")[0]


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
