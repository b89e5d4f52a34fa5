"""Names and moments as TAXII has them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from brandwacht.network.models import Organisation

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)


class BadMoment(ValueError):
    """A text that is no TAXII timestamp; the message is Dutch."""


def collection_id(circle: Organisation, member: Organisation | None = None) -> UUID:
    """The id of the circle's collection, or of the one that only this member reads and writes."""
    return uuid5(circle.public_id, f"taxii:{member.public_id if member else ''}")


def stamp(moment: datetime) -> str:
    """A TAXII timestamp: UTC, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """A TAXII timestamp out of an address; raises ``BadMoment``."""
    if not _MOMENT.fullmatch(text):
        raise BadMoment(_("Schrijf een moment als 2026-11-22T13:05:00.000Z."))
    try:
        return datetime.fromisoformat(f"{text[:-1][:26]}+00:00")
    except ValueError as error:
        raise BadMoment(_("Dit moment bestaat niet.")) from error
