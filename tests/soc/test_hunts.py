"""Searching: who may, where, what is written about it, and what is left when a mandate ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Grant, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries
from brandwacht.soc.hunts import Query, title_of
from brandwacht.soc.models import HuntRun, HuntState, HuntTrace
from brandwacht.soc.services import hunting
from brandwacht.soc.store import layout, results
from brandwacht.soc.store.conditions import Line
from tests.soc.stored import event, keep
from tests.world import NOW, acting, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Committed = Callable[..., Any]


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def regions() -> tuple[Organisation, Organisation, Organisation]:
    """Two regions under the SOC's mandate and one that is not, each with one event about the same host."""
    soc = organisation("VR-SOC", "landelijk")
    found = tuple(organisation(code) for code in ("VR17", "VR18", "VR01"))
    for number, region in enumerate(found):
        keep(region.code, event(number, f"{region.code.lower()}.exe", host="WS1", User="VRR\\jan", SourceIp="10.0.0.5"))
        if number < 2:
            mandate(region, soc, GrantKind.SOC_MANDATE)
    return found  # type: ignore[return-value]


@pytest.fixture
def analyst(regions: Any) -> Iterator[Actor]:
    soc = organisation("VR-SOC", "landelijk")
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        yield me


def lines(*parts: tuple[str, str, str]) -> tuple[Line, ...]:
    return tuple(Line("en", *part) for part in parts)


HOST = Query(lines=lines(("host.name", "is", "ws1")))


def hunt(me: Actor, query: Query, *owners: Organisation, committed: Committed) -> HuntRun:
    """Start a search and let it end."""
    with committed(execute=True):
        run = hunting.start_hunt(me, query, [o.pk for o in owners], background=lambda work: work())
    run.refresh_from_db()
    return run


def chain(owner: Organisation) -> list[AuditEntry]:
    with every_owner():
        return list(AuditEntry.objects.filter(organisation=owner, action="soc.hunt").order_by("seq"))


def test_an_analyst_searches_exactly_the_organisations_under_mandate(
    analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    first, second, stranger = regions
    run = hunt(analyst, HOST, first, second, committed=django_capture_on_commit_callbacks)
    assert (run.state, run.found, run.rows, run.full, run.files) == (HuntState.DONE, 2, 2, False, 2)
    rows = json.dumps([row.values for row in queries.result_rows(analyst, run)])
    assert "vr17.exe" in rows
    assert "vr18.exe" in rows
    with pytest.raises(Denied):
        hunting.start_hunt(analyst, HOST, [first.pk, stranger.pk])
    assert {o.code for o in queries.searchable(analyst)} == {"VR17", "VR18", "VR-SOC"}


def test_every_owner_finds_who_when_and_how_many_but_not_the_question(
    analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    first, second, stranger = regions
    query = Query(lines=lines(("process.executable", "bevat", "vr17")))
    run = hunt(analyst, query, first, second, committed=django_capture_on_commit_callbacks)
    for region, hits in ((first, 1), (second, 0)):
        started, ended = chain(region)
        assert started.detail == {}
        assert started.actor_organisation == "VR-SOC"
        assert ended.detail == {"gezocht_door": analyst.name, "stand": "klaar", "treffers": hits}
        assert "vr17" not in json.dumps([started.detail, ended.detail])
        assert started.object_id == str(run.public_id)
    own = chain(organisation("VR-SOC"))
    assert own[0].detail["zoekvraag"] == title_of(query) == "process.executable bevat vr17"
    assert own[0].detail["in"] == ["VR17", "VR18"]
    assert not chain(stranger)


def test_a_pattern_over_organisations_does_not_name_the_others(
    analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    first, second, _stranger = regions
    hunt(analyst, HOST, first, second, committed=django_capture_on_commit_callbacks)
    ciso = person(first, Role.CISO)
    with acting(actor(ciso, first)) as me:
        (trace,) = queries.traces(me)
        assert (trace.hits, trace.elsewhere, trace.by) == (1, 1, analyst.name)
        assert not queries.hunt_runs(me)
    browser = Client()
    browser.force_login(ciso, backend=BACKEND)
    text = browser.get(reverse("soc:hunt")).content.decode()
    assert "ook bij 1 andere organisatie" in text
    assert "VR18" not in text


def test_an_ended_mandate_takes_the_result_along(
    analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    first, second, _stranger = regions
    run = hunt(analyst, HOST, first, second, committed=django_capture_on_commit_callbacks)
    with every_owner():
        Grant.objects.filter(organisation=second).update(ended_at=NOW)
    user = person(organisation("VR-SOC"), Role.SOC_ANALYST)
    with acting(actor(user, organisation("VR-SOC"), NOW + timedelta(seconds=1))) as later:
        for reading in (
            lambda: queries.result_rows(later, run),
            lambda: queries.result_row(later, run, 0),
            lambda: queries.all_rows(later, run),
        ):
            with pytest.raises(Refused, match="mandaat is geëindigd voor"):
                reading()
        with pytest.raises(Denied):
            hunting.start_hunt(later, HOST, [second.pk])
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    for name, args in (("hunt-run", []), ("hunt-row", [0]), ("hunt-export", ["csv"]), ("hunt-export", ["jsonl"])):
        answer = browser.get(reverse(f"soc:{name}", args=[run.public_id, *args]))
        assert "vr17.exe" not in answer.content.decode()
        assert "vr18.exe" not in answer.content.decode()


def test_sql_sees_only_the_chosen_organisations(
    analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    first, second, _stranger = regions
    sql = Query(sql="SELECT organisation, count(*) AS n FROM events GROUP BY ALL ORDER BY 1")
    run = hunt(analyst, sql, first, second, committed=django_capture_on_commit_callbacks)
    assert [row.values for row in queries.result_rows(analyst, run)] == [["VR17", 1], ["VR18", 1]]
    with every_owner():
        assert set(HuntTrace.objects.values_list("hits", flat=True)) == {None}
    run = hunt(analyst, sql, first, committed=django_capture_on_commit_callbacks)
    assert [row.values for row in queries.result_rows(analyst, run)] == [["VR17", 1]]
    with every_owner():
        assert HuntTrace.objects.get(run_ref=run.public_id).hits == 1


def test_wrong_sql_says_what_is_wrong(
    analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    run = hunt(analyst, Query(sql="SELECT * FROM andere"), regions[0], committed=django_capture_on_commit_callbacks)
    assert run.state == HuntState.FAILED
    assert run.reason == "De tabel andere bestaat hier niet. Gebruik de tabel events."
    run = hunt(analyst, Query(sql="SELEC 1"), regions[0], committed=django_capture_on_commit_callbacks)
    assert run.reason.startswith("De opdracht klopt niet. DuckDB zegt:")
    assert str(layout.root()) not in run.reason


def test_nothing_starts_when_the_transaction_fails(analyst: Actor, regions: Any) -> None:
    started: list[Any] = []
    with pytest.raises(RuntimeError), transaction.atomic():
        hunting.start_hunt(analyst, HOST, [regions[0].pk], background=started.append)
        raise RuntimeError
    assert not started
    with every_owner():
        assert not HuntRun.objects.exists()


def test_a_person_has_two_searches_at_a_time(analyst: Actor, regions: Any) -> None:
    for _n in range(hunting.OF_ONE):
        hunting.start_hunt(analyst, HOST, [regions[0].pk])
    with pytest.raises(Refused, match="al twee zoekopdrachten"):
        hunting.start_hunt(analyst, HOST, [regions[0].pk])


def test_the_installation_has_room_for_some(analyst: Actor, regions: Any) -> None:
    for _n in range(hunting.AT_ONCE):
        run = HuntRun()
        folder = results.folder_of(run.public_id)
        folder.mkdir(parents=True)
        results.note(folder, results.Standing(at=NOW.timestamp()))
    with pytest.raises(Refused, match="te veel zoekopdrachten"):
        hunting.start_hunt(analyst, HOST, [regions[0].pk])


def test_the_worker_settles_what_was_interrupted(analyst: Actor, regions: Any) -> None:
    """The web process was stopped in the middle of a search: its run does not stay running for ever."""
    run = hunting.start_hunt(analyst, HOST, [regions[0].pk])
    folder = results.folder_of(run.public_id)
    folder.mkdir(parents=True)
    results.note(folder, results.Standing(at=NOW.timestamp(), found=1))
    assert hunting.settle_all(NOW + timedelta(seconds=20)) == ""
    assert hunting.settle_all(NOW + timedelta(minutes=2)) == "1 zoekopdracht(en) afgerond"
    run.refresh_from_db()
    assert (run.state, "onderbroken" in run.reason) == (HuntState.FAILED, True)
    assert hunting.settle(run.public_id, NOW + timedelta(minutes=3))
    assert len(chain(regions[0])) == 2


def test_a_damaged_file_is_set_aside_and_said(
    analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    (partition,) = layout.partitions("VR17")
    (path,) = layout.live_files(partition.folder)
    path.write_bytes(b"PAR1" + bytes(50))
    run = hunt(analyst, HOST, *regions[:2], committed=django_capture_on_commit_callbacks)
    assert (run.state, run.found, run.damaged) == (HuntState.DONE, 1, 1)
    assert layout.damaged_files(partition.folder)


def test_saved_searches_can_be_changed_and_removed(analyst: Actor) -> None:
    saved = hunting.save_hunt(analyst, HOST, "  Machine   WS1 ")
    assert saved.name == "Machine WS1"
    with pytest.raises(Refused, match="al een zoekopdracht"):
        hunting.save_hunt(analyst, HOST, "Machine WS1")
    with pytest.raises(Refused, match="naam"):
        hunting.save_hunt(analyst, HOST, "  ")
    hunting.save_hunt(analyst, Query(sql="SELECT 1"), "Anders", saved.public_id)
    assert Query.from_json(queries.saved_hunt(analyst, saved.public_id).query).sql == "SELECT 1"
    assert hunting.remove_saved(analyst, saved.public_id) == "Anders"
    with pytest.raises(NotFound):
        queries.saved_hunt(analyst, saved.public_id)


@pytest.mark.parametrize("column", ["k0", "-k1", "k99", "kx", "-", "k-1", "k١"])
def test_a_result_sorts_by_any_column(
    column: str, analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed
) -> None:
    run = hunt(analyst, HOST, *regions[:2], committed=django_capture_on_commit_callbacks)
    rows = queries.result_rows(analyst, run, sort=column)
    assert {row.number for row in rows} == {0, 1}


def test_results_go_after_a_week(analyst: Actor, regions: Any, django_capture_on_commit_callbacks: Committed) -> None:
    run = hunt(analyst, HOST, regions[0], committed=django_capture_on_commit_callbacks)
    assert results.forget_old(timezone.now()) == 0
    assert results.forget_old(timezone.now() + timedelta(days=8)) == 1
    assert queries.hunt_standing(run, NOW) is None
    assert not queries.result_rows(analyst, run)


def test_the_pages_from_question_to_export(
    regions: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Committed,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    """Without JavaScript: ask, look at the table and timeline, open a row, take it along, keep the question."""
    monkeypatch.setattr(hunting.start_hunt, "__kwdefaults__", {"saved": None, "background": lambda work: work()})
    first = regions[0]
    now = timezone.now()
    keep("VR17", event(5, "=cmd|'/c calc'!A1", host="WS9", at=now), batch="nu", received=now)
    browser = Client()
    browser.force_login(person(first, Role.CISO), backend=BACKEND)
    asked = {"wijze": "velden", "periode": "week", "f0": "host.name", "o0": "is", "v0": "WS9"}
    more = browser.post(reverse("soc:hunt"), asked | {"meer": "1"}).content.decode()
    assert 'name="v5"' in more
    assert 'value="WS9"' in more
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("soc:hunt"), asked)
    assert answer.status_code == 302
    cache.clear()
    with django_assert_max_num_queries(15):
        page = browser.get(answer["Location"]).content.decode()
    assert "1 gevonden" in page
    assert "<rect" in page
    assert "Dezelfde gegevens als tabel" in page
    with every_owner():
        run = HuntRun.objects.get()
    row = browser.get(reverse("soc:hunt-row", args=[run.public_id, 0])).content.decode()
    assert "Hele gebeurtenis" in row
    assert "Zoek alles met Computer WS9" in row
    assert browser.get(reverse("soc:hunt-row", args=[run.public_id, 7])).status_code == 404
    table = browser.get(reverse("soc:hunt-export", args=[run.public_id, "csv"])).content.decode("utf-8-sig")
    assert "C:\\Windows\\=cmd" in table
    exported = b"".join(browser.get(reverse("soc:hunt-export", args=[run.public_id, "jsonl"])))  # type: ignore[arg-type]
    assert json.loads(exported)["host"] == "WS9"
    assert browser.get(reverse("soc:hunt-export", args=[run.public_id, "exe"])).status_code == 404
    kept = browser.post(reverse("soc:hunt-save", args=[run.public_id]), {"naam": "Machine WS9"})
    assert kept.status_code == 302
    with django_assert_max_num_queries(15):
        again = browser.get(reverse("soc:hunt")).content.decode()
    assert "Machine WS9" in again
    assert browser.get(f"{reverse('soc:hunt')}?uit={run.public_id}").content.decode().count('value="WS9"') == 1


def test_the_page_of_a_running_search_polls_and_can_be_stopped(regions: Any) -> None:
    first = regions[0]
    user = person(first, Role.CISO)
    with acting(actor(user, first, timezone.now())) as me:
        run = hunting.start_hunt(me, HOST, [first.pk])
    folder = results.folder_of(run.public_id)
    folder.mkdir(parents=True)
    results.note(folder, results.Standing(at=timezone.now().timestamp(), done=3, total=9, found=4))
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    page = browser.get(reverse("soc:hunt-run", args=[run.public_id])).content.decode()
    assert "3 van 9 bestanden doorzocht" in page
    assert 'http-equiv="refresh"' in page
    assert "Stop met zoeken" in page
    part = browser.get(reverse("soc:hunt-standing", args=[run.public_id]))
    assert "Tot nu toe 4 keer gevonden" in part.content.decode()
    assert "HX-Refresh" not in part
    assert browser.post(reverse("soc:hunt-stop", args=[run.public_id])).status_code == 302
    assert results.is_asked_to_stop(folder)
    with every_owner():
        HuntRun.objects.update(state=HuntState.STOPPED)
    assert browser.get(reverse("soc:hunt-standing", args=[run.public_id]))["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"f0": "source.ip", "o0": "groter", "v0": "1"}, "Regel 1: deze vergelijking past niet"),
        ({"f0": "source.ip", "o0": "netwerk", "v0": "overal"}, "schrijf een netwerk als"),
        ({"f0": "event.code", "o0": "is", "v0": "vier"}, "schrijf een heel getal"),
        ({"f0": "host.name", "o0": "patroon", "v0": "(["}, "dit patroon klopt niet"),
        ({"f0": "host.name", "o0": "patroon", "v0": "(?=a)"}, "vooruit- en terugkijken"),
        ({"f0": "@timestamp", "o0": "groter", "v0": "gisteren"}, "schrijf een moment als"),
        ({"periode": "eigen"}, "Vul bij een eigen periode"),
        ({"periode": "eigen", "van": "2026-11-22T10:00", "tot": "2026-11-21T10:00"}, "ligt na het eind"),
        ({"wijze": "sql", "sql": ""}, "Opdracht in SQL"),
        ({"periode": "altijd"}, "Periode"),
    ],
)
def test_a_question_that_cannot_be_used_names_the_place(data: dict[str, str], said: str, regions: Any) -> None:
    browser = Client()
    browser.force_login(person(regions[0], Role.CISO), backend=BACKEND)
    answer = browser.post(reverse("soc:hunt"), {"wijze": "velden", "periode": "week"} | data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with every_owner():
        assert not HuntRun.objects.exists()


def test_without_any_log_the_page_says_how_logs_get_there() -> None:
    browser = Client()
    browser.force_login(person(organisation("VR09"), Role.CISO), backend=BACKEND)
    text = browser.get(reverse("soc:hunt")).content.decode()
    assert "Nog geen logs om in te zoeken" in text
    assert reverse("soc:sources") in text


def test_the_api_starts_follows_and_reads(
    regions: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Committed
) -> None:
    monkeypatch.setattr(hunting.start_hunt, "__kwdefaults__", {"saved": None, "background": lambda work: work()})
    now = timezone.now()
    keep("VR17", event(6, "api.exe", host="WS8", at=now), batch="nu", received=now)
    browser = Client()
    browser.force_login(person(regions[0], Role.CISO), backend=BACKEND)

    def send(body: dict[str, Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post("/api/v1/hunts", json.dumps(body), content_type="application/json")

    line = {"field": "host.name", "operator": "is", "value": "ws8"}
    made = send({"organisations": ["VR17"], "lines": [line]})
    assert made.status_code == 201, made.content
    run = browser.get(f"/api/v1/hunts/{made.json()['id']}").json()
    assert (run["state"], run["found"], run["filesDone"]) == ("klaar", 1, run["files"])
    rows = browser.get(f"/api/v1/hunts/{run['id']}/rows").json()
    assert dict(zip(rows["columns"], rows["rows"][0], strict=True))["host"] == "WS8"
    assert rows["next"] is None
    assert send({"organisations": ["VR18"], "lines": [line]}).status_code == 400
    assert send({"organisations": ["VR17"], "lines": [line | {"operator": "raar"}]}).status_code == 400
    assert send({"organisations": [], "sql": "SELECT 1"}).status_code == 400
