"""Shifts: begin, end, hand over, take over; and that a mandate that ended takes the alerts out of the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Action, ActionState, Grant, Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, WatchShift
from brandwacht.soc.queries import shifts as queries
from brandwacht.soc.services import holding, shifts
from tests.soc.conftest import line
from tests.world import NOW, acting, actor, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=8)


@pytest.fixture
def people(soc: Organisation, region: Organisation) -> dict[str, User]:
    return {name: person(soc, Role.SOC_ANALYST, name=name) for name in ("Sem", "Yara", "Mila")}


def test_from_one_to_the_next(
    people: dict[str, User], soc: Organisation, region: Organisation, read: Callable[..., Any]
) -> None:
    sem, yara, mila = (actor(people[name], soc) for name in ("Sem", "Yara", "Mila"))
    with acting(sem):
        shift = shifts.begin(sem)
        with pytest.raises(Refused, match="loopt al"):
            shifts.begin(sem)
    read(region, line("vssadmin.exe", "A"), line("lsass.exe", "B"), line("powershell.exe", "C"), now=NOW)
    with every_owner():
        a, b, c = Alert.objects.order_by("asset__name")
    end = sem.at(LATER)
    with acting(end):
        holding.pick_up(end, a.public_id)
        services.close(end, c.public_id, "gewoon", "onschuldig")
        end = sem.at(LATER + timedelta(minutes=1))
        text = shifts.draft(end, shift)
        assert "Er kwamen 3 meldingen binnen, waarvan 1 kritiek." in text
        assert "Gesloten: 1 melding (1 onschuldig)." in text
        assert "Nog open: 2 meldingen, waarvan 2 nog door niemand bevestigd." in text
        assert a.title not in text
        with pytest.raises(Refused, match="Schrijf een samenvatting") as refused:
            shifts.end(end, shift.public_id, summary=" ", why={})
        assert refused.value.field == "summary"
        with pytest.raises(Refused, match="Kies een collega"):
            shifts.end(end, shift.public_id, summary=text, colleague_id=str(people["Sem"].public_id), why={})
        ended = shifts.end(
            end, shift.public_id, summary=text, colleague_id=str(people["Yara"].public_id),
            why={str(a.public_id): "wacht op antwoord"},
        )  # fmt: skip
        assert ended.figures["came"] == 3
        assert ended.figures["dispositions"] == {"onschuldig": 1}
        with pytest.raises(Refused, match="eigen dienst"):
            shifts.take_over(end, shift.public_id)
    with every_owner():
        action = Action.objects.get(key=f"soc.dienst.{shift.public_id}")
        assert action.owner_id == people["Yara"].pk
    with acting(mila), pytest.raises(Refused, match="overgedragen aan Yara"):
        shifts.take_over(mila, shift.public_id)
    with acting(yara):
        assert queries.waiting_hand_over(yara) == shift
        taken, count = shifts.take_over(yara.at(LATER + timedelta(minutes=5)), shift.public_id)
        assert (taken.acknowledged_by, count) == ("Yara", 1)
        rows = queries.handed_over(yara, taken)
        assert [(row.alert.asset.name, row.item.why) for row in rows if row.alert] == [
            ("A", "wacht op antwoord"),
            ("B", ""),
        ]
        with pytest.raises(Refused, match="Yara heeft deze dienst al"):
            shifts.take_over(yara, shift.public_id)
    with every_owner():
        action.refresh_from_db()
        assert action.state == ActionState.DONE
        assert Alert.objects.get(pk=a.pk).holder_id == people["Yara"].pk
        assert Alert.objects.get(pk=b.pk).holder_id is None


def test_what_a_mandate_no_longer_opens_is_not_told(
    people: dict[str, User], soc: Organisation, region: Organisation, read: Callable[..., Any]
) -> None:
    read(region, line("lsass.exe"))
    sem = actor(people["Sem"], soc)
    with acting(sem):
        shift = shifts.begin(sem)
        shifts.end(sem.at(LATER), shift.public_id, summary="Rustig", why={})
    with every_owner():
        Grant.objects.update(ended_at=NOW)
        shift = WatchShift.objects.get()
    without = actor(people["Yara"], soc, LATER)
    with acting(without):
        (row,) = queries.handed_over(without, shift)
        assert row.alert is None
        assert shifts.take_over(without, shift.public_id)[1] == 0


def test_another_organisation_has_its_own_shifts(
    people: dict[str, User], soc: Organisation, region: Organisation
) -> None:
    sem: Actor = actor(people["Sem"], soc)
    with acting(sem):
        shifts.begin(sem)
    ciso = actor(person(region, Role.CISO), region)
    with acting(ciso):
        assert not queries.shifts(ciso).exists()
