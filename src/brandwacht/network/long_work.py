"""Long work that a person asks for and a worker does: taken by one worker, and offered again when that one died.

For rows of any room with ``state``, ``reason``, ``seen_at`` (the last sign of life) and ``finished_at``. Their states
are those of the room; of these, `WAITING` and `RUNNING` mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from brandwacht.network.actor import ITSELF, Actor, actor_for, assignments_of, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation, User
from brandwacht.network.tenancy import TenantModel, every_owner

WAITING: Final = "wacht"
RUNNING: Final = "bezig"
BUSY: Final = (WAITING, RUNNING)
STALE: Final = timedelta(minutes=10)
"""After so long without a sign of life another worker takes over."""

Work = TypeVar("Work", bound=TenantModel)


def take(model: type[Work], public_id: str, now: datetime) -> Work | None:
    """The work, taken by this worker; ``None`` when it is over, or another worker is at it."""
    with transaction.atomic():
        row: Any = model.objects.select_for_update().filter(public_id=public_id).first()
        if row is None or row.state not in BUSY:
            return None
        if row.state == RUNNING and row.seen_at > now - STALE:
            return None
        row.state, row.seen_at = RUNNING, now
        row.save(update_fields=["state", "seen_at"])
    return row


def asker(user_id: int | None, name: str, organisation: Organisation, now: datetime) -> Actor:
    """Who asked for the work, with the rights that this person has now. Raises ``Refused`` for who is gone."""
    if name == ITSELF:
        return system_actor(organisation, now, "werker")
    user = User.objects.filter(pk=user_id or 0, is_active=True).first()
    if user is None:
        raise Refused(_("Wie dit vroeg, heeft geen toegang meer. Vraag het opnieuw."))
    return actor_for(user, organisation, assignments_of(user, now), now, "werker")


def end(row: Any, state: str, reason: str, now: datetime, *also: str) -> str:
    """Keep how the work ended, and the fields named in ``also``; returns the state."""
    row.state, row.reason, row.finished_at, row.seen_at = state, reason[:300], now, now
    row.save(update_fields=["state", "reason", "finished_at", "seen_at", *also])
    return state


def offer_again(model: type[TenantModel], now: datetime, enqueue: Callable[[str, str], object]) -> int:
    """Offer work of this kind whose worker died to a worker again; returns how many.

    ``enqueue`` gets the code of the organisation and the public id.
    """
    with every_owner():
        rows = model.objects.filter(state__in=BUSY, seen_at__lt=now - 2 * STALE)
        stopped = list(rows.values_list("pk", "organisation__code", "public_id"))
        model.objects.filter(pk__in=[pk for pk, _code, _ref in stopped]).update(seen_at=now - STALE)
    for _pk, code, public_id in stopped:
        enqueue(code, str(public_id))
    return len(stopped)
