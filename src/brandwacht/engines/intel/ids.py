"""Ids and timestamps for what we write: the same content always gets the same one."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID


def stix_id(kind: str, namespace: UUID, *content: str) -> str:
    """The id that this content always gets: `kind--` and a UUID.

    `namespace` is the installation's own. The content is hashed as JSON, so that no two different contents read the
    same. It has the shape of a random UUID (version 4), as STIX 2.1 (2.9) advises for all but observables: one cannot
    tell from it that it was reckoned.
    """
    digest = hashlib.sha256(namespace.bytes + json.dumps([kind, *content]).encode()).digest()
    return f"{kind}--{UUID(bytes=digest[:16], version=4)}"


def stamp(moment: datetime) -> str:
    """A STIX timestamp: UTC, whole milliseconds."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
