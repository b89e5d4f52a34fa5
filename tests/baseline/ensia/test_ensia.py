"""The yearly account: from the same answers to council and to recipients, laid down once and never changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from brandwacht.baseline.models import EnsiaStatement, EnsiaYear
from brandwacht.baseline.queries import ensia as queries
from brandwacht.baseline.queries.answers import control_rows
from brandwacht.baseline.services import answer_control, ensia, make_measure
from brandwacht.engines.norms.ensia import load_scheme
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db
WORDS = {"realised": "Veel", "deviations": "Weinig", "risks": "Geen", "improvements": "Logs"}
SECRET = "ALLEENVOORONS"


@pytest.fixture
def town():
    home = organisation("GM0599", "gemeente")
    return actor(person(home, Role.CISO), home)


def answer_all(me, state="voldoet"):
    for number in load_scheme().controls:
        answer_control(
            me, number, state=state, reason="Omdat", evidence=SECRET, evidence_valid_to=me.today + timedelta(days=99)
        )


def open_titles():
    with every_owner():
        return sorted(Action.objects.filter(key__startswith="ensia:", state="open").values_list("title", flat=True))


def test_a_year_from_start_to_statements(town) -> None:
    with acting(town) as me:
        row = ensia.start(me)
        assert row.year == 2026
        assert ensia.start(me) == row
        assert open_titles() == ["ENSIA 2026: beantwoord nog 26 vragen", "ENSIA 2026: stel 3 verklaringen vast"]
        with pytest.raises(Refused, match="concept"):
            ensia.lay_down(me, 2026, "digid")
        ensia.write(me, 2026, "digid", {})
        with pytest.raises(Refused, match=r"Nog niet beantwoord: 5\.15"):
            ensia.lay_down(me, 2026, "digid")
        answer_all(me)
        make_measure(me, title="Logs aansluiten", control="8.15", owner_name="Beheer", due=date(2027, 2, 1))
        digid = ensia.lay_down(me, 2026, "digid")
        assert len(digid.content["answers"]) == 15
        assert digid.content["answers"][0]["reason"] == "Omdat"
        ensia.write(me, 2026, "suwinet", {"realised": "Eén afdeling"})
        ensia.lay_down(me, 2026, "suwinet")
        ensia.write(me, 2026, "", WORDS | {"risks": ""})
        with pytest.raises(Refused) as refused:
            ensia.lay_down(me, 2026, "")
        assert refused.value.field == "risks"
        ensia.write(me, 2026, "", WORDS)
        council = ensia.lay_down(me, 2026, "")
        assert len(council.content["realised"]) == 26
        assert council.content["improvements"] == [
            {"control": "8.15", "title": "Logs aansluiten", "by": "Beheer", "due": "2027-02-01"}
        ]
        assert council.content["scheme_status"] == "te bevestigen"
        assert SECRET not in str([each.content for each in queries.statements(row)])
        ensia.CALENDAR.run(NOW)
        assert open_titles() == []


def test_what_was_laid_down_does_not_change(town) -> None:
    with acting(town) as me:
        ensia.start(me)
        answer_all(me)
        ensia.write(me, 2026, "digid", {"realised": "Eerst"})
        laid = ensia.lay_down(me, 2026, "digid")
        before = (laid.sha256, laid.content)
        answer_control(me, "5.15", state="voldoet_niet", reason="Toch niet")
        laid.realised = "Anders"
        with pytest.raises(ValueError, match="does not change"):
            laid.save()
        second = ensia.write(me, 2026, "digid", {"realised": "Daarna"})
        assert second.version == 2
        ensia.lay_down(me, 2026, "digid")
        stored = queries.statement(me, laid.public_id)
        assert (stored.sha256, stored.content, stored.realised) == (*before, "Eerst")
        assert ensia.fingerprint(stored) == stored.sha256
        newest = queries.parts(queries.statements(queries.year(me, 2026)), control_rows(me))[1].laid
        assert newest is not None
        assert [a["state"] for a in newest.content["answers"] if a["number"] == "5.15"] == ["voldoet_niet"]
        EnsiaStatement.objects.filter(pk=laid.pk).update(realised="Stiekem")
        tampered = queries.statement(me, laid.public_id)
        assert ensia.fingerprint(tampered) != tampered.sha256


def test_the_calendar_asks_when_it_is_time(town) -> None:
    def at(year, month, day):
        return datetime(year, month, day, 10, tzinfo=UTC)

    with acting(town) as me:
        answer_control(me, "5.15", state="deels")
    ensia.CALENDAR.run(at(2026, 6, 1))
    assert open_titles() == []
    ensia.CALENDAR.run(at(2026, 7, 1))
    assert open_titles() == ["Begin met ENSIA 2026"]
    with acting(town.at(at(2026, 7, 2))) as me:
        ensia.start(me)
    assert open_titles() == ["ENSIA 2026: beantwoord nog 25 vragen", "ENSIA 2026: stel 3 verklaringen vast"]
    with every_owner():
        due = Action.objects.get(key="ensia:2026:invullen").due
        assert due is not None
        assert due.isoformat() == "2026-12-31T22:59:00+00:00"
    ensia.CALENDAR.run(at(2027, 1, 2))
    assert open_titles() == ["ENSIA 2026: stel 3 verklaringen vast"]
    with acting(town.at(at(2027, 5, 2))) as me:
        with pytest.raises(Refused, match="nog niet open"):
            ensia.write(me, ensia.start(me).year, "digid", {})
            ensia.lay_down(me, 2027, "digid")


def test_a_region_chooses_and_others_do_not() -> None:
    region, soc = organisation("VR17"), organisation("VR-SOC", "landelijk")
    with acting(actor(person(region, Role.CISO), region)) as me:
        assert ensia.start(me).year == 2026
    with acting(actor(person(soc, Role.CISO), soc)) as them, pytest.raises(Refused, match="voor gemeenten"):
        ensia.start(them)


def test_the_board_lays_down_and_does_not_write(town) -> None:
    home = organisation("GM0599", "gemeente")
    with acting(town) as me:
        ensia.start(me)
        ensia.write(me, 2026, "", WORDS)
        for bad in ("onbekend", "horizontaal"):
            with pytest.raises(NotFound):
                ensia.write(me, 2026, bad, WORDS)
        with pytest.raises(NotFound):
            ensia.write(me, 2031, "", WORDS)
        with pytest.raises(Refused) as refused:
            ensia.write(me, 2026, "", {"risks": "x" * 6001})
        assert refused.value.field == "risks"
    with acting(actor(person(home, Role.TOWN_CLERK), home)) as clerk:
        with pytest.raises(Denied):
            ensia.write(clerk, 2026, "", WORDS)
        assert ensia.lay_down(clerk, 2026, "").laid_down_by == clerk.name
    with acting(actor(person(home, Role.COUNCILLOR), home)) as member:
        with pytest.raises(Denied):
            ensia.start(member)
        assert not queries.years(member).exists()
    assert EnsiaYear._base_manager.count() == 1
