"""Writing and verifying the audit chain.

One chain per owner; an entry's hash covers its content and the hash before it (BIO2 8.15: action, object, result,
origin, actor, time). Names stand beside the chain as a salted hash inside it, so they can be erased.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
        "at": entry.at.astimezone(UTC).isoformat(),
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
            AuditHead._base_manager.select_for_update(of=("self",))
            .select_related("organisation")
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
    # A stranger's denied attempt belongs in the owner's chain: the one write that needs no door.
    with every_owner(), transaction.atomic():
        heads = _heads(sorted({f.owner_id for f in todo}))
        entries: list[AuditEntry] = []
        people: list[AuditPerson] = []
        for fact in todo:
            head = heads[fact.owner_id]
            salt = secrets.token_hex(16)
            # What comes back from the database must hash the same; PostgreSQL keeps no NUL in its JSON.
            detail = orjson.loads(orjson.dumps(dict(fact.detail), default=str).replace(b"\\u0000", b"\\ufffd"))
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
            entry.organisation = head.organisation
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


def verify(
    earlier: Mapping[str, Mapping[str, Any]] | None = None, owner_ids: Iterable[int] | None = None
) -> Iterator[Fault]:
    """Walk every chain, or those of ``owner_ids``, and yield what does not hold.

    ``earlier`` maps an owner's code to ``{"seq": int, "hash": str}`` of an exported head: a chain that was rewritten
    as a whole still verifies by itself, but no longer holds the earlier hash at that place.
    """
    of_owners = {} if owner_ids is None else {"organisation_id__in": list(owner_ids)}
    ids = {
        pk
        for model in (AuditHead, AuditEntry)
        for pk in model._base_manager.filter(**of_owners)
        .order_by()
        .values_list("organisation_id", flat=True)
        .distinct()
    }
    marks = {code: (int(head["seq"]), head["hash"]) for code, head in (earlier or {}).items()}
    for organisation in Organisation.objects.filter(pk__in=ids).order_by("code"):
        yield from _walk(organisation, marks.pop(organisation.code, None))
    for code, (seq, _hash) in marks.items():
        yield Fault(code, seq, "de keten is weg sinds de eerdere stand")


def _walk(organisation: Organisation, mark: tuple[int, str] | None) -> Iterator[Fault]:
    code, previous, expected, hash_at_mark = organisation.code, "", 1, ""
    rows = AuditEntry._base_manager.filter(organisation=organisation).select_related("organisation", "person")
    while True:
        began = expected
        for entry in rows.filter(seq__gte=expected).order_by("seq").iterator(chunk_size=2000):
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
            if mark and mark[0] == entry.seq:
                hash_at_mark = entry.hash
            previous, expected = entry.hash, expected + 1
        head = AuditHead._base_manager.filter(organisation=organisation).first()
        if head is not None and head.seq >= expected and expected > began:
            continue  # somebody wrote while we walked: look at those too
        if head is None or (head.seq, head.hash) != (expected - 1, previous):
            yield Fault(code, expected - 1, "het eind van de keten klopt niet: er zijn regels weg of toegevoegd")
        break
    if mark and hash_at_mark != mark[1]:
        yield Fault(code, mark[0], "de keten is herschreven sinds de eerdere stand")


def heads() -> dict[str, dict[str, Any]]:
    """The present head of every chain, by owner's code: ``{"seq": int, "hash": str}``."""
    return {
        h.organisation.code: {"seq": h.seq, "hash": h.hash}
        for h in AuditHead._base_manager.select_related("organisation").order_by("organisation__code")
    }
