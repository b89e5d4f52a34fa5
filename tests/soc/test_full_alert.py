"""The page of an alert stays within its queries when everything that it can tell is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.cert.services import open_from_alert
from brandwacht.network.models import Dependency, Organisation, Requirement
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, AlertState, MatchedEvent
from brandwacht.soc.services import holding, questions
from brandwacht.soc.services.kept_events import HEAD, TAIL
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting, actor, asset, person

pytestmark = pytest.mark.django_db


def test_a_full_alert_takes_few_queries(
    soc: Organisation,
    region: Organisation,
    read: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    read(region, line("whoami.exe", at=minutes(2000), User="jan"))
    flood = (line("lsass.exe", at=minutes(9), User="jan", CommandLine="x") for _ in range(HEAD + TAIL + 5))
    read(region, *flood, *(line("lsass.exe", f"PC{n}", at=minutes(n), User="jan") for n in range(4)))
    with every_owner():
        alert = Alert.objects.get(asset__name="DC01", event_count__gt=HEAD)
        assert alert.story is not None
        assert MatchedEvent.objects.filter(alert=alert).count() == HEAD + TAIL
        process = asset(region, "Alarmering", kind="proces", vital=True)
        need = Requirement(organisation=region, node=process, label="Domeincontroller")
        need.save()
        Dependency(organisation=region, requirement=need, provider=alert.asset).save()
    ciso, analyst = person(region, Role.CISO), person(soc, Role.SOC_ANALYST)
    with acting(actor(analyst, soc)) as me:
        holding.pick_up(me, alert.public_id)
        questions.ask(me, alert.public_id, "Kent u dit programma?")
    for state in (AlertState.ACKNOWLEDGED, AlertState.INCIDENT):
        if state == AlertState.INCIDENT:
            become_incident(region, ciso, alert)
        for user in (ciso, analyst):
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            address = reverse("soc:detail", args=[alert.public_id])
            client.get(address)  # the use of a mandate is written once in ten minutes
            with django_assert_max_num_queries(15, info=f"{user} {state}"):
                text = client.get(address).content.decode()
            assert "Alarmering" in text
            assert "Kent u dit programma?" in text
            assert "Andere meldingen bij deze organisatie" in text
            assert "Niet elke gebeurtenis staat hier" in text


def become_incident(region: Organisation, ciso: Any, alert: Alert) -> None:
    with acting(actor(ciso, region)) as me:
        open_from_alert(me, alert.public_id, title="Aanval")
