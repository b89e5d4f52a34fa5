"""Couplings: who sets them, what is never told, whose turn it is, and answers that are nonsense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.couplings import asking, misp, taxii
from brandwacht.sharing.couplings.asking import Peer, Trouble, pause
from brandwacht.sharing.models import Coupling, CouplingState
from brandwacht.sharing.services import coupling_care, coupling_runs, couplings
from brandwacht.sharing.services.coupling_pulls import follow
from brandwacht.sharing.services.couplings import Setting
from brandwacht.sharing.tasks import couplings as tasks_couplings
from tests.sharing.conftest import Persona
from tests.sharing.couplings import Watch, changed, fresh, made, run, started
from tests.sharing.members import Members, members
from tests.world import NOW, acting

SECRET = "zo-geheim-als-wat"
NOWHERE = "http://127.0.0.1:1/taxii2/"
Browse = Callable[[Persona | None], Client]


@pytest.fixture
def circle(db: None) -> Members:
    return members("een", "twee")


def test_the_secret_stands_nowhere(circle: Members, browse: Browse, caplog: pytest.LogCaptureFixture) -> None:
    row = made(circle.writer, circle.owner, NOWHERE, login="brandwacht")
    browser = browse(circle.writer)
    pages = [browser.get(reverse(f"sharing:{name}", args=args)) for name, args in (
        ("couplings", []), ("coupling", [row.public_id]), ("coupling-edit", [row.public_id]))]  # fmt: skip
    coupling_runs.probe(row.organisation.code, str(row.public_id), Watch())
    pages.append(browser.get(reverse("sharing:coupling", args=[row.public_id])))
    for answer in pages:
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
    with every_owner():
        stored = Coupling.objects.filter(pk=row.pk).values().get()
        chain = list(AuditEntry.objects.filter(action__startswith="sharing.coupling").values_list("detail", flat=True))
    assert chain
    assert SECRET not in str(stored) + str(chain) + caplog.text + repr(Peer("x", "y", SECRET))


def test_who_may_do_what(circle: Members) -> None:
    row = made(circle.writer, circle.owner, NOWHERE)
    with acting(circle["een"].actor) as me:
        with pytest.raises(NotFound):
            couplings.pause(me, row.public_id)
        with pytest.raises(Denied):
            couplings.make(me, circle.owner, "taxii", "halen", Setting("x", NOWHERE))
    with acting(circle.writer.actor) as me, pytest.raises(Refused, match="Kies eerst een verzameling"):
        couplings.start(me, row.public_id)
    circle.sign("een")
    mine = made(circle["twee"], circle["twee"].at, "http://127.0.0.1:1/", "misp-feed")
    with acting(circle["twee"].actor) as me, pytest.raises(Refused, match="spelregels"):
        couplings.start(me, mine.public_id)


def test_what_is_set_wrong_is_told_at_its_field(circle: Members) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"name": " "}, "name"), ({"address": "http://elders.example/"}, "address"),
        ({"highest_tlp": "RED"}, "highest_tlp"), ({"party": "x"}, "party"), ({"collection": "http://x/"}, "collection"),
        ({"secret": "a\nb"}, "secret"), ({"group": "x"}, "group"), ({"login": "a\rb"}, "login"),
    ]  # fmt: skip
    for facts, field in wrong:
        with pytest.raises(Refused) as caught:
            made(circle.writer, circle.owner, **({"address": NOWHERE} | facts))
        assert caught.value.field == field, facts
    with pytest.raises(Refused, match="Halen"):
        made(circle.writer, circle.owner, NOWHERE, "misp-feed", "brengen")
    with pytest.raises(Refused, match="sleutel"):
        made(circle.writer, circle.owner, "http://127.0.0.1:1", "misp", secret="")
    for bad in ({"trust": 101}, {"every": 1}, {"distribution": 9}):
        with pytest.raises(Refused):
            made(circle.writer, circle.owner, NOWHERE, **bad)
    row = made(circle.writer, circle.owner, NOWHERE)
    with pytest.raises(Refused, match="andere server"):
        changed(circle.writer, row, address="https://elders.example/")


def test_another_place_starts_again_and_an_end_forgets_the_secret(circle: Members) -> None:
    row = made(circle.writer, circle.owner, NOWHERE)
    with every_owner():
        Coupling.objects.filter(pk=row.pk).update(position={"added_after": "x"})
    assert changed(circle.writer, fresh(row), trust=20).position == {"added_after": "x"}
    assert changed(circle.writer, fresh(row), address=NOWHERE + "x/").position == {}
    with acting(circle.writer.actor) as me:
        ended = couplings.end(me, row.public_id)
        assert (ended.secret, ended.login, ended.state) == ("", "", CouplingState.ENDED)
        with pytest.raises(Denied):
            couplings.start(me, row.public_id)


def test_each_is_offered_once_and_none_waits_for_a_broken_one(circle: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[str] = []
    monkeypatch.setattr(
        type(tasks_couplings.run_coupling), "enqueue", lambda _task, _code, public_id: offered.append(public_id)
    )
    feeds = [made(circle.writer, circle.owner, "http://127.0.0.1:1/", "misp-feed") for _number in range(2)]
    rows = [started(circle.writer, each) for each in feeds]
    assert coupling_care.offer_due(NOW) == "2 koppelingen aan de beurt"
    assert coupling_care.offer_due(NOW) == ""
    assert sorted(offered) == sorted(str(row.public_id) for row in rows)
    monkeypatch.setattr(misp, "manifest", lambda *_args: 1 // 0)
    assert run(rows[0], Watch()) == "mislukt"
    assert "ZeroDivisionError" in fresh(rows[0]).last_error
    monkeypatch.setattr(misp, "manifest", lambda *_args: [])
    assert run(rows[1], Watch()) == "gelukt"
    assert coupling_care.offer_due(NOW + timedelta(hours=2)) == "2 koppelingen aan de beurt"


def test_a_run_stops_when_somebody_lets_it_stand_still(circle: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    row = made(circle.writer, circle.owner, NOWHERE)
    with every_owner():
        Coupling.objects.filter(pk=row.pk).update(place=f"{NOWHERE}collections/1/")
    started(circle.writer, row)

    def pauses(*_args: Any, **_kwargs: Any) -> Any:
        with acting(circle.writer.actor) as me:
            couplings.pause(me, row.public_id)
        return taxii.read_page(b'{"objects": []}', {}, "x")

    monkeypatch.setattr(taxii, "page", pauses)
    assert run(row, Watch()) == "gestopt"
    held = fresh(row)
    assert (held.state, held.next_at, held.last_good_at) == (CouplingState.PAUSED, None, None)
    assert run(row, Watch()) == "niet nodig"


def test_the_pages_from_new_to_end(circle: Members, browse: Browse) -> None:
    browser = browse(circle.writer)
    assert "Er zijn nog geen koppelingen" in browser.get(reverse("sharing:couplings")).content.decode()
    chosen = {"owner": str(circle.owner.public_id), "kind": "misp", "direction": "brengen"}
    form = browser.get(reverse("sharing:coupling-new"), chosen).content.decode()
    assert "Deelgroep" not in form
    assert "Wie ziet het op die MISP-server?" in form
    data = chosen | {
        "name": "NCSC", "address": "http://misp.example", "secret": "x", "party": "ander", "highest_tlp": "GREEN",
        "distribution": "0", "every": "60",
    }  # fmt: skip
    refused = browser.post(reverse("sharing:coupling-new"), data)
    assert refused.status_code == 422
    assert "Zonder https kan iedereen" in refused.content.decode()
    answer = browser.post(reverse("sharing:coupling-new"), data | {"address": "http://127.0.0.1:1"})
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert "staat stil" in page
    with every_owner():
        row = Coupling.objects.get()
    for name, says in (
        ("probe", "wordt geprobeerd"), ("start", "loopt"), ("run", "begint nu"), ("pause", "staat stil"),
        ("end", "beëindigd"),
    ):  # fmt: skip
        done = browser.post(reverse(f"sharing:coupling-{name}", args=[row.public_id]), follow=True)
        assert says in done.content.decode(), name
    assert browser.get(reverse("sharing:coupling-edit", args=[row.public_id])).status_code == 403


# --- answers that are nonsense ---------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["objects", "more", "next", "id", "api_roots", "default", "collections", "response", "uuid",
                         "SharingGroup", "status", "failures", "success_count", "name", "title", "Event"]),
        inner, max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
ANSWERS = st.binary(max_size=40) | JSON.map(lambda thing: orjson.dumps(thing, default=str) if _fits(thing) else b"{")
READERS: list[Callable[[bytes], Any]] = [
    lambda data: taxii.read_page(data, {"X-TAXII-Date-Added-Last": data.decode("latin-1")}, "x"),
    lambda data: taxii.read_offered(data, "https://x/", "x"),
    lambda data: taxii.read_outcome(data, "x"),
    lambda data: misp.read_events(data, "x"),
    lambda data: misp.read_groups(data, "x"),
]


def _fits(thing: Any) -> bool:
    try:
        orjson.dumps(thing)
    except TypeError:
        return False
    return True


@given(ANSWERS)
@settings(max_examples=25, deadline=None)
def test_any_answer_is_read_or_told(data: bytes) -> None:
    for read in READERS:
        try:
            read(data)
        except Trouble as error:
            assert str(error)


@given(st.text(max_size=40) | st.integers().map(str) | st.datetimes().map(lambda at: f"{at:%a, %d %b %Y %H:%M:%S} GMT"))
@settings(max_examples=25, deadline=None)
def test_any_request_to_wait_is_bounded(text: str) -> None:
    assert asking.SOONEST <= pause(text, NOW) <= asking.LATEST


MOMENTS = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@given(st.booleans(), st.sampled_from(["", "a", "b"]), MOMENTS, MOMENTS, st.integers(0, 20))
@settings(max_examples=25, deadline=None)
def test_every_page_gets_further_or_is_told(
    more: bool, after: str, first: datetime | None, last: datetime | None, count: int
) -> None:
    """A page that leaves us where we were, with as much asked for, would go on for ever."""
    page = taxii.Envelope(b"", count, more, after, first, last)
    position = {"added_after": "2024-01-01T00:00:00.000000Z", "next": "a"}
    try:
        found = follow(position, page, 10)
    except Trouble:
        return
    assert found.done is not more
    assert found.done or found.limit > 10 or found.position != position
    assert found.position.get("added_after", "") >= position["added_after"]
