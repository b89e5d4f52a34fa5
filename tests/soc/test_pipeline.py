"""One way for all that comes in: stored, matched, and accounted for once, whatever interrupts it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import MatchedEvent, SourceKind
from brandwacht.soc.services import pipeline
from brandwacht.soc.services.payloads import INSIDE, events_of
from brandwacht.soc.spool import Payload
from brandwacht.soc.store import scan
from brandwacht.soc.story import scenes
from tests.soc.conftest import line, minutes
from tests.soc.sources import Clocks, body, connected, own_folder, run_once, send
from tests.world import NOW, acting_system

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    with own_folder(settings, tmp_path / "data"):
        yield


def stored() -> list[tuple[str, int]]:
    """What the store has of the last ten days: (source, number), in order of time."""
    found = scan(["VR17"], NOW - timedelta(days=10), NOW + timedelta(days=2))
    return [(row.source_key, event.number) for row, event in found]


def write_log(folder: Path, count: int = 5) -> Path:
    path = folder / "log.jsonl"
    path.write_text("".join(line("lsass.exe", at=minutes(60 * 30 * n)) + "\n" for n in range(count)))
    return path


def test_a_file_that_is_read_is_found_in_the_store(region: Organisation, tmp_path: Path) -> None:
    path = write_log(tmp_path)
    with acting_system(region) as me:
        list(services.ingest(me, path, services.rulebook_for(me)))
        list(services.ingest(me, path, services.rulebook_for(me)))
    assert stored() == [("bestanden", number) for number in (5, 4, 3, 2, 1)]


def test_a_batch_that_is_repeated_after_a_kill_is_stored_once(
    region: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_log(tmp_path)
    with acting_system(region) as me, monkeypatch.context() as patch:
        patch.setattr(pipeline, "file_matches", _fails)
        with pytest.raises(OperationalError):
            list(services.ingest(me, path, services.rulebook_for(me), batch=2))
    assert len(stored()) == 2
    later = NOW + timedelta(hours=30)
    with acting_system(region) as me:
        list(services.ingest(me.at(later), path, services.rulebook_for(me), clock=lambda: later, batch=2))
    assert sorted(stored()) == [("bestanden", number) for number in range(1, 6)]
    with every_owner():
        assert MatchedEvent.objects.count() == 5


def _fails(*_args: Any) -> None:
    raise OperationalError("the process was killed here")


def test_what_a_source_sends_is_found_in_the_store(region: Organisation) -> None:
    source, token = connected(region)
    send(token, body(line("lsass.exe"), line("notepad.exe")))
    run_once(Clocks())
    assert stored() == [(str(source.public_id), 1), (str(source.public_id), 2)]


def test_records_in_one_payload_are_events_of_their_own() -> None:
    record = {"eventVersion": "1.08", "eventSource": "iam.amazonaws.com", "eventName": "CreateUser"}
    data = json.dumps({"Records": [record, record]}).encode()
    found = events_of(SourceKind.BULK, 7, Payload(data), NOW)
    assert [event.number for event in found] == [7, 7 + INSIDE]


def test_a_line_of_syslog_is_shown_with_what_it_says(region: Organisation, tmp_path: Path) -> None:
    rules = tmp_path / "eigen"
    rules.mkdir()
    (rules / "ssh.yml").write_text(
        "title: Inloggen mislukt\nid: 00000000-0000-4000-8000-000000000031\nlevel: high\n"
        "logsource:\n  product: linux\n  service: sshd\n"
        "detection:\n  sel:\n    user: beheer\n  condition: sel\n"
    )
    path = tmp_path / "auth.log"
    path.write_text("<38>1 2026-11-22T13:05:00Z vrr-fw01 sshd 12 - - Failed password for beheer from 10.0.0.9\n")
    with acting_system(region) as me:
        services.import_rules(me, rules)
        list(services.ingest(me, path, services.rulebook_for(me)))
    with every_owner():
        event = MatchedEvent.objects.select_related("file").get()
        assert event.kind == "linux.sshd"
        assert scenes([event], [])[0].title == "Inloggen mislukt"
