"""Log-ins, as the organisations of the person read them in their chain (BIO2 8.15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from brandwacht.network.actor import actor_for, assignments_of
from brandwacht.network.audit import DENIED, DONE, Fact, write
from brandwacht.network.models import User


def note_login(user: User, now: datetime, *, allowed: bool) -> None:
    """Write a log-in, or a failed attempt, in the chain of every organisation at which the person has a role."""
    assignments = assignments_of(user, now)
    for organisation in {a.organisation_id: a.organisation for a in assignments}.values():
        actor = actor_for(user, organisation, assignments, now, "pagina")
        result = DONE if allowed else DENIED
        if not allowed:
            # Whoever typed the wrong password need not be the person: the chain must not say that it was.
            actor = replace(actor, user_id=None, name=_("onbekend, met het adres van %(name)s") % {"name": user.name})
        write(actor, [Fact(organisation.pk, "account.login", "network.User", str(user.public_id), result)])
