"""What an author takes out of a shared report counts no more for whoever took it over."""

from __future__ import annotations

import pytest

from brandwacht.network.errors import Denied, Refused
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import CouplingState, StixObject
from brandwacht.sharing.services import threats
from tests.sharing.conftest import Persona
from tests.sharing.couplings import changed, fresh, made, started
from tests.sharing.members import Members, members
from tests.world import acting, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle(db: None) -> Members:
    return members("een", "twee")


def last() -> dict[str, bool]:
    """By value of its pattern, whether the last version of an indicator is revoked."""
    with every_owner():
        rows = StixObject.objects.filter(kind="indicator", is_last=True)
        return {str(row.content["pattern"]): bool(row.content.get("revoked")) for row in rows}


def test_an_indicator_that_was_taken_out_is_revoked(circle: Members) -> None:
    threat = circle.shared("een", indicators="192.0.2.44\n198.51.100.7")
    before = last()
    assert len(before) == 2
    assert not any(before.values())
    with acting(circle["een"].actor) as me:
        threats.change(me, threat.public_id, circle.report(indicators="192.0.2.44"))
    after = last()
    assert {pattern for pattern, revoked in after.items() if revoked} == {p for p in after if "198.51.100.7" in p}
    assert len(after) == 2


def test_who_has_no_seat_does_not_aim_a_running_coupling(circle: Members) -> None:
    """An administrator may set a member's coupling; it then stands still until somebody with a seat starts it."""
    circle.sign("een", "twee")
    home = circle["een"].at
    row = made(circle["een"], home, "https://taxii.example/taxii2/", kind="misp", direction="brengen")
    started(circle["een"], row)
    admin = Persona(person(home, Role.ADMIN, name="Beheerder"), home)
    row = changed(admin, fresh(row), name="Anders genoemd")
    assert row.state == CouplingState.RUNNING
    row = changed(admin, fresh(row), highest_tlp="AMBER_STRICT", party="eigen")
    assert (row.state, row.started_by_id, row.next_at) == (CouplingState.PAUSED, None, None)
    with pytest.raises(Denied):
        started(admin, row)
    assert started(circle["een"], row).state == CouplingState.RUNNING
    assert changed(circle["een"], fresh(row), highest_tlp="GREEN").state == CouplingState.RUNNING
    with pytest.raises(Refused):
        changed(circle["een"], fresh(row), name=" ")
