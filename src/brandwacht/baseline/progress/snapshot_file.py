"""A released snapshot as a file that anybody can check, and what checking finds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.utils.translation import gettext as _

from brandwacht.baseline.models import Snapshot
from brandwacht.baseline.progress.content import FORM
from brandwacht.network.errors import Refused
from brandwacht.network.signing import verifies

FILE_FORM: Final = "brandwacht-momentopname-1"
MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Signed:
    """A body with the signature under it and the public key to hold it against, both hexadecimal."""

    body: str
    signature: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking found: ``holds`` is whether the signature fits the body; ``known`` whether the key is ours.

    ``word`` says it in Dutch, ``tone`` is that of a notice.
    """

    holds: bool
    known: bool
    word: str
    tone: str


def pack(row: Snapshot) -> bytes:
    """The file of a snapshot: the body as it was signed, the signature and the key."""
    said = {"form": FILE_FORM, "body": row.body, "signature": row.signature, "public_key": row.public_key}
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def unpack(data: bytes) -> Signed:
    """Read a file that ``pack`` made. Raises ``Refused`` (Dutch) for anything else."""
    if len(data) > MAX_BYTES:
        raise Refused(_("Dit bestand is groter dan 1 MB. Kies het bestand van een momentopname."), "file")
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Refused(_("Dit is geen bestand van een momentopname: het is geen JSON."), "file") from error
    keys = ("body", "signature", "public_key")
    if not isinstance(found, dict) or found.get("form") != FILE_FORM:
        raise Refused(_("Dit is geen bestand van een momentopname van Brandwacht."), "file")
    values = [found.get(key) for key in keys]
    if not all(isinstance(value, str) for value in values):
        raise Refused(
            _("In dit bestand ontbreekt de inhoud, de handtekening of de sleutel. Haal het opnieuw op."), "file"
        )
    return Signed(*(str(value) for value in values))


def content_of(signed: Signed) -> dict[str, Any]:
    """What the body says. Raises ``Refused`` when it is not the content of a report."""
    try:
        found = orjson.loads(signed.body)
    except orjson.JSONDecodeError as error:
        raise Refused(_("De inhoud van dit bestand is niet leesbaar."), "file") from error
    if not isinstance(found, dict) or found.get("form") != FORM:
        raise Refused(_("De inhoud van dit bestand is geen rapportage die we kennen."), "file")
    return found


def judge(signed: Signed, own_key: str) -> Verdict:
    """Hold a signature against its body. ``own_key`` is the public key of the installation that asks."""
    if not verifies(signed.body.encode(errors="surrogatepass"), signed.signature, signed.public_key):
        return Verdict(
            False,
            False,
            _("De handtekening klopt niet. De inhoud is veranderd nadat zij is ondertekend, of het is een vervalsing."
              " Gebruik deze cijfers niet en vraag de organisatie om het origineel."),
            "error",
        )  # fmt: skip
    if signed.public_key != own_key:
        return Verdict(
            True,
            False,
            _("De handtekening past bij de inhoud, maar is gezet met een sleutel die deze Brandwacht niet kent:"
              " %(key)s. Vraag de afzender of dit de goede sleutel is.") % {"key": signed.public_key},
            "warning",
        )  # fmt: skip
    return Verdict(True, True, _("De handtekening klopt: er is niets veranderd sinds de vrijgave."), "success")


def judge_row(row: Snapshot, own_key: str) -> Verdict:
    """The same for a snapshot in the database, whose columns must agree with its body too."""
    verdict = judge(Signed(row.body, row.signature, row.public_key), own_key)
    if not verdict.holds:
        return verdict
    said = row.content
    same = (
        hashlib.sha256(row.body.encode()).hexdigest() == row.sha256
        and said.get("id") == str(row.public_id)
        and said.get("organisation", {}).get("code") == row.organisation.code
        and (said.get("moment"), said.get("version"), said.get("kind")) == (row.moment, row.version, row.kind)
    )
    if same:
        return verdict
    return Verdict(
        False,
        verdict.known,
        _("De handtekening hoort niet bij deze rapportage: organisatie, peilmoment of versie is een andere."
          " Gebruik deze cijfers niet."),
        "error",
    )  # fmt: skip
