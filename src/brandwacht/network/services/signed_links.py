"""Signed links: a random token, stored hashed, that opens one thing for whoever has it, until it ends.

A GET changes nothing, since mail scanners follow links; the exchange is a POST, after which the address is clean and a
cookie stands for the link. Each kind of link is one ``LinkKind``: a table of its own, and a kind of grant of its own
that opens one domain, so that one kind never reaches what another is for.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from brandwacht.network.actor import ACT, SEE, Actor, GrantFact
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound
from brandwacht.network.models.links import SignedLink
from brandwacht.network.requests import public_id_in
from brandwacht.network.roles import Role
from brandwacht.network.services.tokens import hashed
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case

STAYS: Final = timedelta(hours=10)
"""So long one exchange works; after that the link is opened again."""

UNKNOWN, EXPIRED, REVOKED = "onbekend", "verlopen", "ingetrokken"

_L = TypeVar("_L", bound=SignedLink)


class LinkGone(NotFound):
    """The link opens nothing. ``reason`` is ``UNKNOWN``, ``EXPIRED`` or ``REVOKED``; it names no organisation."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def new_token() -> tuple[str, str]:
    """A token of 256 random bits, and the hash under which it is kept."""
    token = secrets.token_urlsafe(32)
    return token, hashed(token)


@dataclass(frozen=True, slots=True)
class LinkKind(Generic[_L]):
    """One kind of signed link.

    ``grant`` is the door that it stands for, ``action`` the one thing that its holder may do, ``purpose`` how that
    reads, ``code`` who the holder is in the audit chain, ``holder_name`` the name of a link's holder. ``cookie`` and
    ``salt`` keep the cookies of the kinds apart.
    """

    model: type[_L]
    grant: GrantKind
    action: str
    purpose: str | Promise
    code: str
    holder_name: Callable[[_L], str]
    cookie: str
    salt: str

    def find(self, token: str, now: datetime) -> _L:
        """The link in force with this token; raises ``LinkGone``."""
        return self._working(now, token_hash=hashed(token))

    def holder(self, link: _L, now: datetime) -> Actor:
        """Who has the link: nobody at any organisation, with this link as the only door."""
        door = GrantFact(
            self.grant, link.organisation_id, frozenset({SEE, ACT}), link.public_id, str(self.purpose), link.expires_at
        )
        name = _("%(partner)s (getekende link)") % {"partner": self.holder_name(link)}
        return Actor(None, name, 0, self.code, frozenset({Role.SYSTEM}), (door,), now, "link")

    def exchange(self, token: str, now: datetime) -> tuple[_L, str]:
        """Open a link: the value of the cookie that stands for it. Raises ``LinkGone``."""
        link = self.find(token, now)
        me = self.holder(link, now)
        with tenancy_scope(me.tenancy()), use_case(me, self.action) as case:
            case.require(link)
            link.opened_at = now
            link.save(update_fields=["opened_at"])
            case.audit(link, {"geopend": True})
        return link, signing.dumps(str(link.public_id), salt=self.salt)

    def opened(self, cookie: str, now: datetime) -> _L:
        """The link that a cookie stands for; raises ``LinkGone`` when it is forged, too old, or works no longer."""
        try:
            public_id = public_id_in(signing.loads(cookie, salt=self.salt, max_age=STAYS))
        except signing.BadSignature as error:
            raise LinkGone(UNKNOWN) from error
        return self._working(now, public_id=public_id)

    def _working(self, now: datetime, **known: Any) -> _L:
        # Whoever has the token is in nobody's scope; the hash of 256 random bits is the key to this one row.
        found: _L | None = self.model._base_manager.filter(**known).select_related("organisation").first()
        if found is None:
            raise LinkGone(UNKNOWN)
        if found.revoked_at is not None:
            raise LinkGone(REVOKED)
        if found.expires_at <= now:
            raise LinkGone(EXPIRED)
        return found
