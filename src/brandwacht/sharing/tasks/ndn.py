"""What the worker does when objects came in: read and weigh what the connected organisations watch for."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from brandwacht.sharing.models import NationalNode


@task()
def read_node_feed(circle_id: int) -> int:
    """Read what came in for a circle; returns the number of objects."""
    from brandwacht.sharing.services.node_feed import refresh  # the objects that it reads are what asks for this task

    return refresh(circle_id, timezone.now())


def tell_node_feed(circle_id: int) -> None:
    """Let a worker read and weigh again, once this transaction holds; nothing for a circle without a node."""
    if NationalNode._base_manager.filter(organisation_id=circle_id).exists():
        read_node_feed.enqueue(circle_id)
