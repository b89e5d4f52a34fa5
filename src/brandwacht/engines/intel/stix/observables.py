"""The cyber-observables of STIX 2.1 (section 6) as typed structures: facts, without maker or versions."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .common import Hashes, Id, Name, Shape


class Observable(Shape, frozen=True, kw_only=True):
    """A cyber-observable object (6): a fact, without maker or versions."""

    defanged: bool = False


class Valued(Observable, frozen=True, kw_only=True):
    """An address, domain name or URL: its value is all it is."""

    value: Name


class File(Observable, frozen=True, kw_only=True):
    """A file (6.7)."""

    hashes: Hashes = {}
    size: Annotated[int, Meta(ge=0)] | None = None
    name: str | None = None
    mime_type: str | None = None


class Artifact(Observable, frozen=True, kw_only=True):
    """Bytes, or where they are (6.1)."""

    mime_type: str | None = None
    payload_bin: str | None = None
    url: str | None = None
    hashes: Hashes = {}


class AutonomousSystem(Observable, frozen=True, kw_only=True):
    """A network by its number (6.2)."""

    number: int
    name: str | None = None


class Directory(Observable, frozen=True, kw_only=True):
    """A folder (6.3)."""

    path: Name


class ObservedName(Observable, frozen=True, kw_only=True):
    """A mutex or software: what it is called (6.11, 6.14)."""

    name: Name


class NetworkTraffic(Observable, frozen=True, kw_only=True):
    """A connection (6.12)."""

    protocols: list[str]
    src_ref: Id | None = None
    dst_ref: Id | None = None
    src_port: Annotated[int, Meta(ge=0, le=65_535)] | None = None
    dst_port: Annotated[int, Meta(ge=0, le=65_535)] | None = None


class EmailMessage(Observable, frozen=True, kw_only=True):
    """A mail (6.6)."""

    is_multipart: bool
    from_ref: Id | None = None
    subject: str | None = None
