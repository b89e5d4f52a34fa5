"""Who is behind a pseudonym, sealed so that only two custodians together can read it.

The identity is encrypted (AES-256-GCM) under a random key. That key is split in two shares, of which each alone is
noise: a random one, and what it differs from the key. Each share is sealed to the X25519 key of one custodian, with a
key of its own for the occasion (ephemeral X25519, HKDF-SHA256, AES-256-GCM). The text is filled up to one length, so
that its size tells nothing. Private keys are shown to their owner once and kept nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Box = dict[str, str]
"""Something sealed to one key: the sender's key for this occasion, the nonce and the text, all hexadecimal."""

LENGTH = 1024
"""Bytes to which an identity is filled up."""
_INFO = b"brandwacht share 1"


class CannotOpen(ValueError):
    """A private key that is not one, or that does not fit what it should open."""


def new_key() -> tuple[str, str]:
    """A private key and its public key, both hexadecimal (32 bytes)."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw().hex(), _public(private)


def seal(identity: Mapping[str, str], keys: Mapping[str, str], label: str) -> dict[str, object]:
    """Seal an identity to exactly two custodians: ``keys`` are public keys by the custodian's name for them.

    ``label`` (which pseudonym) is bound to it, so that nothing can be moved to another. Raises ``ValueError`` unless
    there are two different keys, or when the identity is too long.
    """
    if len(keys) != 2 or len(set(keys.values())) != 2:
        raise ValueError("An identity is sealed to two different keys.")
    text = orjson.dumps(dict(identity))
    if len(text) > LENGTH:
        raise ValueError("This identity is too long.")
    key, share, nonce = os.urandom(32), os.urandom(32), os.urandom(12)
    shares: Sequence[bytes] = (share, _xor(key, share))
    return {
        "nonce": nonce.hex(),
        "text": AESGCM(key).encrypt(nonce, text.ljust(LENGTH), label.encode()).hex(),
        "shares": {
            name: seal_share(part, public, label)
            for part, (name, public) in zip(shares, sorted(keys.items()), strict=True)
        },
    }  # fmt: skip


def seal_share(share: bytes, public: str, label: str) -> Box:
    """Seal a share to one public key."""
    once = X25519PrivateKey.generate()
    nonce = os.urandom(12)
    key = _agreed(once, public, _public(once))
    return {
        "key": _public(once), "nonce": nonce.hex(), "text": AESGCM(key).encrypt(nonce, share, label.encode()).hex()
    }  # fmt: skip


def open_share(box: Mapping[str, str], private: str, label: str) -> bytes:
    """The share in a box; raises ``CannotOpen`` when this private key does not fit."""
    try:
        key = _agreed(_private(private), box["key"], box["key"])
        return AESGCM(key).decrypt(bytes.fromhex(box["nonce"]), bytes.fromhex(box["text"]), label.encode())
    except (InvalidTag, KeyError, ValueError) as error:
        raise CannotOpen from error


def open_sealed(sealed: Mapping[str, object], shares: Sequence[bytes], label: str) -> dict[str, str]:
    """The identity, from both shares in any order; raises ``CannotOpen``."""
    try:
        first, second = shares
        text = AESGCM(_xor(first, second)).decrypt(
            bytes.fromhex(str(sealed["nonce"])), bytes.fromhex(str(sealed["text"])), label.encode()
        )
        found: dict[str, str] = orjson.loads(text)
    except (InvalidTag, KeyError, ValueError) as error:
        raise CannotOpen from error
    return found


def _private(text: str) -> X25519PrivateKey:
    try:
        return X25519PrivateKey.from_private_bytes(bytes.fromhex("".join(text.split())))
    except ValueError as error:
        raise CannotOpen from error


def _public(private: X25519PrivateKey) -> str:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _agreed(private: X25519PrivateKey, public: str, salt: str) -> bytes:
    shared = private.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    return HKDF(SHA256(), 32, bytes.fromhex(salt), _INFO).derive(shared)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
