"""The request as the pages of every room get it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from brandwacht.network.actor import Actor
from brandwacht.network.models import RoleAssignment, User


class ActorRequest(HttpRequest):
    """A request of somebody who is logged in and has a role: ``ActorMiddleware`` lets no other reach a room."""

    user: User
    actor: Actor
    assignments: Sequence[RoleAssignment]
