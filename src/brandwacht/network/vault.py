"""Passwords and tokens of others that we must be able to use again: stored only encrypted, never shown.

Fernet (AES-128-CBC with HMAC-SHA-256, of ``cryptography``) under a key derived with HKDF from ``SECRET_KEY``: who has
the database alone has nothing. After a change of ``SECRET_KEY`` what was kept under it is lost, unless the old one
stands in ``SECRET_KEY_FALLBACKS``.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from brandwacht.network.errors import Refused

_PURPOSE = b"brandwacht.network.vault.1"


def keep(secret: str) -> str:
    """A secret as it may be stored; the same secret gives another text every time."""
    return _keys().encrypt(secret.encode()).decode("ascii")


def use(kept: str) -> str:
    """The secret of what ``keep`` gave. Raises ``Refused`` when it was kept under a key that is gone, or damaged."""
    try:
        return _keys().decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise Refused(_("Het bewaarde wachtwoord is niet meer te lezen. Vul het opnieuw in.")) from error


def _keys() -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str | bytes) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(force_bytes(secret))
    return Fernet(urlsafe_b64encode(derived))
