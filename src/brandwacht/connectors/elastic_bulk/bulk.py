"""The body of ``_bulk``: pairs of lines, an action and a document."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final

import orjson
from django.utils.translation import gettext as _

from brandwacht.soc.spool import Payload, identity

MAX_PACKED: Final = 32 * 1024 * 1024
MAX_BODY: Final = 48 * 1024 * 1024
"""Bytes of one request: as it comes when it is packed, and unpacked. No request at all may be over 51 MB."""
MAX_LINE: Final = 1024 * 1024
"""Bytes of one document."""
MAX_DOCUMENTS: Final = 50_000
KEPT_OF_LONG: Final = 2000
"""Bytes that are kept of a document that is too long, to show what it was."""
PIECE: Final = 256 * 1024
ACTIONS: Final = frozenset({"create", "index"})


class TooLarge(Exception):
    """More than is taken at once; the message says how much is."""


class Unreadable(Exception):
    """The body as a whole is not what it should be."""


@dataclass(slots=True)
class Item:
    """What becomes of one document: its action, index and id as asked, and why it was refused ("" if it was not)."""

    action: str
    index: str
    id: str
    status: int = 201
    kind: str = ""
    reason: str = ""


@dataclass(slots=True)
class Bulk:
    """A request as it was understood. ``payloads`` also hold what was refused, so that its owner can see it."""

    items: list[Item] = field(default_factory=list)
    payloads: list[Payload] = field(default_factory=list)

    @property
    def errors(self) -> bool:
        """Whether any document was refused."""
        return any(item.reason for item in self.items)


def read_body(stream: IO[bytes], length: int | None, encoding: str) -> bytes:
    """The unpacked body, read in pieces. Raises ``TooLarge`` as soon as it is, and ``Unreadable``."""
    if encoding not in ("", "identity", "gzip"):
        raise Unreadable(_("Deze inpakmethode kennen wij niet: %(name)s. Gebruik gzip.") % {"name": encoding[:20]})
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    pieces: list[bytes] = []
    packed = size = 0
    while piece := stream.read(PIECE if length is None else min(PIECE, length - packed)):
        packed += len(piece)
        if (packed > MAX_PACKED and unpack) or packed > MAX_BODY:
            raise _too_large()
        for part in _unpacked(unpack, piece, MAX_BODY - size) if unpack else (piece,):
            size += len(part)
            pieces.append(part)
    if length is not None and packed < length:
        raise Unreadable(_("Het verzoek brak af voordat alles binnen was."))
    if unpack is not None and not unpack.eof:
        raise Unreadable(_("Het ingepakte verzoek is niet compleet."))
    return b"".join(pieces)


def _unpacked(unpack: Any, piece: bytes, room: int) -> Iterator[bytes]:
    while piece:
        try:
            part = unpack.decompress(piece, PIECE)
        except zlib.error as error:
            raise Unreadable(_("Het ingepakte verzoek is beschadigd.")) from error
        room -= len(part)
        if room < 0:
            raise _too_large()
        yield part
        piece = unpack.unconsumed_tail
        if unpack.eof and (piece or unpack.unused_data):
            raise Unreadable(_("Na het ingepakte verzoek staat nog iets."))


def _too_large() -> TooLarge:
    return TooLarge(
        _("Dit verzoek is te groot: hoogstens %(packed)d MB, uitgepakt %(body)d MB. Verdeel het over meer verzoeken.")
        % {"packed": MAX_PACKED // 2**20, "body": MAX_BODY // 2**20}
    )


def parse(body: bytes, index: str = "") -> Bulk:
    """Read the pairs of lines. Raises ``Unreadable`` for the whole when a line that should be an action is none.

    The identity of a document is its own ``_id``; without one, it is the whole request and its place in that, so that a
    request that is sent again counts once.
    """
    found = Bulk()
    whole = hashlib.blake2b(body, digest_size=16).digest()
    lines = iter(body.split(b"\n"))
    number = 0
    for line in lines:
        number += 1
        if not line.strip():
            continue
        action, facts = _action(line, number)
        item = Item(action, str(facts.get("_index") or index)[:255], str(facts.get("_id") or "")[:512])
        found.items.append(item)
        if len(found.items) > MAX_DOCUMENTS:
            raise TooLarge(_("Dit verzoek heeft meer dan %(n)d documenten.") % {"n": MAX_DOCUMENTS})
        if action == "delete":
            _refuse(item, 400, "illegal_argument_exception", _("Hier kan niets worden verwijderd."))
            continue
        document = next(lines, None)
        number += 1
        if document is None or not document.strip():
            raise Unreadable(_("Na de opdracht op regel %(n)d ontbreekt het document.") % {"n": number - 1})
        if action not in ACTIONS:
            _refuse(item, 400, "illegal_argument_exception", _("Alleen “create” en “index” kunnen hier."))
            continue
        item_id = item.id.encode("utf-8", "surrogatepass")
        mark = identity(b"id", item_id) if item_id else identity(whole, len(found.items).to_bytes(4, "little"))
        found.payloads.append(_payload(item, document, mark))
    if not found.items:
        raise Unreadable(_("Dit verzoek is leeg."))
    return found


def _action(line: bytes, number: int) -> tuple[str, dict[str, Any]]:
    try:
        asked = orjson.loads(line) if len(line) <= 8192 else None
    except (orjson.JSONDecodeError, RecursionError):
        asked = None
    if isinstance(asked, dict) and len(asked) == 1:
        action, facts = next(iter(asked.items()))
        if action in ("create", "index", "update", "delete") and isinstance(facts, dict):
            return action, facts
    raise Unreadable(_('Op regel %(n)d staat geen opdracht zoals {"create": {}}.') % {"n": number})


def _payload(item: Item, document: bytes, mark: int) -> Payload:
    if len(document) > MAX_LINE:
        limit = _("Dit document is groter dan %(n)d KB.") % {"n": MAX_LINE // 1024}
        _refuse(item, 413, "document_too_large_exception", limit)
        return Payload(document[:KEPT_OF_LONG], mark, cut=True)
    try:
        parsed = orjson.loads(document)
    except (orjson.JSONDecodeError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        _refuse(item, 400, "document_parsing_exception", _("Dit document is geen geldig JSON-object."))
    return Payload(document, mark)


def _refuse(item: Item, status: int, kind: str, reason: str) -> None:
    item.status, item.kind, item.reason = status, kind, reason
