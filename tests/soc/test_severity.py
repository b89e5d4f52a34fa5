"""The severity of an alert is a sum that is shown, and a vital asset does not make everything critical."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.models import Dependency, NodeKind, Organisation, Requirement
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, Severity
from brandwacht.soc.services.reweighing import follow_the_map, reweigh
from brandwacht.soc.services.severity import NONE, PROCESS, UNKNOWN, VITAL, VITAL_SOON, Criticality, weigh, weights
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting_system, asset, person

pytestmark = pytest.mark.django_db

FEW, MANY = ["T1003.001"], [f"T10{n}" for n in range(10, 16)]


def test_every_combination_stays_near_its_heaviest_rule() -> None:
    kinds = (UNKNOWN, NONE, PROCESS, VITAL, VITAL_SOON)
    for level, kind, techniques, indicator, exercise in product(
        range(5), kinds, (FEW, MANY), (0, 10, 60, 90), (False, True)
    ):
        found = weigh([0, level], techniques, Criticality(kind, "P", 30), indicator=indicator, exercise=exercise)
        assert found.severity <= level + 1
        assert found.total == max(0, sum(part.points for part in found.parts))
        if not exercise:
            assert found.severity >= level, "nothing but an exercise makes an alert milder than its rule"


def test_alone_a_rule_decides() -> None:
    for level in range(5):
        assert weigh([level], FEW, Criticality()).severity == level


def test_a_vital_asset_alone_makes_nothing_critical_but_with_breadth_it_does() -> None:
    vital = Criticality(VITAL_SOON, "Alarmering", 10)
    assert weigh([Severity.HIGH], FEW, vital).severity == Severity.HIGH
    assert weigh([Severity.HIGH], MANY, vital).severity == Severity.CRITICAL
    assert weigh([Severity.MEDIUM], MANY[:2], vital).severity == Severity.MEDIUM
    assert weigh([Severity.LOW], MANY, vital, indicator=100).severity == Severity.MEDIUM
    assert weigh([Severity.HIGH], FEW, Criticality(), indicator=90).severity == Severity.CRITICAL
    assert weigh([Severity.HIGH], FEW, Criticality(), exercise=True).severity == Severity.MEDIUM


def test_the_data_names_its_source() -> None:
    assert weights()["bron"] == "eigen keuze"
    assert list(weights()["grenzen"].values()) == sorted(weights()["grenzen"].values())


@pytest.fixture
def vital(region: Organisation) -> Any:
    host = asset(region, "DC01")
    depends(region, host)
    return host


def depends(region: Organisation, host: Any) -> None:
    """A vital process that needs this host within half an hour."""
    process = asset(region, "Alarmering", kind=NodeKind.PROCESS, vital=True)
    with every_owner():
        need = Requirement(organisation=region, node=process, label="inloggen", autonomy=30)
        need.save()
        Dependency(organisation=region, requirement=need, provider=host).save()


def test_the_alert_shows_its_sum(
    region: Organisation, read: Callable[..., Any], vital: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    read(
        region,
        line("lsass.exe", at=minutes(9)),
        line("powershell.exe", at=minutes(8)),
        line("whoami.exe", at=minutes(7)),
        line("lsass.exe", "PC1", at=minutes(6)),
    )
    with every_owner():
        first, second = Alert.objects.order_by("pk")
    assert [(p["part"], p["points"]) for p in first.severity_sum] == [("regel", 50), ("middel", 15), ("breedte", 5)]
    assert (first.severity, second.severity) == (Severity.CRITICAL, Severity.HIGH)
    client = Client()
    client.force_login(person(region, Role.CISO), backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(reverse("soc:detail", args=[first.public_id])).content.decode()
    assert (
        "Samen 70 punten, dat is kritiek: 50, want de zwaarste regel die aansloeg heeft niveau hoog; "
        "15, want het vitale proces Alarmering merkt uitval na 30 minuten; "
        "5, want 3 verschillende technieken in één melding." in text
    )
    other = client.get(reverse("soc:detail", args=[second.public_id])).content.decode()
    assert "50 punten, dat is hoog: de zwaarste regel die aansloeg heeft niveau hoog." in other
    assert "niet bekend welke processen van dit middel afhangen" in other.lower()


def test_an_indicator_or_an_exercise_changes_a_stored_alert(region: Organisation, read: Callable[..., Any]) -> None:
    read(region, line("lsass.exe", at=minutes(9)))
    with acting_system(region):
        alert = Alert.objects.get()
        reweigh(alert, Criticality(), indicator=90)
        alert.refresh_from_db()
        assert (alert.severity, alert.severity_sum[-1]["part"]) == (Severity.CRITICAL, "indicator")
        reweigh(alert, Criticality(), indicator=0, exercise=True)
        alert.refresh_from_db()
        assert (alert.severity, alert.severity_sum[-1]["points"]) == (Severity.MEDIUM, -20)
        reweigh(alert, Criticality(), indicator=60, exercise=False)
    read(region, line("whoami.exe", at=minutes(8)))
    with every_owner():
        alert.refresh_from_db()
    assert alert.severity_sum[-1]["value"] == 60, "a new rule does not forget the indicator"


def test_a_change_of_the_risk_map_is_followed(region: Organisation, read: Callable[..., Any]) -> None:
    host = asset(region, "DC01")
    read(region, line("lsass.exe", at=minutes(9)), line("powershell.exe"), line("whoami.exe"))
    assert follow_the_map(NOW) == ""
    with every_owner():
        assert Alert.objects.get().severity == Severity.HIGH
    depends(region, host)
    assert follow_the_map(NOW) == "1 melding(en) opnieuw gewogen"
    assert follow_the_map(NOW) == ""
    with every_owner():
        assert Alert.objects.get().severity == Severity.CRITICAL
