"""The figures of the day: written by Brandwacht itself, once a day, for those who have answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brandwacht.governance.models import BoardFigure
from brandwacht.governance.services import DAILY, record_figures
from brandwacht.network.errors import Denied
from brandwacht.network.models import AuditEntry
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.governance import scene
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db


def kept() -> dict[tuple[str, str], float]:
    with every_owner():
        return {(f.organisation.code, f.key): f.value for f in BoardFigure.objects.select_related("organisation")}


def test_the_day_is_recorded_and_audited() -> None:
    region = scene.full_region()
    with acting_system(region) as system:
        record_figures(system)
    values = kept()
    assert values["VR17", "incidenten"] == 5
    assert values["VR17", "maatregelen_te_laat"] == 7
    assert values["VR17", "basis"] > 0
    with every_owner():
        assert AuditEntry.objects.filter(action="governance.figures.record").count() == 1


def test_twice_a_day_keeps_the_last() -> None:
    region = organisation("VR17")
    scene.answers(region, 5)
    with acting_system(region) as system:
        record_figures(system)
        scene.incident(region)
        record_figures(system)
    assert kept()["VR17", "incidenten"] == 1
    assert len(kept()) == 3


def test_an_earlier_day_has_the_figures_of_then() -> None:
    region = organisation("VR17")
    scene.answers(region, 40, days_ago=5)
    scene.incident(region)
    with acting_system(region, NOW - timedelta(days=8)) as system:
        record_figures(system)
    assert kept() == {("VR17", "basis"): 0, ("VR17", "incidenten"): 0, ("VR17", "maatregelen_te_laat"): 0}


@pytest.mark.parametrize("role", [Role.CISO, Role.CHAIR, Role.SOC_ANALYST])
def test_people_do_not_record_figures(role: Role) -> None:
    region = organisation("VR17")
    with acting(actor(person(region, role), region)) as me, pytest.raises(Denied):
        record_figures(me)


def test_the_job_does_those_with_answers_only() -> None:
    scene.answers(organisation("VR17"), 5)
    organisation("VR15")
    DAILY.run(NOW)
    assert {code for code, _key in kept()} == {"VR17"}


def test_the_job_costs_two_queries_when_nobody_answered(django_assert_max_num_queries) -> None:
    organisation("VR17")
    with django_assert_max_num_queries(2):
        assert DAILY.run(NOW) == "cijfers van 0 organisaties"
