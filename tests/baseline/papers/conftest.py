"""A region with answers and measures, for the reports and the workbook."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brandwacht.baseline.services import answer_control, make_measure, move_measure
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from tests.world import NOW, acting, actor, organisation, person

SECRET = "Zaak 4711"
"""Where evidence lies: it may stand in no report that is published."""


@pytest.fixture
def region(db: None) -> Organisation:
    """A region that answered some, with a measure in each state that matters."""
    home = organisation("VR17")
    with acting(actor(person(home, Role.CISO, name="Noor de Wit"), home)) as me:
        then = me.at(NOW - timedelta(days=200))
        valid = (NOW + timedelta(days=100)).date()
        answer_control(then, "5.01", state="deels", reason="Het beleid is oud.")
        answer_control(me, "5.01", state="voldoet", reason="Vastgesteld.", evidence=SECRET, evidence_valid_to=valid)
        answer_control(me, "5.02", state="voldoet")
        answer_control(me, "8.13", state="voldoet_niet", reason="De reservekopie is nooit teruggezet.")
        answer_control(me, "8.25", state="niet_van_toepassing", reason="Wij maken zelf geen software.")
        answer_control(me, "8.06", state="geaccepteerd", reason="Te duur.", risk_analysis="Analyse 12")
        make_measure(
            me, title="Elke maand een reservekopie terugzetten", control="8.13", owner_name="Team beheer", due=valid,
            cost=12_000, for_board=True,
        )  # fmt: skip
        made = make_measure(then, title="Beleid vernieuwen", control="5.01", owner_name="Noor de Wit", due=valid)
        for state in ("do", "check", "act"):
            move_measure(me, made.public_id, state)
    return home
