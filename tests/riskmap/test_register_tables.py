"""The tables of the register through the one pipeline: round trips, and bad input of every kind changes nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import (
    CauseMember,
    CommonCause,
    Dependency,
    Node,
    NodeImpact,
    Organisation,
    Requirement,
)
from brandwacht.network.services import imports
from brandwacht.network.services.imports import BadValue, decimal, decimal_text, table_kind, whole
from brandwacht.network.tables import csv_text
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import mapping
from brandwacht.riskmap.register.sheets import SHEETS, Sheet
from tests.riskmap.conftest import fill
from tests.world import acting_system

KINDS = tuple(SHEETS)


@pytest.fixture
def me(region: Organisation) -> Iterator[Actor]:
    with acting_system(region) as actor:
        yield actor


def offered(me: Actor, kind: str, text: str) -> Any:
    return imports.offer(me, table_kind(kind), "tabel.csv", text.encode())


def put(me: Actor, kind: str, text: str) -> str:
    row = offered(me, kind, text)
    assert row.problems == []
    return imports.apply(me, row.public_id)[1]


def faults(me: Actor, kind: str, text: str) -> list[tuple[int, str, str]]:
    """What is wrong with a table; nothing of it may be applied."""
    before = everything()
    row = offered(me, kind, text)
    assert row.problems
    with pytest.raises(Refused):
        imports.apply(me, row.public_id)
    assert everything() == before
    return [(p["row"], p["column"], p["message"]) for p in row.problems]


def everything() -> list[Any]:
    with every_owner():
        models = (Node, Requirement, Dependency, NodeImpact, CommonCause, CauseMember)
        return [sorted(map(repr, model.objects.values_list())) for model in models]


def exported(me: Actor, sheet: Sheet) -> str:
    rows = sheet.rows(me).order_by(*sheet.order)
    return csv_text([column.title for column in sheet.kind.columns], [sheet.cells(row) for row in rows])


def fill_all(me: Actor) -> None:
    put(me, "gevolgen", "onderdeel;belang;hapert per uur;uitval per uur\nalarm;fysiek;2,5;10\nalarm;erfgoed;;1")
    head = ["naam", "soort", "raakt", "herstel in minuten", "spreiding", "kortste herstel", "langste herstel"]
    cells = ["Zendmast", "gebouw", "p2000; c2000", "60", "driehoek", "30", "240", "0,5"]
    put(me, "oorzaken", csv_text([*head, "storingen per jaar"], [cells]))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_can_be_offered_again_and_changes_nothing(me: Actor, kind: str) -> None:
    fill_all(me)
    before = everything()
    text = exported(me, SHEETS[kind])
    assert text.count("\r\n") > 1
    put(me, kind, text)
    if kind == "oorzaken":  # members are written anew only when they differ
        assert CauseMember.objects.count() == 2
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_itself_is_read(me: Actor, ending: str) -> None:
    for kind in KINDS:
        table = table_kind(kind)
        header, example = [c.title for c in table.columns], [c.example for c in table.columns]
        if ending == "csv":
            content = csv_text(header, [example]).encode()
        else:
            book = openpyxl.Workbook()
            assert book.active is not None
            book.active.append(header)
            book.active.append(example)
            out = io.BytesIO()
            book.save(out)
            content = out.getvalue()
        row = imports.offer(me, table, f"sjabloon.{ending}", content)
        unknown = "staat niet in het register"
        assert all(unknown in p["message"] for p in row.problems), row.problems


@pytest.mark.django_db
def test_dependencies_come_in_by_name_or_key_and_change_by_label(me: Actor) -> None:
    Node(organisation_id=me.organisation_id, key="mast4", name="Zendmast 4", kind="middel").save()
    done = put(
        me,
        "afhankelijkheden",
        "onderdeel;wat is er nodig;van wie;aantal nodig;buffer in minuten;kans;gevolg\n"
        'Alarmering brandweer;OPROEP;"c2000;Zendmast 4";1;15;0,25;hapert\n'
        'rooster;Telefoon;"C2000-netwerk; p2000";2;;;\n',
    )
    assert done == "1 toegevoegd, 1 bijgewerkt."
    call = Requirement.objects.get(node__key="alarm", label="Oproep")
    assert (call.autonomy, call.coupling, call.effect) == (15, 0.25, "degraded")
    assert call.degraded_at == 2  # a column that the table does not have leaves what is there
    assert sorted(d.provider.key for d in call.dependencies.all()) == ["c2000", "mast4"]
    phone = Requirement.objects.get(node__key="rooster", label="Telefoon")
    assert (phone.needed, phone.autonomy, phone.coupling, phone.effect) == (2, 0, 1.0, "down")


@pytest.mark.django_db
def test_a_circle_of_dependencies_is_allowed(me: Actor) -> None:
    put(me, "afhankelijkheden", "onderdeel;wat is er nodig;van wie\ndc01;Alarmering;alarm\n")
    register = mapping.load(me, me.organisation_id)
    assert register.problems == ()
    assert "alarm" in register.network.needs("dc01")[0].providers


BAD = (
    ("afhankelijkheden", "bestaatniet;Stroom;dc01", "onderdeel", "staat niet in het register"),
    ("afhankelijkheden", "alarm;Stroom;dc01; bestaatniet", "van wie", "staat niet in het register"),
    ("afhankelijkheden", "alarm;Stroom;alarm", "van wie", "niet van zichzelf"),
    ("afhankelijkheden", "alarm;Stroom;", "van wie", "Noem minstens"),
    ("afhankelijkheden", "alarm;;dc01", "wat is er nodig", "Vul deze cel in"),
    ("afhankelijkheden", "alarm;Stroom;dc01;2", "aantal nodig", "U noemt 1 voorziening"),
    ("afhankelijkheden", "alarm;Stroom;dc01;1;2", "hapert onder", "ligt boven het aantal"),
    ("afhankelijkheden", "alarm;Stroom;dc01;1;;-5", "buffer in minuten", "heel aantal minuten"),
    ("afhankelijkheden", "alarm;Stroom;dc01;1;;;1,5", "kans", "van 0 tot en met 1"),
    ("afhankelijkheden", "alarm;Stroom;dc01;1;;;;ontploft", "gevolg", "kennen we niet"),
    ("gevolgen", "bestaatniet;fysiek;1;1", "onderdeel", "staat niet in het register"),
    ("gevolgen", "alarm;geluk;1;1", "belang", "kennen we niet"),
    ("gevolgen", "alarm;fysiek;-1;1", "hapert per uur", "van 0 tot en met"),
    ("gevolgen", "alarm;fysiek;1;1e9", "uitval per uur", "van 0 tot en met"),
    ("oorzaken", ";Mast;gebouw;p2000", "raakt", "minstens twee"),
    ("oorzaken", ";Mast;gebouw;p2000; weg", "raakt", "staat niet in het register"),
    ("oorzaken", ";***;gebouw;p2000; c2000", "sleutel", "letters of cijfers"),
    ("oorzaken", ";Mast;toren;p2000; c2000", "soort", "kennen we niet"),
    ("middelen", ";Mast;toren", "soort", "kennen we niet"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "line", "column", "message"), BAD)
def test_bad_input_is_named_and_changes_nothing(me: Actor, kind: str, line: str, column: str, message: str) -> None:
    titles = [c.title for c in table_kind(kind).columns]
    cells = line.replace("; ", "\0").split(";")
    header = titles[: len(cells)]
    found = faults(me, kind, csv_text(header, [[cell.replace("\0", "; ") for cell in cells]]))
    assert [(row, title) for row, title, _message in found] == [(2, column)]
    assert message in found[0][2]


@pytest.mark.django_db
def test_a_spread_that_does_not_fit_is_named(me: Actor) -> None:
    head = "naam;soort;herstel in minuten;spreiding;kortste herstel;langste herstel\n"
    for line, column in (
        ("Nieuw;middel;;driehoek;1;2", "herstel in minuten"),
        ("Nieuw;middel;60;driehoek;90;120", "kortste herstel"),
        ("Nieuw;middel;60;driehoek;30;50", "langste herstel"),
        ("Nieuw;middel;0;exponentieel;;", "herstel in minuten"),
        ("Nieuw;middel;60;lognormaal;;", "langste herstel"),
    ):
        assert [title for _row, title, _message in faults(me, "middelen", head + line)] == [column], line


@pytest.mark.django_db
def test_double_rows_and_ambiguous_names_are_named(me: Actor) -> None:
    Node(organisation_id=me.organisation_id, key="dc02", name="VRR-DC01", kind="middel").save()
    found = faults(
        me, "afhankelijkheden",
        "onderdeel;wat is er nodig;van wie\nalarm;Stroom;p2000\nalarm;STROOM;c2000\nrooster;Server;VRR-DC01\n",
    )  # fmt: skip
    assert [(row, title) for row, title, _message in found] == [(3, "wat is er nodig"), (4, "van wie")]
    assert "Rij 2" in found[0][2]
    assert "Gebruik de sleutel: dc01, dc02" in found[1][2]


@pytest.mark.django_db
def test_a_hundred_thousand_rows_are_refused_at_once(me: Actor) -> None:
    before = everything()
    text = "onderdeel;wat is er nodig;van wie\n" + "alarm;Stroom;dc01\n" * 100_000
    with pytest.raises(Refused, match="meer dan 200.000 cellen"):
        offered(me, "afhankelijkheden", text)
    assert everything() == before


@pytest.mark.django_db
def test_the_numbers_of_the_register_reach_the_engine(me: Actor) -> None:
    fill_all(me)
    head = "sleutel;naam;soort;herstel in minuten;spreiding;langste herstel;storingen per jaar;regio\n"
    put(me, "middelen", head + "dc01;VRR-DC01;middel;60;lognormaal;600;1,5;VR16\n")
    network = mapping.load(me, me.organisation_id).network
    node = network.node("dc01")
    assert node.repair_spread is not None
    assert (node.repair_spread.kind, node.repair_spread.mode, node.repair_spread.high) == ("lognormal", 60, 600)
    assert (node.failures_per_year, node.region, network.node("alarm").region) == (1.5, "VR16", "VR17")
    assert {(i.interest, i.degraded, i.down) for i in network.node("alarm").impact} == {
        ("physical", 2.5, 10.0), ("heritage", 0.0, 1.0),
    }  # fmt: skip
    (cause,) = network.common_causes
    assert (cause.kind, cause.members, cause.failures_per_year) == ("building", ("c2000", "p2000"), 0.5)
    assert cause.repair_spread is not None
    assert cause.repair_spread.kind == "triangular"


@given(st.floats(0, 1_000_000, allow_nan=False))
def test_a_number_reads_back_as_it_was_written(value: float) -> None:
    assert decimal(1_000_000)(decimal_text(value)) == pytest.approx(value, abs=5e-7)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_a_number(text: str) -> None:
    for read in (decimal(10), whole(1, 9)):
        try:
            value = read(text)
        except BadValue as error:
            assert str(error)
        else:
            assert value is None or 0 <= value <= 10


_CELL = st.sampled_from(
    [
        "",
        "alarm",
        "dc01",
        "p2000; c2000",
        "-1",
        "0",
        "2",
        "1,5",
        "ja",
        "fysiek",
        "driehoek",
        "=1+1",
        "\u200b",
        "é" * 130,
    ]
)


class TestAnyTable(TestCase):
    """Whatever stands in the cells: a table is read or refused, and either all of it is in or nothing."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(KINDS), st.lists(st.lists(_CELL, max_size=9), min_size=1, max_size=4))
    def test_is_whole_or_nothing(self, kind: str, lines: list[list[str]]) -> None:
        region = fill("VR17")
        titles = [c.title for c in table_kind(kind).columns]
        with acting_system(region) as me:
            row = offered(me, kind, csv_text(titles[:9], lines))
            before = everything()
            if row.problems:
                with pytest.raises(Refused):
                    imports.apply(me, row.public_id)
                assert everything() == before
            else:
                imports.apply(me, row.public_id)
