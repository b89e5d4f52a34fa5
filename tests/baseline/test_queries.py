"""Reads: the list of controls, what an attack touches, and who sees which."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from brandwacht.baseline import queries
from brandwacht.baseline.queries import Filters, control_rows, controls_touched
from brandwacht.baseline.services import answer_control, make_measure
from brandwacht.baseline.wording.headline import headline
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied
from brandwacht.network.roles import Role
from tests.world import NOW, acting, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def me():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as ciso:
        soon = TODAY + timedelta(days=3)
        answer_control(ciso, "8.13", state="voldoet", evidence="Verslag", evidence_valid_to=soon)
        answer_control(ciso, "8.02", state="voldoet_niet")
        answer_control(ciso.at(NOW - timedelta(days=264)), "5.01", state="deels")
        make_measure(ciso, title="Rechten terug", control="8.02", owner_name="Team", due=date(2027, 1, 1))
        yield ciso


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (Filters(state="voldoet_niet"), ["8.02"]),
        (Filters(with_measure=True), ["8.02"]),
        (Filters(evidence=True), ["8.13"]),
        (Filters(text="BACK-UP van"), ["8.13"]),
        (Filters(text="8.1", state="voldoet"), ["8.13"]),
        (Filters(theme="fysiek", state="deels"), []),
        (Filters(text="geen enkele vraag heet zo"), []),
    ],
)
def test_filters(me, filters, numbers):
    assert [r.control.number for r in control_rows(me, filters)] == numbers


def test_every_control_is_listed_and_sorted(me):
    assert len(control_rows(me)) == 93
    assert [r.control.number for r in control_rows(me)][:2] == ["5.01", "5.02"]
    for sort, first in (
        ("state", "8.02"),
        ("-risk", "8.02"),
        ("evidence", "8.13"),
        ("answered", "5.01"),
        ("-number", "8.34"),
    ):
        assert control_rows(me, Filters(sort=sort))[0].control.number == first
    assert len(control_rows(me, Filters(sort="onbekend"))) == 93


def test_the_sentence_that_answers(me):
    assert headline(queries.standing(me, me.organisation_id, TODAY)) == (
        "De basis is voor 1% op orde: veel te doen. Dat berust op 3 van 93 antwoorden; het oudste is van 3 maart 2026."
    )
    assert "nog geen vraag beantwoord" in headline(queries.standing(me, me.organisation_id, date(2026, 1, 1)))


def test_themes_say_what_changed(me):
    now, before = queries.standings(me, me.organisation_id, [TODAY, TODAY - timedelta(days=30)])
    rows = {row.name: row for row in queries.themes(now, before)}
    assert list(rows) == ["organisatorisch", "mensgericht", "fysiek", "technologisch"]
    assert (rows["organisatorisch"].percent, rows["organisatorisch"].change) == (1, 0)
    assert (rows["technologisch"].answered, rows["technologisch"].total, rows["technologisch"].change) == (2, 34, 0)


def test_controls_that_an_attack_touches(me):
    touched = controls_touched(me, me.organisation_id, ["T1003.001"])
    assert touched[0].number in ("8.02", "8.05", "5.17")
    found = {t.number: t for t in touched}
    assert (found["8.02"].state, found["8.02"].measures_open) == ("Voldoet niet", 1)
    assert found["8.02"].url == "/basis/8.02"
    assert found["5.17"].state == "Nog niet beantwoord"
    assert controls_touched(me, me.organisation_id, []) == []


def test_who_may_not_see_the_basis_still_learns_which_controls_help(me):
    soc = organisation("VR-SOC", "landelijk")
    region = organisation("VR17")
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as analyst:
        touched = controls_touched(analyst, region.pk, ["T1003.001"])
        assert {(t.state, t.url, t.measures_open) for t in touched} == {(None, "", 0)}
        for read in (
            lambda: control_rows(analyst, owner_id=region.pk),
            lambda: queries.standing(analyst, region.pk, TODAY),
        ):
            with pytest.raises(Denied):
                read()


def test_the_next_open_question_goes_round(me):
    assert queries.next_open(queries.control_row(me, "8.12")).number == "8.14"
    assert queries.next_open(queries.control_row(me, "8.34")).number == "5.02"
