"""Delivering over `_bulk`: what senders get, what counts, and what counts once."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.connectors.elastic_bulk import bulk, views
from brandwacht.connectors.elastic_bulk.bulk import TooLarge, Unreadable, parse
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, IngestFile, LogSource, MatchedEvent, SourceError, SourceHour
from brandwacht.soc.services import intake, logsources
from tests.soc.conftest import line, region, rules_folder, soc
from tests.soc.sources import BULK, Clocks, body, connected, fresh, own_folder, run_once, send
from tests.world import acting_system, organisation

__all__ = ["region", "rules_folder", "soc"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    with own_folder(settings, tmp_path):
        yield


def test_an_event_that_was_sent_becomes_an_alert(region: Organisation) -> None:
    source, token = connected(region)
    answer = send(token, body(line("lsass.exe"), line("notepad.exe")))
    assert answer.status_code == 200
    assert answer["X-Elastic-Product"] == "Elasticsearch"
    told = answer.json()
    assert told["errors"] is False
    assert [item["create"]["status"] for item in told["items"]] == [201, 201]
    assert run_once(Clocks()) == 2
    with every_owner():
        assert Alert.objects.get().title.endswith("op DC01")
        assert MatchedEvent.objects.get().file.source_id == source.pk
        (hour,) = SourceHour.objects.all()
    assert (hour.events, hour.matched, hour.doubles) == (2, 1, 0)
    now = fresh(source)
    assert (now.events, now.errors) == (2, 0)
    assert now.seen_at is not None


def test_the_same_request_again_is_acknowledged_and_counts_once(region: Organisation) -> None:
    source, token = connected(region)
    for _time in range(3):
        assert send(token, body(line("lsass.exe"), line("whoami.exe"))).status_code == 200
    run_once(Clocks())
    assert send(token, body(line("lsass.exe"), line("whoami.exe"))).status_code == 200
    run_once(Clocks())  # another process, which knows of the earlier ones from the spool
    now = fresh(source)
    assert (now.events, now.doubles) == (2, 6)
    with every_owner():
        assert MatchedEvent.objects.count() == 2


def test_the_same_id_again_counts_once_in_whatever_request(region: Organisation) -> None:
    source, token = connected(region)
    with_id = '{"index": {"_id": "a1", "_index": "logs"}}'
    first = send(token, body(line("lsass.exe"), action=with_id)).json()
    assert first["items"][0]["index"]["_id"] == "a1"
    send(token, body(line("lsass.exe"), action=with_id) + body(line("whoami.exe")))
    run_once(Clocks())
    now = fresh(source)
    assert (now.events, now.doubles) == (2, 1)


def test_an_id_of_one_source_says_nothing_of_another(region: Organisation) -> None:
    with_id = '{"create": {"_id": "a1"}}'
    for name in ("een", "twee"):
        _source, token = connected(region, name)
        send(token, body(line("lsass.exe"), action=with_id))
    run_once(Clocks())
    with every_owner():
        assert MatchedEvent.objects.count() == 2


def test_what_is_wrong_is_told_per_document_and_kept_to_read(region: Organisation) -> None:
    source, token = connected(region)
    long = '{"x": "' + "a" * bulk.MAX_LINE + '"}'
    told = send(token, body(line("lsass.exe"), "geen json", "[1]", long)).json()
    assert told["errors"] is True
    assert [item["create"]["status"] for item in told["items"]] == [201, 400, 400, 413]
    assert "geldig JSON-object" in told["items"][1]["create"]["error"]["reason"]
    run_once(Clocks())
    with every_owner():
        kept = list(SourceError.objects.order_by("pk"))
    assert [error.line[:9] for error in kept] == ["geen json", "[1]", '{"x": "aa']
    assert len(kept[2].line) == 2000
    assert fresh(source).errors == 3
    assert fresh(source).events == 1


def test_bad_lines_are_kept_up_to_a_limit_and_all_counted(region: Organisation) -> None:
    source, token = connected(region)
    send(token, body(*(f"kapot {n}" for n in range(250))))
    run_once(Clocks())
    with every_owner():
        assert SourceError.objects.count() == 100
    assert fresh(source).errors == 250


def test_packed_bodies(region: Organisation) -> None:
    source, token = connected(region)
    packed = gzip.compress(body(line("lsass.exe")))
    assert send(token, packed, **{"content-encoding": "gzip"}).status_code == 200
    broken = {b"geen gzip": 400, packed[:-9]: 400, packed + b"x": 400}
    for data, status in broken.items():
        assert send(token, data, **{"content-encoding": "gzip"}).status_code == status
    assert send(token, packed, **{"content-encoding": "br"}).status_code == 400
    run_once(Clocks())
    assert fresh(source).events == 1


def test_a_line_of_a_hundred_megabytes_is_refused_with_the_reason(region: Organisation) -> None:
    source, token = connected(region)
    huge = gzip.compress(b'{"create": {}}\n{"x": "' + b"a" * 100 * 2**20 + b'"}\n', 1)
    answer = send(token, huge, **{"content-encoding": "gzip"})
    assert answer.status_code == 413
    assert "48 MB" in answer.json()["error"]["reason"]
    assert not intake.spool_of(source).exists()


def test_who_gets_in(region: Organisation) -> None:
    _source, token = connected(region)
    encoded = base64.b64encode(f"bron:{token}".encode()).decode()
    for right in (f"ApiKey {token}", f"ApiKey {encoded}", f"Basic {encoded}", f"Bearer {token}", f"bearer {token}"):
        assert Client().get("/ingest/elastic/", headers={"authorization": right}).status_code == 200, right
    for wrong in (
        "",
        token,
        "Bearer ",
        f"Bearer {token}x",
        "ApiKey !!",
        f"Basic {token}",
        "Bearer bwl_",
        "ApiKey w7w=",
    ):
        answer = Client().get("/ingest/elastic/", headers={"authorization": wrong})
        assert answer.status_code == 401, wrong
        assert answer.json()["error"]["type"] == "security_exception"


def test_a_token_that_was_renewed_or_ended_works_no_longer(region: Organisation) -> None:
    source, old = connected(region)
    with acting_system(region) as me:
        _source, new = logsources.renew_token(me, source.public_id)
    assert send(old, body(line("lsass.exe"))).status_code == 401
    assert send(new, body(line("lsass.exe"))).status_code == 200
    with acting_system(region) as me:
        logsources.end(me, source.public_id)
    assert send(new, body(line("lsass.exe"))).status_code == 401
    run_once(Clocks())
    assert fresh(source).events == 1  # what was acknowledged before it ended is processed


def test_a_full_spool_refuses_and_takes_again_when_there_is_room(region: Organisation, settings: Any) -> None:
    source, token = connected(region)
    settings.SPOOL_LIMIT = 3000
    many = body(*(line("lsass.exe", Nummer=n) for n in range(20)))
    assert send(token, many).status_code == 200
    views.intake._rooms.clear()  # a second later
    full = send(token, body(line("whoami.exe")))
    assert full.status_code == 429
    assert full["Retry-After"] == "30"
    assert "wacht te veel" in full.json()["error"]["reason"]
    run_once(Clocks())
    views.intake._rooms.clear()
    assert send(token, body(line("whoami.exe"))).status_code == 200
    run_once(Clocks())
    assert fresh(source).events == 21


def test_a_nearly_full_disk_refuses(region: Organisation, settings: Any) -> None:
    _source, token = connected(region)
    settings.DISK_RESERVE = 10**15
    full = send(token, body(line("whoami.exe")))
    assert full.status_code == 429
    assert "schijf" in full.json()["error"]["reason"]


def test_what_senders_ask_before_they_send(region: Organisation) -> None:
    _source, token = connected(region)
    ask = Client(headers={"authorization": f"ApiKey {token}"})
    assert ask.get("/ingest/elastic").json()["version"]["number"].startswith("8.")
    assert ask.head("/ingest/elastic/").status_code == 200
    assert ask.get("/ingest/elastic/_license").json()["license"]["status"] == "active"
    assert ask.head("/ingest/elastic/_index_template/filebeat").status_code == 200
    assert ask.put("/ingest/elastic/_ilm/policy/filebeat", b"{}").json() == {"acknowledged": True}
    assert ask.get("/ingest/elastic/_cluster/health").json()["status"] == "green"
    assert ask.get("/ingest/elastic/_search").status_code == 404
    assert ask.delete("/ingest/elastic/logs").status_code == 405
    assert ask.get(BULK).status_code == 405


def test_the_index_in_the_address_and_a_short_answer(region: Organisation) -> None:
    _source, token = connected(region)
    long = send(token, body(line("a.exe")), "/ingest/elastic/winlogbeat-8/_bulk").json()
    assert long["items"][0]["create"]["_index"] == "winlogbeat-8"
    short = send(token, body(line("a.exe")), f"{BULK}?filter_path=errors,items.*.error,items.*.status").json()
    assert short == {"errors": False, "items": [{"create": {"status": 201}}]}


def test_a_body_that_is_no_bulk_is_refused_whole(region: Organisation) -> None:
    source, token = connected(region)
    for data in (
        b"",
        b"\n\n",
        b'{"a": 1}\n',
        b'{"create": {}}\n',
        b'{"create": {}}\n\n',
        b"\xff\xfe",
        b'{"create": 1}\n{}\n',
    ):
        assert send(token, data).status_code == 400, data
    assert send(token, body(line("a.exe"))[:-20] + b"x", "/ingest/elastic/_bulk").json()["errors"] is True
    run_once(Clocks())
    assert fresh(source).events == 0


def test_other_organisations_stay_out_of_it(region: Organisation) -> None:
    other = organisation("VR15")
    ours, our_token = connected(region)
    theirs, their_token = connected(other)
    send(our_token, body(line("lsass.exe")))
    send(their_token, body(line("lsass.exe"), line("lsass.exe")))
    run_once(Clocks())
    assert (fresh(ours).events, fresh(theirs).events) == (1, 2)
    with every_owner():
        assert set(IngestFile.objects.values_list("source_id", "organisation__code")) == {
            (ours.pk, "VR17"),
            (theirs.pk, "VR15"),
        }
        assert LogSource.objects.count() == 2


PIECES = (
    b'{"create":{}}', b"{}", b"[]", b"", b"\xff", b'{"delete":{}}', b'{"index":{"_id":"\\ud800"}}',
    b'{"update":{"_id":1}}',
)  # fmt: skip


@given(st.binary(max_size=400) | st.lists(st.sampled_from(PIECES)).map(b"\n".join))
def test_any_bytes_are_understood_or_refused(data: bytes) -> None:
    try:
        found = parse(data)
    except (Unreadable, TooLarge):
        return
    assert found.items
    assert len(found.payloads) <= len(found.items)
    assert all(payload.identity for payload in found.payloads)
    assert views._told(found, brief=False)["errors"] is found.errors
