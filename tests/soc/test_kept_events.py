"""A flood gives one alert and few rows; the same event from two sources counts once where it has an identity."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from brandwacht.engines.detection import Event, Match, event_from_record
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.services.register import assets_by_name
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, AlertEntity, AlertRule, IngestFile, MatchedEvent, RuleDay
from brandwacht.soc.services.grouping import Found, file_matches
from brandwacht.soc.services.kept_events import HEAD, TAIL
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting_system, person

pytestmark = pytest.mark.django_db

Reading = Callable[..., Any]
FLOOD = 100_000
BATCH = 2000


def ledger_of(owner: Organisation, name: str = "stroom") -> IngestFile:
    row = IngestFile(organisation=owner, sha256=name, name=name, size=1, started_at=NOW, seen_at=NOW)
    row.save()
    return row


def at_place(event: Event, number: int) -> Event:
    again = copy.copy(event)
    again.number = number
    return again


def test_a_flood_is_one_alert_with_few_rows(region: Organisation, settings: Any) -> None:
    record = json.loads(line("lsass.exe", "DC01", User="VRR\\jan"))
    event = event_from_record(1, record)
    match = Match("regel-1", "Geheugen gelezen", "high", ("attack.t1003.001",), {"Image": "x"}, ("sel",))
    with acting_system(region) as me:
        ledger = ledger_of(region)
        assets = assets_by_name(me, region.pk, {"DC01"})
        for start in range(0, FLOOD, BATCH):
            found = [
                Found(at_place(event, start + n), NOW + timedelta(milliseconds=start + n), [match])
                for n in range(BATCH)
            ]
            with transaction.atomic():
                file_matches(ledger, found, assets, {"regel-1": ("T1003.001",)}, NOW)
        (alert,) = Alert.objects.all()
        assert alert.event_count == FLOOD
        assert AlertRule.objects.get().count == FLOOD
        assert AlertEntity.objects.get().count == FLOOD
        assert RuleDay.objects.get().matches == FLOOD
        numbers = sorted(MatchedEvent.objects.values_list("number", flat=True))
    assert numbers == [*range(HEAD), *range(FLOOD - TAIL, FLOOD)]


def test_the_page_says_what_is_not_kept(region: Organisation, read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    read(region, *(line("lsass.exe", at=minutes(5)) for _ in range(HEAD + TAIL + 30)))
    with every_owner():
        alert = Alert.objects.get()
    client = Client()
    client.force_login(person(region, Role.CISO), backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(reverse("soc:detail", args=[alert.public_id])).content.decode()
    assert "Alle 280 gebeurtenissen zijn geteld. Hier staan er 250" in text
    assert "De andere 30 staan alleen in de opslag" in text
    assert "Kan een gebeurtenis dubbel geteld zijn?" in text


def numbered(number: int, host: str = "DC01", **extra: Any) -> str:
    record = json.loads(line("lsass.exe", host, at=minutes(9)))
    record["Event"]["System"]["EventRecordID"] = number
    record["Event"]["EventData"] |= extra
    return json.dumps(record)


def test_the_same_event_from_two_sources_counts_once(
    region: Organisation, read: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    beats = {
        "@timestamp": (minutes(9) + timedelta(milliseconds=200)).isoformat(),
        "winlog": {
            "channel": "Microsoft-Windows-Sysmon/Operational",
            "provider_name": "Microsoft-Windows-Sysmon",
            "event_id": 1,
            "record_id": 7,
            "computer_name": "dc01.vrr.example",
            "event_data": {"Image": "C:\\Windows\\lsass.exe"},
        },
    }
    read(region, numbered(7), numbered(8), numbered(8, Extra="zelfde bestand"))
    read(region, json.dumps(beats))
    read(region, numbered(7, "PC2"))
    with every_owner():
        first, second = Alert.objects.select_related("asset").order_by("pk")
    assert (first.event_count, first.doubles) == (2, 2)
    assert (second.asset.name, second.event_count, second.doubles) == ("PC2", 1, 0)
    client = Client()
    client.force_login(person(region, Role.CISO), backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(reverse("soc:detail", args=[first.public_id])).content.decode()
    assert "2 gebeurtenissen kwamen nog eens binnen via een andere bron" in text
    assert "Kan een gebeurtenis dubbel geteld zijn?" not in text, "every one of them has a number"


def test_without_identity_a_repeat_is_counted(region: Organisation, read: Reading) -> None:
    read(region, line("lsass.exe"), line("lsass.exe"))
    with every_owner():
        assert Alert.objects.get().event_count == 2
