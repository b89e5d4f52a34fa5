"""The daily export of signed chain heads, and the check of such a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from brandwacht.network import audit
from brandwacht.network.errors import Refused
from brandwacht.network.periodic import Job
from brandwacht.network.signing import canonical, own_public_key, sign, verifies


def export(now: datetime) -> Path:
    """Write the present heads, signed with Ed25519, to ``DATA/audit/heads-<date>.json``; returns the path.

    Keep the files on another machine: a chain that is rewritten later no longer agrees with them.
    """
    body = {"at": now.isoformat(), "heads": audit.heads()}
    signed = sign(canonical(body))
    folder = Path(settings.DATA) / "audit"
    folder.mkdir(exist_ok=True)
    path = folder / f"heads-{now:%Y-%m-%d}.json"
    whole = body | {"signature": signed.signature, "public_key": signed.public_key}
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    temporary.replace(path)
    return path


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The heads in an exported file, after checking its signature against this installation's key."""
    try:
        content = orjson.loads(path.read_bytes())
        body = {"at": content["at"], "heads": content["heads"]}
        signature = bytes.fromhex(content["signature"]).hex()
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"{path} is geen export van de stand van het logboek: {error}.") from error
    if not verifies(canonical(body), signature, own_public_key()):
        raise Refused(f"De handtekening onder {path} klopt niet: het bestand is veranderd of van elders.")
    heads: dict[str, dict[str, Any]] = body["heads"]
    return heads


EXPORT_HEADS = Job("audit-heads", "dag", lambda now: str(export(now)))
