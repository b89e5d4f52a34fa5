"""Names and moments as TAXII has them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid5

from brandwacht.network.models import Organisation


def collection_id(circle: Organisation, member: Organisation | None = None) -> UUID:
    """The id of the circle's collection, or of the one that only this member reads and writes."""
    return uuid5(circle.public_id, f"taxii:{member.public_id if member else ''}")


def stamp(moment: datetime) -> str:
    """A TAXII timestamp: UTC, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
