"""Events: how a lower room tells what happened without knowing who listens.

A closed registry with typed payloads: an event type is a frozen dataclass declared here or in the room that
publishes it; the rooms above subscribe in their ``apps.py``. Handlers run inside the publisher's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from brandwacht.network.actor import Actor
    from brandwacht.network.models import RoleAssignment

_E = TypeVar("_E")
_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[_E], handler: Callable[[_E], None]) -> None:
    """Call ``handler`` with every published ``event``; a handler is registered once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def publish(event: object) -> None:
    """Call the handlers of this event's type, in order of subscription, in the caller's transaction."""
    for handler in _handlers[type(event)]:
        handler(event)


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A person got a role. A handler may refuse it (``Refused``), since nothing is kept yet."""

    assignment: RoleAssignment
    by: Actor


@dataclass(frozen=True, slots=True)
class RoleEnded:
    """A role was ended before its time; it stops working on the next request."""

    assignment: RoleAssignment
    by: Actor
