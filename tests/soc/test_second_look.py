"""The second look: the same sample for everybody, nobody judges their own, a disagreement reopens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, AlertState
from brandwacht.soc.queries.second_look import agreement, draw, offered, sampled
from brandwacht.soc.services.second_look import look_again
from brandwacht.soc.terms import terms
from tests.world import NOW, acting, actor, asset, person

pytestmark = pytest.mark.django_db
YESTERDAY = NOW - timedelta(days=1)


@given(st.dates(), st.uuids())
def test_a_draw_is_a_fraction_that_never_changes(day: Any, alert: UUID) -> None:
    assert 0 <= draw(day, alert) < 1
    assert draw(day, alert) == draw(day, alert)


@given(st.lists(st.tuples(st.uuids(), st.sampled_from(["echt", "vals", "onschuldig"])), max_size=60))
def test_every_disposition_of_a_day_is_in(closed: list[tuple[UUID, str]]) -> None:
    rows = [(pk, public_id, disposition, YESTERDAY) for pk, (public_id, disposition) in enumerate(closed)]
    chosen = sampled(rows)
    assert {rows[pk][2] for pk in chosen} == {row[2] for row in rows}
    assert sampled(reversed(rows)) == chosen


def test_the_share_is_about_what_the_data_say() -> None:
    day = YESTERDAY.date()
    number = sum(draw(day, UUID(int=n)) < terms().sample.share for n in range(20_000))
    assert 0.04 < number / 20_000 < 0.06


@pytest.fixture
def staff(soc: Organisation, region: Organisation) -> dict[str, User]:
    return {name: person(soc, Role.SOC_ANALYST, name=name) for name in ("Sem", "Yara")}


def closed(region: Organisation, by: User, when: datetime, disposition: str = "vals") -> Alert:
    with every_owner():
        row = Alert(
            organisation=region, asset=asset(region, f"M{Alert.objects.count()}"), title="Melding", severity=3,
            state=AlertState.CLOSED, open=False, waiting=False, first_seen=when, last_seen=when, opened_at=when,
            closed_at=when, triaged_at=when, closed_by=by, disposition=disposition,
        )  # fmt: skip
        row.save()
    return row


def test_somebody_else_looks_and_a_disagreement_reopens(
    staff: dict[str, User], soc: Organisation, region: Organisation
) -> None:
    sem, yara = (actor(staff[name], soc) for name in ("Sem", "Yara"))
    first, second = closed(region, staff["Sem"], YESTERDAY), closed(region, staff["Sem"], YESTERDAY, "echt")
    today = closed(region, staff["Sem"], NOW - timedelta(minutes=1))
    with acting(sem):
        assert offered(sem) == ([], 0)
        with pytest.raises(Refused, match="zelf"):
            look_again(sem, first.public_id, agreed=True)
    with acting(yara):
        found, number = offered(yara)
        assert (set(found), number) == ({first, second}, 2)
        assert offered(yara, most=1) == ([first], 2)
        with pytest.raises(Refused, match="niet in de steekproef"):
            look_again(yara, today.public_id, agreed=True)
        with pytest.raises(Refused, match="waarom") as refused:
            look_again(yara, first.public_id, agreed=False)
        assert refused.value.field == "note"
        look_again(yara, first.public_id, agreed=False, note="Dit was echt", again=True)
        look_again(yara, second.public_id, agreed=True)
        assert offered(yara) == ([], 0)
        with pytest.raises(Refused, match="niet in de steekproef"):
            look_again(yara, second.public_id, agreed=True)
        found = agreement(yara, YESTERDAY, NOW + timedelta(hours=1))
        assert (found.agreed, found.total, found.percent) == (1, 2, 50)
    with every_owner():
        again = Alert.objects.get(pk=first.pk)
        assert (again.state, again.open, again.disposition) == (AlertState.NEW, True, "")


def test_nothing_without_a_mandate(staff: dict[str, User], region: Organisation) -> None:
    from tests.world import organisation

    closed(region, staff["Sem"], YESTERDAY)
    other = organisation("VR15")
    stranger: Actor = actor(person(other, Role.CISO), other)
    with acting(stranger):
        assert offered(stranger) == ([], 0)
