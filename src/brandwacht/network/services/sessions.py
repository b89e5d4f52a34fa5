"""Log-ins, as the organisations of the person read them in their chain (BIO2 8.15)."""

from __future__ import annotations

from datetime import datetime

from brandwacht.network.actor import actor_for, assignments_of
from brandwacht.network.audit import DENIED, DONE, Fact, write
from brandwacht.network.models import User


def note_login(user: User, now: datetime, *, allowed: bool) -> None:
    """Write a log-in, or a failed attempt, in the chain of every organisation at which the person has a role."""
    assignments = assignments_of(user, now)
    for organisation in {a.organisation_id: a.organisation for a in assignments}.values():
        actor = actor_for(user, organisation, assignments, now, "pagina")
        result = DONE if allowed else DENIED
        write(actor, [Fact(organisation.pk, "account.login", "network.User", str(user.public_id), result)])
