"""A table that is edited as a whole: cells saved together, faults at the cell, nothing half-saved, and undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import AuditEntry, Node, Organisation, Requirement
from brandwacht.network.roles import Role
from brandwacht.network.tables import mark
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap.models import SheetSave
from brandwacht.riskmap.register import sheet_saving
from brandwacht.riskmap.register.sheet_saving import Outcome, Typed
from brandwacht.riskmap.register.sheets import Sheet, sheet
from tests.world import acting, acting_system, actor, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(region: Organisation) -> Iterator[Actor]:
    with acting_system(region) as found:
        yield found


def typed(me: Actor, of: Sheet, changes: dict[str, dict[str, str]], remove: str = "") -> list[Typed]:
    """The rows of a table as a form sends them; ``changes`` by the text in the first column, "" for new rows."""
    rows = []
    for row in of.rows(me).order_by(*of.order):
        cells = of.texts(row)
        first = cells[of.columns[0].key]
        name = f"{first}/{cells['label']}" if "label" in cells else first
        rows.append(Typed(str(row.public_id), mark(cells), cells | changes.get(name, {}), name == remove))
    if "" in changes:
        rows.append(Typed("", "", {column.key: "" for column in of.columns} | changes[""]))
    return rows


def save(me: Actor, key: str, changes: dict[str, dict[str, str]], remove: str = "") -> Outcome:
    return sheet_saving.save(me, sheet(key), typed(me, sheet(key), changes, remove))


def test_changed_cells_and_new_rows_are_saved_together(me: Actor) -> None:
    outcome = save(
        me, "middelen",
        {
            "dc01": {"repair": "90", "failures_per_year": "0,5", "vital": "ja"},
            "": {"name": "Noodstroom", "kind": "middel"},
        },
    )  # fmt: skip
    assert outcome == Outcome(2)
    node = Node.objects.get(key="dc01")
    assert (node.repair, node.failures_per_year, node.vital) == (90, 0.5, True)
    assert Node.objects.get(key="noodstroom").kind == "middel"
    assert AuditEntry.objects.filter(object_type="riskmap.SheetSave").count() == 1


def test_nothing_is_saved_when_one_cell_is_wrong(me: Actor) -> None:
    rows = typed(me, sheet("middelen"), {"dc01": {"repair": "90"}, "p2000": {"restart": "-1"}, "": {"kind": "proces"}})
    outcome = sheet_saving.save(me, sheet("middelen"), rows)
    places = {(rows[number].cells["key"], key) for number, key in outcome.faults}
    # The kind alone is what an empty row holds too, so that row is not there.
    assert places == {("p2000", "restart")}
    assert Node.objects.get(key="dc01").repair == 600
    assert not SheetSave.objects.exists()


def test_a_new_row_does_not_change_one_that_is_there(me: Actor) -> None:
    before = Node.objects.get(key="dc01").name
    outcome = save(
        me, "middelen", {"": {"key": "dc01", "name": "Iets anders", "kind": "dienst"}, "p2000": {"repair": "5"}}
    )
    assert "staat al in de tabel" in next(iter(outcome.faults.values()))
    assert Node.objects.get(key="dc01").name == before
    assert Node.objects.get(key="p2000").repair == 120


def test_what_a_row_is_known_by_stays(me: Actor) -> None:
    assert save(me, "middelen", {"dc01": {"key": "anders", "restart": "5"}}) == Outcome(1)
    assert Node.objects.get(key="dc01").restart == 5
    assert not Node.objects.filter(key="anders").exists()


def test_somebody_elses_change_is_not_overwritten(me: Actor) -> None:
    rows = typed(me, sheet("middelen"), {"dc01": {"repair": "90"}, "p2000": {"repair": "91"}})
    untouched = Node.objects.get(key="ws114")
    untouched.name = "Werkplek"
    untouched.save()
    node = Node.objects.get(key="dc01")
    node.owner_name = "Ander"
    node.save()
    outcome = sheet_saving.save(me, sheet("middelen"), rows)
    assert list(outcome.faults.values()) == ["Iemand anders veranderde deze rij intussen. Laad de pagina opnieuw."]
    assert Node.objects.get(key="p2000").repair == 120
    gone = [row for row in rows if row.cells["key"] == "p2000"]
    Node.objects.get(key="ws114").delete()
    assert sheet_saving.save(me, sheet("middelen"), gone) == Outcome(1)


def test_a_removed_row_comes_back_with_undo(me: Actor) -> None:
    of = sheet("afhankelijkheden")
    before = sorted(repr(of.texts(row)) for row in of.rows(me))
    outcome = save(
        me, "afhankelijkheden",
        {"rooster/Aanmelden": {"autonomy": "5"}, "": {"node": "rooster", "label": "Telefoon", "providers": "p2000"}},
        remove="alarm/Oproep",
    )  # fmt: skip
    assert outcome == Outcome(3)
    assert not Requirement.objects.filter(label="Oproep").exists()
    saved = SheetSave.objects.get()
    sheet_saving.undo(me, saved.public_id)
    assert sorted(repr(of.texts(row)) for row in of.rows(me)) == before
    with pytest.raises(Refused, match="laatst"):
        sheet_saving.undo(me, saved.public_id)


def test_undo_is_refused_when_the_row_moved_on(me: Actor) -> None:
    save(me, "middelen", {"dc01": {"repair": "90"}})
    node = Node.objects.get(key="dc01")
    node.repair = 95
    node.save()
    with pytest.raises(Refused, match="daarna nog"):
        sheet_saving.undo(me, SheetSave.objects.get().public_id)
    assert Node.objects.get(key="dc01").repair == 95


def test_only_who_may_edit_saves(region: Organisation) -> None:
    with acting(actor(person(region, Role.MAYOR), region)) as mayor, pytest.raises(Denied):
        save(mayor, "middelen", {"dc01": {"repair": "90"}})
    with every_owner():
        assert Node.objects.get(key="dc01").repair == 600


def test_the_page_saves_as_a_plain_form_and_shows_faults_at_the_cell(region: Organisation, client: Client) -> None:
    client.force_login(person(region, Role.RISK_ADVISER))
    address = reverse("riskmap:sheet", args=["middelen"])
    page = client.get(f"{address}?q=dc01")
    (line, *empty) = page.context["lines"]
    assert len(empty) == 5
    data = {f"rij-0-{key}": text for key, text in line["row"].cells.items()}
    data |= {"rij-0-id": line["row"].public_id, "rij-0-merk": line["row"].mark}
    wrong = client.post(address, data | {"rij-0-repair": "-3", "rij-0-name": "Nieuwe <naam>"})
    assert wrong.status_code == 422
    html = wrong.content.decode()
    assert 'id="rij-0-repair-fout"' in html
    assert "Nieuwe &lt;naam&gt;" in html  # what was typed is still there
    assert client.post(address, data | {"rij-0-repair": "3"}).status_code == 302
    with every_owner():
        assert Node.objects.get(key="dc01").repair == 3
        undo = reverse("riskmap:sheet-undo", args=[SheetSave.objects.get().public_id])
    assert client.post(undo).status_code == 302
    with every_owner():
        assert Node.objects.get(key="dc01").repair == 600
    assert client.get(reverse("riskmap:sheet", args=["weg"])).status_code == 404


def test_the_page_asks_few_questions(
    region: Organisation, client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(person(region, Role.RISK_ADVISER))
    for key in ("middelen", "afhankelijkheden", "oorzaken"):
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert client.get(reverse("riskmap:sheet", args=[key])).status_code == 200
