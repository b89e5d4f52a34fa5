"""How the watch's own values are called and toned in templates: ``{% load soc_words %}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.models import Node
from brandwacht.network.wording import duration
from brandwacht.soc import wording
from brandwacht.soc.bars import short
from brandwacht.soc.models import (
    Alert,
    AlertException,
    AlertState,
    BlindReason,
    BlindSpot,
    ContentImport,
    ExceptionState,
    How,
    ImportState,
    IngestFile,
    IngestState,
    LogSource,
    LookBack,
    LookState,
    Severity,
    SigmaRule,
    SourceState,
    Subject,
    WatchGap,
)
from brandwacht.soc.playbooks import WHO
from brandwacht.soc.queries.correlations import Counters
from brandwacht.soc.tuning import Candidate

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

IMPORT_TONES = {
    ImportState.RUNNING: "info",
    ImportState.READY: "warn",
    ImportState.TAKING: "info",
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
def sum_in_words(alert: Alert) -> str:
    """The sum behind the severity of an alert as one sentence."""
    parts = [part for part in alert.severity_sum if part["points"]]
    told = [_("%(n)d, want %(why)s") % {"n": part["points"], "why": part["text"]} for part in parts]
    total = max(0, sum(part["points"] for part in parts))
    word = Severity(alert.severity).label.lower()
    if not told:
        return _("Samen 0 punten, dat is %(word)s.") % {"word": word}
    if len(told) == 1:
        return _("%(total)d punten, dat is %(word)s: %(why)s.") % {
            "total": total, "word": word, "why": parts[0]["text"],
        }  # fmt: skip
    return _("Samen %(total)d punten, dat is %(word)s: %(parts)s.") % {
        "total": total, "word": word, "parts": "; ".join(told),
    }  # fmt: skip


@register.filter
def sum_total(alert: Alert) -> int:
    """The points of an alert."""
    return max(0, sum(part["points"] for part in alert.severity_sum))


@register.filter
def less(number: int, other: int) -> int:
    """What is left of a number."""
    return number - other


@register.filter
def of_key(found: Mapping[int, Any], key: int | None) -> Any:
    """What stands under this key; nothing when it is not there."""
    return found.get(key) if key is not None else None


@register.filter
def exception_standing(row: AlertException, now: datetime) -> str:
    """Where an exception stands, in words."""
    if row.state == ExceptionState.APPROVED:
        return _("Werkt nu") if row.expires_at > now else _("Verlopen")
    if row.state == ExceptionState.PROPOSED:
        return _("Wacht op een oordeel")
    return str(row.get_state_display())


@register.filter
def exception_tone(row: AlertException, now: datetime) -> str:
    """The tone of an exception's state."""
    if row.state == ExceptionState.APPROVED:
        return "good" if row.expires_at > now else "done"
    return {ExceptionState.PROPOSED: "warn", ExceptionState.REJECTED: "bad"}.get(ExceptionState(row.state), "done")


@register.filter
def exception_scope(row: AlertException) -> str:
    """What an exception is narrowed to, as a part of a sentence."""
    return scope_text(row.asset.name if row.asset is not None else "", row.subject, row.field, row.how, row.value)


@register.simple_tag
def candidate_scope(candidate: Candidate, asset: Node | None) -> str:
    """What a proposed exception is narrowed to, as a part of a sentence."""
    return scope_text(asset.name if asset else "", candidate.subject, candidate.field, How.EXACT, candidate.value)


def scope_text(asset: str, subject: str, field: str, how: str, value: str) -> str:
    """On which asset, and with which user, address or value."""
    place = _("op %(asset)s") % {"asset": asset} if asset else _("op elk middel")
    if not subject:
        return place
    what = {
        Subject.USER: _("als de gebruiker %(how)s “%(value)s”"),
        Subject.ADDRESS: _("als het adres %(how)s “%(value)s”"),
        Subject.FIELD: _("als het veld %(field)s %(how)s “%(value)s”"),
    }[Subject(subject)]
    short = {How.EXACT: _("is"), How.PREFIX: _("begint met"), How.WILDCARD: _("past op")}[How(how)]
    return f"{place}, {what % {'field': field, 'how': short, 'value': value}}"


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
def why_blind(spot: BlindSpot) -> str:
    """Why a rule can never fire, or not on every source, in a sentence."""
    lacks = ", ".join(spot.lacks)
    if spot.able_at:
        return _("Kan hier afgaan op %(able)s, niet op %(blind)s: daar is nooit gezien %(names)s.") % {
            "able": ngettext("1 bron", "%(n)d bronnen", spot.able_at) % {"n": spot.able_at},
            "blind": ngettext("1 andere", "%(n)d andere", spot.blind_at) % {"n": spot.blind_at},
            "names": lacks,
        }
    match spot.reason:
        case BlindReason.FIELDS:
            return _("Nooit gezien: %(names)s.") % {"names": lacks}
        case BlindReason.RESTS_ON:
            return _("Dit verband rust op regels die hier niet kunnen afgaan: %(names)s.") % {"names": lacks}
    return f"{spot.get_reason_display()}."


@register.filter
def lag_of(row: Counters) -> str:
    """How far a correlation is behind, in words."""
    if row.lag is None:
        return _("nog niets gezien")
    minutes = row.lag.total_seconds() / 60
    return duration(minutes) if minutes >= 1 else _("geen")


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


@register.filter
def joined_tone(state: str) -> str:
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
