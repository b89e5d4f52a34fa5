"""Tables that come in: previewed with every bad row named, applied whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Node, NodeName, Organisation, TableImport
from brandwacht.network.roles import Role
from brandwacht.network.services import imports, sheets
from brandwacht.network.services.node_table import NODE_COLUMNS, NODE_TABLE
from brandwacht.network.tables import csv_text
from brandwacht.network.tenancy import every_owner
from tests.network.faces import log_in
from tests.network.test_sheets import xlsx
from tests.world import acting, actor, asset, organisation, person

HEAD = "naam;soort"
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@pytest.fixture
def region() -> Organisation:
    return organisation("VR17")


@pytest.fixture
def me(region: Organisation) -> Iterator[Actor]:
    with acting(actor(person(region, Role.CISO), region)) as who:
        yield who


def offer(me: Actor, *lines: str) -> TableImport:
    return imports.offer(me, NODE_TABLE, "tabel.csv", "\n".join(lines).encode())


@pytest.mark.django_db
def test_a_good_table_is_previewed_and_applied(me: Actor) -> None:
    offered = offer(
        me,
        "Naam;SOORT;vitaal;herstart_in_minuten;namen in logs",
        "Meldkamer;Proces;ja;30;",
        "DC 1;middel;;;DC1, 10.0.0.1 dc1",
    )
    assert offered.problems == []
    assert not Node.objects.exists()
    _offered, done = imports.apply(me, offered.public_id)
    assert done == "2 toegevoegd, 0 bijgewerkt."
    process, machine = Node.objects.order_by("kind")[1], Node.objects.get(key="dc-1")
    assert (process.name, process.vital, process.restart, process.repair) == ("Meldkamer", True, 30, None)
    assert sorted(n.value for n in machine.names.all()) == ["10.0.0.1", "dc1"]
    with pytest.raises(Refused, match="al verwerkt"):
        imports.apply(me, offered.public_id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("51,9225; 4,4792", "51.92250, 4.47920"),
        ("51.9225, 4.4792", "51.92250, 4.47920"),
        ("51.92250, 4.47920", "51.92250, 4.47920"),
        ("GM0599", "GM0599"),
        ("", ""),
        ("48,85; 2,35", None),
        ("51,9225, 4,4792", None),
        ("x" * 61, None),
    ],
)
def test_a_place_is_an_area_or_degrees(me: Actor, given: str, kept: str | None) -> None:
    offered = offer(me, "naam;soort;plaats", f'Meldkamer;proces;"{given}"')
    assert [(problem["row"], problem["column"]) for problem in offered.problems] == (
        [] if kept is not None else [(2, "plaats")]
    )
    if kept is not None:
        imports.apply(me, offered.public_id)
        assert Node.objects.get().place == kept


@pytest.mark.django_db
def test_a_known_key_is_renewed_and_missing_columns_are_left_alone(me: Actor, region: Organisation) -> None:
    node = asset(region, "dc01", sector="Telecom", repair=60, restart=5, confirmed=False)
    offered = offer(me, "sleutel;naam;soort;herstel in minuten", "dc01;Domeincontroller;dienst;")
    assert imports.apply(me, offered.public_id)[1] == "0 toegevoegd, 1 bijgewerkt."
    node.refresh_from_db()
    assert (node.name, node.kind, node.sector, node.restart) == ("Domeincontroller", "dienst", "Telecom", 5)
    assert (node.repair, node.confirmed) == (None, True)
    assert [n.value for n in node.names.all()] == ["dc01"]


@pytest.mark.django_db
def test_every_bad_row_is_named_with_row_column_and_mend(me: Actor, region: Organisation) -> None:
    asset(region, "BEZET")
    offered = offer(
        me,
        "sleutel;naam;soort;vitaal;herstart in minuten;namen in logs",
        "a;A;proces;ja;1;a1",
        ";;proces;;;",
        "c;C;gebouw;misschien;anderhalf uur;",
        "a;A2;dienst;;;",
        "e;E;middel;;;a1",
        "f;F;middel;;;bezet",
        f"g;{'x' * 121};middel;;999999999;",
        "h;H;middel;;;;;te veel",
        "!!;!!;middel;;;",
    )
    found = {(p["row"], p["column"]): p["message"] for p in offered.problems}
    assert found.keys() == {
        (3, "naam"), (4, "soort"), (4, "vitaal"), (4, "herstart in minuten"), (5, "sleutel"), (6, "namen in logs"),
        (7, "namen in logs"), (8, "naam"), (8, "herstart in minuten"), (9, ""), (10, "sleutel"),
    }  # fmt: skip
    assert found[(4, "soort")] == "“gebouw” kennen we niet. Kies uit: proces, dienst, middel."
    assert found[(7, "namen in logs")] == "“bezet” is al een naam van bezet."
    assert all(message.endswith(".") for message in found.values())
    with pytest.raises(Refused, match="Rij 3, naam: Vul deze cel in."):
        imports.apply(me, offered.public_id)
    assert Node.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "column", "message"),
    [
        ("naam;soort;kleur", "kleur", "kennen we niet"),
        ("naam", "soort", "ontbreekt"),
        ("naam;soort;Naam", "Naam", "twee keer"),
        ("naam;soort", "", "geen enkele rij"),
    ],
)
def test_a_bad_header_is_named(me: Actor, header: str, column: str, message: str) -> None:
    offered = offer(me, header)
    assert [p["column"] for p in offered.problems if p["row"] == 1] == [column] * bool(column)
    assert message in offered.problems[0]["message"]
    assert "geen enkele rij" in offered.problems[-1]["message"]


@pytest.mark.django_db
def test_a_bad_header_does_not_hide_the_other_mistakes(me: Actor) -> None:
    offered = offer(me, "naam;soort;leverancier", "Meldkamer;proces;KPN", "Net;netwerk;KPN")
    assert [(p["row"], p["column"]) for p in offered.problems] == [(1, "leverancier"), (3, "soort")]
    assert "Haal hem weg, of noem hem zoals in het sjabloon: sleutel, naam" in offered.problems[0]["message"]
    offered = offer(me, "titel;soort", "Meldkamer;proces", "Net;netwerk")
    assert [(p["row"], p["column"]) for p in offered.problems] == [(1, "titel"), (1, "naam"), (3, "soort")]


@pytest.mark.django_db
def test_what_changed_since_the_preview_is_checked_again(me: Actor, region: Organisation) -> None:
    offered = offer(me, "naam;soort;namen in logs", "Een;middel;srv1", "Twee;middel;srv2")
    asset(region, "srv2")
    with pytest.raises(Refused, match="Rij 3, namen in logs: “srv2” is al een naam van srv2"):
        imports.apply(me, offered.public_id)
    assert list(Node.objects.values_list("key", flat=True)) == ["srv2"]
    assert NodeName.objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_left_when_it_breaks_half_way(me: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = offer(me, HEAD, "Een;middel")

    def broken(*_args: object) -> str:
        NODE_TABLE_APPLY(me, [{"name": "Een", "kind": "middel"}])
        raise RuntimeError("stroom weg")

    kind = imports.TableKind(**{f: getattr(NODE_TABLE, f) for f in NODE_TABLE.__dataclass_fields__} | {"apply": broken})
    monkeypatch.setitem(imports._kinds, "middelen", kind)
    with pytest.raises(RuntimeError):
        imports.apply(me, offered.public_id)
    assert not Node.objects.exists()
    offered.refresh_from_db()
    assert offered.state == imports.OFFERED


NODE_TABLE_APPLY = NODE_TABLE.apply


@pytest.mark.django_db
def test_only_who_may_edit_offers_and_only_the_owner_applies(me: Actor, region: Organisation) -> None:
    offered = offer(me, HEAD, "Een;middel")
    with acting(actor(person(region, Role.MAYOR), region)) as mayor:
        with pytest.raises(Denied):
            offer(mayor, HEAD, "Twee;middel")
        with pytest.raises((Denied, NotFound)):
            imports.apply(mayor, offered.public_id)
    other = organisation("VR15")
    with acting(actor(person(other, Role.CISO), other)) as stranger, pytest.raises(NotFound):
        imports.apply(stranger, offered.public_id)
    assert not Node.objects.exists()


@pytest.mark.django_db
def test_a_big_table_stays_quick(me: Actor, django_assert_max_num_queries: Any) -> None:
    offered = offer(
        me, "naam;soort;namen in logs", *(f"Machine {n};middel;m{n} 10.1.{n // 250}.{n % 250}" for n in range(2000))
    )
    with django_assert_max_num_queries(80):
        assert imports.apply(me, offered.public_id)[1] == "2000 toegevoegd, 0 bijgewerkt."


@pytest.mark.django_db
@given(rows=st.lists(st.lists(CELL, max_size=10), max_size=6))
def test_any_table_is_applied_whole_or_named(rows: list[list[str]]) -> None:
    from django.db import transaction

    owner = organisation("VR17")
    with acting(actor(person(owner, Role.CISO), owner)) as who, transaction.atomic():
        text = csv_text([c.title for c in NODE_COLUMNS], rows)
        offered = imports.offer(who, NODE_TABLE, "tabel.csv", text.encode())
        before = Node.objects.count()
        if offered.problems:
            with pytest.raises(Refused):
                imports.apply(who, offered.public_id)
            assert Node.objects.count() == before
        else:
            imports.apply(who, offered.public_id)
        transaction.set_rollback(True)


# --- Pages ------------------------------------------------------------------------------------------------------------


def upload(client: Client, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("beheer:import", args=["middelen"]), {"file": file}, follow=True)


@pytest.mark.django_db
def test_from_template_to_register_and_back(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    assert client.get(reverse("beheer:import", args=["middelen"])).status_code == 200
    template = client.get(reverse("beheer:import-template", args=["middelen"]))
    preview = upload(client, "ingevuld.csv", template.content)
    text = preview.content.decode()
    assert "Deze tabel kan verwerkt worden" in text
    assert "Verwerk 1 rij" in text
    with every_owner():
        offered = TableImport.objects.get()
    done = client.post(reverse("beheer:import-apply", args=[offered.public_id]), follow=True).content.decode()
    assert "1 toegevoegd, 0 bijgewerkt." in done
    assert "Meldkamer" in done
    exported = client.get(reverse("beheer:register-export")).content
    rows = list(csv.reader(io.StringIO(exported.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [c.title for c in NODE_COLUMNS]
    assert rows[1][:3] == ["meldkamer", "Meldkamer", "proces"]
    again = upload(client, "terug.csv", exported)
    assert "Verwerk 1 rij" in again.content.decode()


@pytest.mark.django_db
def test_bad_rows_are_shown_and_nothing_can_be_applied(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    text = upload(client, "fout.xlsx", xlsx(["naam", "soort"], ["<b>Een</b>", "gebouw"])).content.decode()
    assert "Deze tabel is nog niet goed" in text
    assert "“gebouw” kennen we niet" in text
    assert "&lt;b&gt;Een&lt;/b&gt;" in text
    assert "verwerk" not in text.split("<main")[1].split("Wat wij lazen")[0].lower()


@pytest.mark.django_db
def test_an_unreadable_file_is_an_error_at_the_field(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    answer = upload(client, "plaatje.png", b"\x89PNG\r\n\x1a\n\x00")
    assert answer.status_code == 422
    assert "geen tekst in CSV-vorm" in answer.content.decode()
    assert upload(client, "groot.csv", b"a" * (sheets.MAX_BYTES + 10)).status_code == 422
    assert client.post(reverse("beheer:import", args=["middelen"])).status_code == 422
    assert client.get(reverse("beheer:import", args=["verzonnen"])).status_code == 404


@pytest.mark.django_db
def test_a_preview_is_for_its_owner(client: Client, region: Organisation, me: Actor) -> None:
    offered = offer(me, HEAD, "Een;middel")
    for who in (person(organisation("VR15"), Role.CISO), person(region, Role.MAYOR)):
        log_in(client, who)
        assert client.get(reverse("beheer:import-preview", args=[offered.public_id])).status_code == 404
        assert client.post(reverse("beheer:import-apply", args=[offered.public_id])).status_code in {302, 403, 404}
    with every_owner():
        assert not Node.objects.exists()
