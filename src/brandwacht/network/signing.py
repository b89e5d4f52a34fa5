"""The key of this installation, and what is signed with it (Ed25519): heads of the audit chain, hand-overs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from brandwacht.network.errors import Refused


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature and the public key that it can be verified with, both hexadecimal."""

    signature: str
    public_key: str


def canonical(body: Any) -> bytes:
    """A body as the bytes that are signed: JSON with sorted keys and no blanks, in UTF-8."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def sign(data: bytes) -> Signature:
    """Sign bytes with this installation's key, which is made on first use."""
    key = _key()
    return Signature(key.sign(data).hex(), _public(key))


def own_public_key() -> str:
    """The public key of this installation, hexadecimal."""
    return _public(_key())


def verifies(data: bytes, signature: str, public_key: str) -> bool:
    """Whether the signature under these bytes was made with this public key; ``False`` for anything malformed."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


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
