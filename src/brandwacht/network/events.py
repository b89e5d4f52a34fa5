"""Events: how a lower room tells what happened without knowing who listens.

A closed registry with typed payloads: an event type is a frozen dataclass declared here or in the room that
publishes it; the rooms above subscribe in their ``apps.py``. Handlers run inside the publisher's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

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
