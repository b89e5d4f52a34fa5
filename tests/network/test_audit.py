"""The audit chain: what was written can be neither changed, removed, added nor reordered without a trace."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.db.models import F, Model

from brandwacht.network import audit
from brandwacht.network.audit import Fact
from brandwacht.network.models import AuditEntry, AuditHead, AuditPerson, Organisation
from brandwacht.network.tenancy import every_owner
from tests.world import NOW, acting_system, organisation

CHAINED = {"seq", "at", "action", "object_type", "object_id", "result", "origin", "actor_organisation", "actor_hash"}
CHAINED |= {"detail", "previous", "hash", "organisation"}


def write(owner: Organisation, *actions: str, detail: dict[str, Any] | None = None) -> list[AuditEntry]:
    with acting_system(owner) as me:
        facts = [Fact(owner.pk, a, "network.Node", f"knoop-{a}", detail=detail or {"naam": a}) for a in actions]
        return audit.write(me, facts)


def faults(earlier: dict[str, dict[str, Any]] | None = None) -> list[str]:
    return [f"{f.owner}:{f.seq}:{f.what}" for f in audit.verify(earlier)]


@pytest.fixture
def chain() -> Iterator[Organisation]:
    """Five lines of one owner, two of another; every owner in reach, as for somebody with the database in hand."""
    owner = organisation("VR17")
    write(owner, "a", "b", "c", "d", "e")
    write(organisation("VR15"), "x", "y")
    with every_owner():
        yield owner


def entry(owner: Organisation, seq: int) -> AuditEntry:
    return AuditEntry._base_manager.get(organisation=owner, seq=seq)


def tamper(row: Model, **values: Any) -> None:
    """What somebody with access to the database can do."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


@pytest.mark.django_db
class TestChain:
    def test_it_holds(self, chain: Organisation) -> None:
        assert faults() == []
        assert audit.heads()["VR17"]["seq"] == 5
        assert faults(audit.heads()) == []

    def test_every_field_is_in_the_chain(self) -> None:
        assert {f.name for f in AuditEntry._meta.concrete_fields} - {"id", "public_id"} == CHAINED

    @pytest.mark.parametrize("name", sorted(CHAINED - {"organisation", "seq"}))
    def test_a_changed_field_is_found(self, chain: Organisation, name: str) -> None:
        row = entry(chain, 3)
        values = {"at": row.at + timedelta(microseconds=1), "detail": {"naam": "anders"}, "actor_organisation": "VR15"}
        tamper(row, **{name: values.get(name, "anders")})
        found = faults()
        assert found
        assert all(f.startswith(("VR17:3:", "VR17:4:")) for f in found)

    def test_a_line_moved_to_another_owner_is_found(self, chain: Organisation) -> None:
        with connection.cursor() as cursor:
            other = organisation("VR15")
            cursor.execute(
                "UPDATE network_auditentry SET organisation_id = %s, seq = 3 WHERE id = %s",
                [other.pk, entry(chain, 5).pk],
            )
        assert {f.split(":")[0] for f in faults()} == {"VR15", "VR17"}

    @pytest.mark.parametrize("seq", [1, 3, 5])
    def test_a_removed_line_is_found(self, chain: Organisation, seq: int) -> None:
        entry(chain, seq).delete()
        assert faults()

    def test_the_last_lines_and_a_head_put_back_are_found_with_the_earlier_head(self, chain: Organisation) -> None:
        earlier = audit.heads()
        AuditEntry._base_manager.filter(organisation=chain, seq__gt=3).delete()
        AuditHead._base_manager.filter(organisation=chain).update(seq=3, hash=entry(chain, 3).hash)
        assert faults() == []
        assert any("herschreven" in f for f in faults(earlier))

    def test_a_whole_chain_that_is_gone_is_found_with_the_earlier_head(self, chain: Organisation) -> None:
        earlier = audit.heads()
        AuditEntry._base_manager.filter(organisation=chain).delete()
        AuditHead._base_manager.filter(organisation=chain).delete()
        assert faults() == []
        assert faults(earlier) == ["VR17:5:de keten is weg sinds de eerdere stand"]

    def test_a_removed_head_is_found(self, chain: Organisation) -> None:
        AuditHead._base_manager.filter(organisation=chain).delete()
        assert any("eind van de keten" in f for f in faults())

    def test_an_inserted_line_is_found(self, chain: Organisation) -> None:
        AuditEntry._base_manager.filter(organisation=chain, seq__gte=4).update(seq=F("seq") + 100)
        AuditEntry._base_manager.filter(organisation=chain, seq__gte=100).update(seq=F("seq") - 99)
        forged = entry(chain, 3)
        forged.pk, forged.public_id, forged.seq, forged.previous = None, None, 4, forged.hash
        forged.public_id = type(forged)._meta.get_field("public_id").get_default()
        forged.hash = audit._digest(forged)
        AuditEntry._base_manager.bulk_create([forged])
        assert faults()

    def test_an_appended_line_is_found(self, chain: Organisation) -> None:
        forged = entry(chain, 5)
        forged.pk, forged.seq, forged.previous = None, 6, forged.hash
        forged.public_id = type(forged)._meta.get_field("public_id").get_default()
        forged.hash = audit._digest(forged)
        AuditEntry._base_manager.bulk_create([forged])
        assert any("eind van de keten" in f for f in faults())

    def test_reordered_lines_are_found(self, chain: Organisation) -> None:
        two, three = entry(chain, 2), entry(chain, 3)
        tamper(two, seq=1000)
        tamper(three, seq=2)
        tamper(two, seq=3)
        assert faults()

    def test_a_changed_name_is_found(self, chain: Organisation) -> None:
        person = AuditPerson._base_manager.get(entry=entry(chain, 2))
        tamper(person, name="Iemand Anders")
        assert faults() == ["VR17:2:de naam is veranderd"]

    def test_a_rewritten_chain_is_found_with_the_earlier_head_only(self, chain: Organisation) -> None:
        earlier = audit.heads()
        previous = ""
        for row in AuditEntry._base_manager.filter(organisation=chain).order_by("seq"):
            row.previous, row.detail = previous, {"naam": "nooit gebeurd"}
            row.hash = previous = audit._digest(row)
            tamper(row, previous=row.previous, detail=row.detail, hash=row.hash)
        AuditHead._base_manager.filter(organisation=chain).update(hash=previous)
        assert faults() == []
        assert faults(earlier) == ["VR17:5:de keten is herschreven sinds de eerdere stand"]

    def test_erasing_a_person_leaves_the_chain_whole(self, chain: Organisation) -> None:
        earlier = audit.heads()
        AuditPerson._base_manager.filter(name="Brandwacht").delete()
        assert AuditPerson._base_manager.count() == 0
        assert faults(earlier) == []

    def test_one_owner_can_be_checked_alone(self, chain: Organisation) -> None:
        tamper(entry(organisation("VR15"), 1), action="anders")
        assert [f.owner for f in audit.verify(owner_ids=[chain.pk])] == []
        assert {f.owner for f in audit.verify()} == {"VR15"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "detail",
    [
        {"tekst": "één “aangehaald” \U0001f525 \u2028 regel"},
        {"leeg": None, "getal": 3.5, "groot": 2**53, "nee": False},
        {"diep": {"er": ["lijst", {"met": "alles"}]}, "b": 1, "a": 2},
        {"nul": "voor\x00na"},
        {"moment": NOW, "dag": NOW.date()},
    ],
)
def test_what_comes_back_from_the_database_hashes_the_same(detail: dict[str, Any]) -> None:
    write(organisation("VR17"), "a", detail=detail)
    assert faults() == []


@pytest.mark.django_db
def test_the_moment_is_the_same_in_every_time_zone() -> None:
    with acting_system(organisation("VR17"), NOW.astimezone(timezone(timedelta(hours=1)))) as me:
        audit.write(me, [Fact(me.organisation_id, "a", "network.Node", "x")])
    assert faults() == []


@pytest.mark.django_db
def test_a_stranger_writes_in_the_owners_chain_even_the_first_line() -> None:
    owner = organisation("VR15")
    with acting_system(organisation("VR17")) as stranger:
        audit.write(stranger, [Fact(owner.pk, "register.see", "network.Node", "x", audit.DENIED)])
    assert audit.heads()["VR15"]["seq"] == 1
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_leave_one_unbroken_chain() -> None:
    owners = [organisation("VR17"), organisation("VR15")]
    writers, each = 6, 8
    errors: list[BaseException] = []
    ready = threading.Barrier(writers)

    def work(number: int) -> None:
        try:
            ready.wait(120)
            for n in range(each):
                with acting_system(owners[number % 2]) as me:
                    # Both chains in one write: the locks are taken in one order, so nobody waits for ever.
                    order = owners if number % 3 else owners[::-1]
                    audit.write(me, [Fact(o.pk, f"{number}.{n}", "network.Node", "x") for o in order])
        except BaseException as error:
            errors.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert faults() == []
    assert {h["seq"] for h in audit.heads().values()} == {writers * each}
