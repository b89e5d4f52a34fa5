"""Writing and verifying the audit chain.

One chain per owner; an entry's hash covers its content and the hash before it (BIO2 8.15: action, object, result,
origin, actor, time). Names stand beside the chain as a salted hash inside it, so they can be erased.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, transaction

from brandwacht.network.actor import Actor
from brandwacht.network.models import AuditEntry, AuditHead, AuditPerson, Organisation
from brandwacht.network.tenancy import every_owner

DONE = "gedaan"
DENIED = "geweigerd"
USED = "ingezien"


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be written: in whose chain, which action on which object, with which result."""

    owner_id: int
    action: str
    object_type: str
    object_id: str
    result: str = DONE
    detail: Mapping[str, Any] = field(default_factory=dict)


def _digest(entry: AuditEntry) -> str:
    content = {
        "owner": entry.organisation.code,
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "action": entry.action,
        "object": [entry.object_type, entry.object_id],
        "result": entry.result,
        "origin": entry.origin,
        "actor": [entry.actor_organisation, entry.actor_hash],
        "detail": entry.detail,
        "previous": entry.previous,
    }
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def person_hash(salt: str, name: str) -> str:
    """The hash under which a person stands in the chain: SHA-256 of salt and name."""
    return hashlib.sha256(f"{salt}\x00{name}".encode()).hexdigest()


def _heads(owner_ids: list[int]) -> dict[int, AuditHead]:
    def locked() -> dict[int, AuditHead]:
        rows = (
            AuditHead._base_manager.select_for_update()
            .filter(organisation_id__in=owner_ids)
            .order_by("organisation_id")
        )
        return {head.organisation_id: head for head in rows}

    heads = locked()
    missing = [pk for pk in owner_ids if pk not in heads]
    if missing:
        for pk in missing:
            try:
                with transaction.atomic():
                    AuditHead._base_manager.create(organisation_id=pk)
            except IntegrityError:
                pass  # another transaction made it first; it is locked below
        heads = locked()
    return heads


def write(actor: Actor, facts: Iterable[Fact], at: datetime | None = None) -> list[AuditEntry]:
    """Append facts to the chains of their owners, in order, inside the caller's transaction."""
    todo = list(facts)
    if not todo:
        return []
    names = dict(Organisation.objects.filter(pk__in={f.owner_id for f in todo}).values_list("pk", "code"))
    # A stranger's denied attempt belongs in the owner's chain: the one write that needs no door.
    with every_owner(), transaction.atomic():
        heads = _heads(sorted(names))
        entries: list[AuditEntry] = []
        people: list[AuditPerson] = []
        for fact in todo:
            head = heads[fact.owner_id]
            salt = secrets.token_hex(16)
            detail = orjson.loads(orjson.dumps(dict(fact.detail), default=str))
            entry = AuditEntry(
                organisation_id=fact.owner_id,
                seq=head.seq + 1,
                at=at or actor.now,
                action=fact.action,
                object_type=fact.object_type,
                object_id=fact.object_id,
                result=fact.result,
                origin=actor.origin,
                actor_organisation=actor.organisation_code,
                actor_hash=person_hash(salt, actor.name),
                detail=detail,
                previous=head.hash,
            )
            entry.organisation = Organisation(pk=fact.owner_id, code=names[fact.owner_id])
            entry.hash = _digest(entry)
            head.seq, head.hash = entry.seq, entry.hash
            entries.append(entry)
            people.append(AuditPerson(organisation_id=fact.owner_id, entry=entry, salt=salt, name=actor.name))
        AuditEntry._base_manager.bulk_create(entries)
        for person, entry in zip(people, entries, strict=True):
            person.entry = entry
        AuditPerson._base_manager.bulk_create(people)
        AuditHead._base_manager.bulk_update(heads.values(), ["seq", "hash"])
    return entries


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a chain does not hold: owner, sequence number, and what is wrong (Dutch)."""

    owner: str
    seq: int
    what: str


def verify(earlier: Mapping[str, Mapping[str, Any]] | None = None) -> Iterator[Fault]:
    """Walk every chain and yield what does not hold.

    ``earlier`` maps an owner's code to ``{"seq": int, "hash": str}`` of an exported head: a chain that was rewritten
    as a whole still verifies by itself, but no longer holds the earlier hash at that place.
    """
    heads = {h.organisation_id: h for h in AuditHead._base_manager.select_related("organisation")}
    seen: dict[str, dict[int, str]] = {}
    marks = {code: int(head["seq"]) for code, head in (earlier or {}).items()}
    for organisation_id, head in sorted(heads.items()):
        code = head.organisation.code
        previous, expected = "", 1
        rows = (
            AuditEntry._base_manager.filter(organisation_id=organisation_id)
            .select_related("organisation", "person")
            .order_by("seq")
        )
        for entry in rows.iterator(chunk_size=2000):
            if entry.seq != expected:
                yield Fault(code, expected, f"regel {expected} ontbreekt; de volgende is {entry.seq}")
                expected = entry.seq
            if entry.previous != previous:
                yield Fault(code, entry.seq, "verwijst niet naar de regel ervoor")
            if entry.hash != _digest(entry):
                yield Fault(code, entry.seq, "de inhoud is veranderd")
            person = getattr(entry, "person", None)
            if person is not None and person_hash(person.salt, person.name) != entry.actor_hash:
                yield Fault(code, entry.seq, "de naam is veranderd")
            if marks.get(code) == entry.seq:
                seen[code] = {entry.seq: entry.hash}
            previous, expected = entry.hash, expected + 1
        if (head.seq, head.hash) != (expected - 1, previous):
            yield Fault(code, head.seq, "het eind van de keten klopt niet: er zijn regels weg of toegevoegd")
    for code, mark in (earlier or {}).items():
        if seen.get(code, {}).get(int(mark["seq"])) != mark["hash"]:
            yield Fault(code, int(mark["seq"]), "de keten is herschreven sinds de eerdere stand")


def heads() -> dict[str, dict[str, Any]]:
    """The present head of every chain, by owner's code: ``{"seq": int, "hash": str}``."""
    return {
        h.organisation.code: {"seq": h.seq, "hash": h.hash}
        for h in AuditHead._base_manager.select_related("organisation").order_by("organisation__code")
    }
