"""The daily export of signed chain heads, and the check of such a file."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from brandwacht.network import audit
from brandwacht.network.errors import Refused
from brandwacht.network.periodic import Job


def _key() -> Ed25519PrivateKey:
    path = Path(settings.DATA) / "audit-key.pem"
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"{path} is geen Ed25519-sleutel.")
    return key


def export(now: datetime) -> Path:
    """Write the present heads, signed with Ed25519, to ``DATA/audit/heads-<date>.json``; returns the path.

    Keep the files on another machine: a chain that is rewritten later no longer agrees with them.
    """
    body = {"at": now.isoformat(), "heads": audit.heads()}
    key = _key()
    signature = key.sign(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hex()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    folder = Path(settings.DATA) / "audit"
    folder.mkdir(exist_ok=True)
    path = folder / f"heads-{now:%Y-%m-%d}.json"
    content = orjson.dumps(body | {"signature": signature, "public_key": public}, option=orjson.OPT_INDENT_2)
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
    return path


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The heads in an exported file, after checking its signature against this installation's key."""
    try:
        content = orjson.loads(path.read_bytes())
        body = {"at": content["at"], "heads": content["heads"]}
        signature = bytes.fromhex(content["signature"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"{path} is geen export van de stand van het logboek: {error}.") from error
    try:
        _key().public_key().verify(signature, orjson.dumps(body, option=orjson.OPT_SORT_KEYS))
    except InvalidSignature as error:
        raise Refused(f"De handtekening onder {path} klopt niet: het bestand is veranderd of van elders.") from error
    heads: dict[str, dict[str, Any]] = body["heads"]
    return heads


EXPORT_HEADS = Job("audit-heads", "dag", lambda now: str(export(now)))
