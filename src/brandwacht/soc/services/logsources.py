"""The sources of an organisation: connecting, changing and ending them; their tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.roles import Role
from brandwacht.network.services.tokens import hashed
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc.models import LogSource, SourceKind

PREFIX: Final = "bwl_"
MANAGE: Final = "soc.sources.manage"
SEE: Final = "soc.sources.see"
MOST: Final = 200
"""Sources of one organisation."""
LONGEST_SILENCE: Final = 30 * 24 * 60
LOWEST_PORT: Final = 1024
"""Brandwacht does not run as root, so ports below this one it cannot open."""


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source to be; see ``LogSource`` for the fields."""

    name: str
    kind: str
    silent_after: int = 60
    port: int | None = None
    tls: bool = False
    folder: str = ""


def connect(actor: Actor, owner_id: int, draft: SourceDraft) -> tuple[LogSource, str]:
    """A new source of organisation ``owner_id``; the text is its token, told once, or "" for a kind without one."""
    with use_case(actor, MANAGE) as case:
        case.require(Owner(owner_id))
        if draft.kind == SourceKind.FOLDER and not actor.has(Role.SYSTEM):
            # Whoever names a folder of the server reads what is in it, whosever it is.
            raise Refused(_("Een map kan alleen de beheerder van de server aansluiten: brandwacht soc watch."), "kind")
        _check(owner_id, draft)
        if LogSource.objects.filter(organisation_id=owner_id, enabled=True).count() >= MOST:
            raise Refused(_("U heeft al %(n)d bronnen. Beëindig er eerst een.") % {"n": MOST})
        source = LogSource(
            organisation_id=owner_id,
            name=draft.name.strip(),
            kind=draft.kind,
            silent_after=draft.silent_after,
            port=draft.port if draft.kind == SourceKind.SYSLOG else None,
            tls=draft.tls and draft.kind == SourceKind.SYSLOG,
            folder=draft.folder.strip() if draft.kind == SourceKind.FOLDER else "",
            created_at=actor.now,
            created_by=actor.name,
        )
        text = _new_token(source) if source.kind == SourceKind.BULK else ""
        source.save()
        case.audit(source, {"naam": source.name, "soort": source.kind, "alarm na minuten": source.silent_after})
    return source, text


def change(actor: Actor, public_id: Any, name: str, silent_after: int) -> LogSource:
    """Another name, another time of silence that is an alarm."""
    with use_case(actor, MANAGE) as case:
        source = _working(case, public_id)
        draft = SourceDraft(name, source.kind, silent_after, source.port, source.tls, source.folder)
        _check(source.organisation_id, draft, source)
        source.name, source.silent_after = name.strip(), silent_after
        source.save(update_fields=["name", "silent_after"])
        case.audit(source, {"naam": source.name, "alarm na minuten": source.silent_after})
    return source


def renew_token(actor: Actor, public_id: Any) -> tuple[LogSource, str]:
    """Another token; the one before works no longer."""
    with use_case(actor, MANAGE) as case:
        source = _working(case, public_id)
        if source.kind != SourceKind.BULK:
            raise Refused(_("Deze bron heeft geen token."))
        text = _new_token(source)
        source.save(update_fields=["token_hash"])
        case.audit(source, {"naam": source.name, "nieuw token": True})
    return source, text


def end(actor: Actor, public_id: Any) -> LogSource:
    """End a source: nothing of it is taken any more. What came before stays. Ending twice is no error."""
    with use_case(actor, MANAGE) as case:
        source = case.get(LogSource, public_id, see=SEE)
        if source.enabled:
            source.enabled, source.ended_at, source.token_hash = False, actor.now, ""
            source.save(update_fields=["enabled", "ended_at", "token_hash"])
            case.audit(source, {"naam": source.name, "beëindigd": True})
    return source


def source_by_token(text: str) -> LogSource | None:
    """The source that this token belongs to, with its organisation; ``None`` when it belongs to none.

    The token is the whole of the right to deliver, so this is read without a scope.
    """
    if not text.startswith(PREFIX):
        return None
    rows = LogSource._base_manager.filter(token_hash=hashed(text), enabled=True, kind=SourceKind.BULK)
    return rows.select_related("organisation").first()


def _working(case: UseCase, public_id: Any) -> LogSource:
    source = case.get(LogSource, public_id, see=SEE)
    if not source.enabled:
        raise Refused(_("Deze bron is beëindigd. Sluit een nieuwe bron aan."))
    return source


def _new_token(source: LogSource) -> str:
    text = PREFIX + secrets.token_urlsafe(32)
    source.token_hash = hashed(text)
    return text


def _check(owner_id: int, draft: SourceDraft, this: LogSource | None = None) -> None:
    name = draft.name.strip()
    if not name:
        raise Refused(_("Geef de bron een naam, zodat u hem later herkent."), "name")
    same = LogSource.objects.filter(organisation_id=owner_id, name=name)
    if same.exclude(pk=this.pk if this else None).exists():
        raise Refused(_("Er is al een bron met deze naam. Kies een andere."), "name")
    if not 0 <= draft.silent_after <= LONGEST_SILENCE:
        raise Refused(_("Kies een aantal minuten van 0 tot en met %(n)d.") % {"n": LONGEST_SILENCE}, "silent_after")
    if draft.kind not in SourceKind.values:
        raise Refused(_("Kies hoe de logs binnenkomen."), "kind")
    if this is not None:
        return
    if draft.kind == SourceKind.SYSLOG:
        _check_port(draft.port)
    if draft.kind == SourceKind.FOLDER and not Path(draft.folder.strip() or ".").is_absolute():
        raise Refused(_("Geef het hele pad van de map op deze server, beginnend met een schuine streep."), "folder")


def _check_port(port: int | None) -> None:
    if port is None or not LOWEST_PORT <= port <= 65535:
        raise Refused(_("Kies een poort van %(low)d tot en met 65535.") % {"low": LOWEST_PORT}, "port")
    # Ports are of the whole machine, so this looks over all organisations, and tells no more than "taken".
    if LogSource._base_manager.filter(port=port, enabled=True).exists():
        raise Refused(_("Deze poort is al in gebruik. Kies een andere."), "port")
