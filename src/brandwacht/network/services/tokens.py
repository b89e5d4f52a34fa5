"""Tokens for the API: a person's own program acts for them at one organisation, until a date."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import ApiToken, User
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case

PREFIX = "bw_"
LONGEST = timedelta(days=366)


def hashed(token: str) -> str:
    """The SHA-256 (hexadecimal) under which a token of any kind is kept: it is random, so that no salt is needed."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def make(actor: Actor, user: User, name: str, expires_at: datetime) -> tuple[ApiToken, str]:
    """A new token for ``user`` at the actor's organisation; the text is returned once and stored only as a hash."""
    with use_case(actor, "token.make") as case:
        case.require(Owner(actor.organisation_id))
        if not name.strip():
            raise Refused(_("Geef het token een naam, zodat u het later herkent."), "name")
        if not actor.now < expires_at <= actor.now + LONGEST:
            raise Refused(_("Kies een einddatum binnen een jaar."), "expires_at")
        text = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken(
            organisation_id=actor.organisation_id,
            user=user,
            name=name.strip(),
            token_hash=hashed(text),
            expires_at=expires_at,
        )
        token.save()
        case.audit(token, {"naam": token.name, "tot": expires_at.isoformat()})
    return token, text


def revoke(actor: Actor, public_id: Any) -> ApiToken:
    """End a token now: one's own, or as administrator that of a colleague. A token that had ended stays as it was."""
    with use_case(actor, "token.end") as case:
        token = case.get(ApiToken, public_id)
        if token.revoked_at is None:
            token.revoked_at = actor.now
            token.save()
            case.audit(token, {"naam": token.name})
    return token


def revoke_all(user_id: int, organisation_id: int, now: datetime) -> int:
    """End every token of a person at one organisation; returns how many there were. The caller writes it down."""
    rows = ApiToken.objects.filter(user_id=user_id, organisation_id=organisation_id, revoked_at__isnull=True)
    return rows.update(revoked_at=now)


def find(text: str, now: datetime) -> ApiToken | None:
    """The token in force with this text, with its user and organisation; ``None`` when there is none."""
    return (
        ApiToken._base_manager.filter(token_hash=hashed(text), expires_at__gt=now, revoked_at__isnull=True)
        .filter(user__is_active=True)
        .select_related("user", "organisation")
        .first()
    )
