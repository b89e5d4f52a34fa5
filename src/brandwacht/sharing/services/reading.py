"""What a person read: a mark on each thing, so that the reading list begins with what is new.

The receipt of reading TLP:RED stands in the audit chain, where it always did; a mark is for the reader alone.
"""

from __future__ import annotations

from typing import Any, Final

from brandwacht.network.actor import Actor
from brandwacht.network.tenancy import TenantModel
from brandwacht.network.usecase import use_case
from brandwacht.sharing.conditions import RED
from brandwacht.sharing.models import CircleQuestion, ReadMark, Threat
from brandwacht.sharing.policies.threats import is_mine
from brandwacht.sharing.policy import SEE
from brandwacht.sharing.queries.reading import unread_of
from brandwacht.sharing.reading_kinds import KINDS

MOST_AT_ONCE: Final = 500


def mark_read(actor: Actor, thing: TenantModel) -> None:
    """The actor read this thing, which they may see; nothing for who wrote it, nor for Brandwacht itself.

    A thing that was fetched with ``is_read`` (``queries.threats.threat``) is not marked again.
    """
    if actor.user_id is None or getattr(thing, "is_read", False):
        return
    if isinstance(thing, Threat | CircleQuestion) and is_mine(actor, thing):
        return
    _mark(actor.user_id, [(thing.organisation_id, thing.public_id)])


def mark_all_read(actor: Actor) -> int:
    """Mark everything but TLP:RED as read, at most five hundred of each kind; returns how many.

    TLP:RED is for who opens it: that it was read is a promise to who wrote it.
    """
    if actor.user_id is None:
        return 0
    with use_case(actor, SEE):
        found = [
            row
            for kind in KINDS.values()
            for row in unread_of(actor, kind)
            .exclude(tlp=RED)
            .order_by("-at")
            .values_list("organisation_id", "public_id")[:MOST_AT_ONCE]
        ]
        _mark(actor.user_id, found)
    return len(found)


def _mark(user_id: int, things: list[tuple[int, Any]]) -> None:
    known = set(
        ReadMark.objects.filter(user_id=user_id, item__in=[item for _owner, item in things]).values_list(
            "item", flat=True
        )
    )
    new = [ReadMark(organisation_id=owner, user_id=user_id, item=item) for owner, item in things if item not in known]
    # The same person in two windows at once: what the other one marked is marked.
    ReadMark.objects.bulk_create(new, ignore_conflicts=True)
