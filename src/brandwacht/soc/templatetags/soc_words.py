"""How the watch's own values are called and toned in templates: ``{% load soc_words %}``."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from brandwacht.network.wording import duration
from brandwacht.soc import wording
from brandwacht.soc.models import (
    Alert,
    AlertState,
    ContentImport,
    ImportState,
    IngestFile,
    IngestState,
    LogSource,
    LookBack,
    LookState,
    Severity,
    SigmaRule,
    WatchGap,
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


def source_standing(source: LogSource) -> str:
    """How a source is doing, in a few words."""
    if not source.enabled:
        return _("Beëindigd")
    if source.silent_since:
        return _("Zwijgt")
    return _("Stuurt") if source.seen_at else _("Nog niets ontvangen")


@register.filter
def source_tone(source: LogSource) -> str:
    """The tone of how a source is doing."""
    if not source.enabled:
        return "done"
    return "bad" if source.silent_since else "good" if source.seen_at else "info"


@register.filter
def gap_standing(gap: WatchGap) -> str:
    """Whether a gap still lasts, was filled, or stays open."""
    if gap.until is None:
        return _("Duurt nog")
    return _("Alsnog bekeken") if gap.filled_at else _("Niet bekeken")


@register.filter
def gap_length(gap: WatchGap) -> str:
    """How long a gap lasted; "" for one that lasts, or that is about a single moment."""
    minutes = (gap.until - gap.since).total_seconds() / 60 if gap.until else 0
    return _("duurde %(time)s") % {"time": duration(minutes)} if minutes >= 1 else ""


@register.filter
def gap_tone(gap: WatchGap) -> str:
    """The tone of a gap."""
    return "bad" if gap.until is None else "good" if gap.filled_at else "warn"


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
