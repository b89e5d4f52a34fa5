"""What surrounds a run: whose turn it is, what is kept when it goes well or wrong, and who is asked to look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.network.actor import ACT, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant
from brandwacht.network.queries import in_force
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.tenancy import every_owner, owner_scope
from brandwacht.sharing.models import Coupling, CouplingState

STALE: Final = timedelta(minutes=30)
"""After so long without a sign of life another worker takes over; longer than any answer may take."""
LONGEST: Final = timedelta(days=1)
"""The most that a coupling waits after failures."""
ASK_AFTER: Final = 3
"""Failures in a row after which somebody is asked to look."""


def offer_due(now: datetime) -> str:
    """Offer every coupling whose turn it is to a worker; each is a task of its own, so that none waits for another."""
    from brandwacht.sharing.tasks.couplings import run_coupling

    with every_owner():
        rows = list(
            Coupling.objects.filter(state=CouplingState.RUNNING, next_at__lte=now)
            .select_related("organisation")
            .order_by("next_at", "pk")
        )
        offered = 0
        for row in rows:
            again = now + timedelta(minutes=row.every)
            # Whoever moves the moment offers the work: two ticks do not offer it twice.
            if Coupling.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=again):
                run_coupling.enqueue(row.organisation.code, str(row.public_id))
                offered += 1
    return _("%(n)d koppelingen aan de beurt") % {"n": offered} if offered else ""


def wait_after(row: Coupling, failures: int) -> timedelta:
    """How long to wait after so many failures in a row: twice as long each time, a day at most."""
    times: int = 2 ** min(max(failures - 1, 0), 12)
    return min(timedelta(minutes=row.every) * times, LONGEST)


def went_well(row: Coupling, actor: Actor, more: bool, now: datetime) -> None:
    """Keep that a run ended well; inside the caller's transaction. With ``more`` to come the next one is soon."""
    row.last_run_at = row.last_good_at = now
    row.failures, row.last_error = 0, ""
    row.next_at = now if more else now + timedelta(minutes=row.every)
    no_longer_asked(row, actor)


def went_wrong(row: Coupling, why: str, now: datetime) -> None:
    """Keep that a run failed and why, wait longer each time, and ask somebody to look after a few times."""
    row.last_run_at, row.last_error = now, why[:400]
    row.failures += 1
    row.next_at = now + wait_after(row, row.failures)
    if row.failures >= ASK_AFTER:
        _ask(row, now)


def must_wait(row: Coupling, why: str, until: datetime, now: datetime) -> None:
    """Keep that the other end asked to come back later: no failure."""
    row.last_run_at, row.last_error, row.next_at = now, why[:400], until


def _key(row: Coupling) -> str:
    return f"sharing.coupling:{row.public_id}"


def _keepers(row: Coupling, now: datetime) -> list[tuple[int, Role]]:
    """The organisations that look after it, with the role there: the owner, or who coordinates the circle."""
    if not row.of_circle:
        return [(row.organisation_id, Role.ADMIN)]
    with owner_scope(row.organisation_id):
        given = Grant.objects.filter(organisation_id=row.organisation_id, kind=GrantKind.CIRCLE, thing__isnull=True)
        grants = list(in_force(given, now))
    return [(each.grantee_id, Role.CERT_LEAD) for each in grants if ACT in each.may]


def _ask(row: Coupling, now: datetime) -> None:
    for owner_id, role in _keepers(row, now):
        todo = actions.Todo(
            key=_key(row),
            title=_("Herstel de koppeling “%(name)s”") % {"name": row.name[:120]},
            why=row.last_error[:300],
            room="sharing",
            path=reverse("sharing:coupling", args=[row.public_id]),
            role=role,
            risk=2,
            effort=20,
        )
        actions.put(owner_id, todo, now)
        if row.failures == ASK_AFTER:  # it went well in between: ask again
            actions.reopen_by_key(owner_id, _key(row))


def no_longer_asked(row: Coupling, actor: Actor) -> None:
    """Nobody needs to look any more."""
    for owner_id, _role in _keepers(row, actor.now):
        actions.complete(owner_id, _key(row), actor)
