"""The pages: what they show to whom, what a button does, and how many queries they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from brandwacht.network.models import Node, Organisation, User
from brandwacht.network.paging import chosen_order
from brandwacht.network.panels import Panel, PanelContent, _panels, register_panel
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import Alert, AlertState, IngestFile, IngestState, SigmaRule
from brandwacht.soc.services import inbox
from tests.soc.conftest import line, minutes
from tests.world import NOW, asset, organisation, person

pytestmark = pytest.mark.django_db

BUDGET = 15


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def ciso(region: Organisation) -> Client:
    return log_in(person(region, Role.CISO, name="Noor de Wit"))


@pytest.fixture
def analyst(soc: Organisation, region: Organisation) -> Client:
    return log_in(person(soc, Role.SOC_ANALYST, name="Sem Bakker"))


@pytest.fixture
def alert(region: Organisation, read: Callable[..., Any]) -> Alert:
    asset(region, "DC01")
    read(
        region,
        line("powershell.exe", at=minutes(20), CommandLine="<script>alert(1)</script>"),
        *(line("lsass.exe", at=minutes(19 - n)) for n in range(3)),
        line("whoami.exe", "PC7", at=minutes(5)),
    )
    with every_owner():
        found: Alert = Alert.objects.get(asset__name="DC01")
    return found


def page(client: Client, name: str, *args: Any, status: int = 200, **query: str) -> str:
    response = client.get(reverse(f"soc:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, name: str, alert: Alert, **data: str) -> Any:
    return client.post(reverse(f"soc:{name}", args=[alert.public_id]), data, follow=True)


def test_the_queue_shows_medium_and_higher(ciso: Client, alert: Alert) -> None:
    text = page(ciso, "list")
    assert "Er wacht 1 melding op u:" in text
    assert alert.title in text
    assert "PC7" not in text
    assert f'<span class="bw-soft bw-small">{alert.organisation.name}</span>' not in text
    assert "PC7" in page(ciso, "list", ernst="0")
    assert 'bw-count" title="1 meldingen wachten">1<' in text


def listed(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("soc:list"), query)
    assert response.status_code == 200
    return [alert.asset.name for alert in response.context["alerts"]]


def test_filters(ciso: Client, analyst: Client, alert: Alert) -> None:
    assert listed(ciso, ernst="4") == []
    assert listed(ciso, stand="gesloten") == []
    assert listed(ciso, stand="alle", techniek="t1003") == ["DC01"]
    assert listed(ciso, techniek="T1003.001", waar="dc0") == ["DC01"]
    assert listed(ciso, techniek="onzin", ernst="99", sort="'", after="x") == ["DC01"]
    assert listed(ciso, waar="elders") == []
    assert "Geen meldingen die hierbij passen" in page(ciso, "list", techniek="T1190")
    assert listed(analyst, organisatie="VR17") == ["DC01"]
    assert listed(analyst, organisatie="VR-SOC") == []


def test_an_empty_queue_says_what_to_do(region: Organisation, ciso: Client, read: Callable[..., Any]) -> None:
    assert "Lees een logbestand in" in page(ciso, "list")
    read(region, line("notepad.exe"))
    assert "Niets wacht op u" in page(ciso, "list")


@pytest.mark.parametrize("sort", ["", "ernst", "-ernst", "gezien", "-gezien", "onzin"])
def test_paging_shows_every_alert_once(region: Organisation, ciso: Client, sort: str) -> None:
    with every_owner():
        node = Node(organisation=region, key="x", name="X", kind="middel")
        node.save()
        states = [(True, True, "nieuw"), (True, False, "bevestigd"), (False, False, "gesloten")]
        Alert.objects.bulk_create(
            [
                Alert(
                    organisation=region, asset=node, title=f"M{n:03d}", severity=2 + n % 3, first_seen=NOW,
                    last_seen=NOW - timedelta(minutes=n % 7), opened_at=NOW,
                    **dict(zip(("open", "waiting", "state"), states[n % 3], strict=True)),
                )
                for n in range(120)
            ]
        )  # fmt: skip
    shown: list[str] = []
    query = {"stand": "alle", "sort": sort}
    for _page in range(3):
        response = ciso.get(reverse("soc:list"), query)
        shown += [a.title for a in response.context["alerts"]]
        address = response.context["next_url"]
        query |= {"after": address.rpartition("after=")[2]}
    assert address == ""
    assert len(shown) == len(set(shown)) == 120
    with every_owner():
        assert shown == list(Alert.objects.order_by(*chosen_order(queries.SORTS, sort)).values_list("title", flat=True))


def test_the_analyst_sees_the_organisation_and_the_owner_reads_that(
    region: Organisation, analyst: Client, alert: Alert
) -> None:
    text = page(analyst, "list")
    assert f'<span class="bw-soft bw-small">{region.name}</span>' in text
    page(analyst, "detail", alert.public_id)
    from brandwacht.network.models import AuditEntry

    with every_owner():
        used = AuditEntry.objects.filter(organisation=region, result="ingezien", action="soc.alert.see")
        assert set(used.values_list("object_type", flat=True)) == {"lijst", "soc.Alert"}


def test_the_alert_tells_its_story(ciso: Client, alert: Alert) -> None:
    text = page(ciso, "detail", alert.public_id)
    assert "Waarom dit telt" in text
    assert "Wachtwoorden uit het geheugen van LSASS lezen" in text
    assert "3 keer achter elkaar" in text
    assert "Ga ervan uit dat alle wachtwoorden van accounts die op DC01" in text
    assert "C:\\Windows\\lsass.exe" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert(1)" not in text
    assert "PowerShell gestart" in text
    assert "Volgens de risicokaart hangt er geen proces af van DC01" in text


def test_the_alert_says_which_processes_depend_on_it(
    region: Organisation, ciso: Client, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brandwacht.riskmap.queries import Exposed, Process

    row = asset(region, "Alarmering", kind="proces", vital=True)
    process = Process(row.public_id, row.key, row.name)
    exposed = Exposed(process, 240, ["DC01", "Koppeling", "Alarmering"], True, None)
    monkeypatch.setattr("brandwacht.soc.views.alerts.exposed_processes", lambda actor, node: [exposed])
    text = page(ciso, "detail", alert.public_id)
    assert "vitale processen" in text
    assert "na 4 uur" in text
    assert "niet, het hapert" in text
    assert "DC01 → Koppeling → Alarmering" in text


def test_earlier_decisions_stand_beside_the_alert(
    region: Organisation, ciso: Client, alert: Alert, read: Callable[..., Any]
) -> None:
    post(ciso, "known", alert, reason="Onderhoud door ICT", seen="nieuw")
    read(region, line("lsass.exe", at=minutes(1)))
    with every_owner():
        fresh = Alert.objects.get(asset__name="DC01", state="nieuw")
    assert "Onderhoud door ICT" in page(ciso, "detail", fresh.public_id)


def test_buttons(ciso: Client, alert: Alert) -> None:
    assert "De melding wacht niet meer" in post(ciso, "acknowledge", alert, seen="nieuw").content.decode()
    alert.refresh_from_db()
    assert alert.state == AlertState.ACKNOWLEDGED
    late = post(ciso, "close", alert, seen="nieuw", reason="klaar", disposition="echt").content.decode()
    assert "Een collega was u voor: Noor de Wit" in late
    assert (
        "De melding is gesloten"
        in post(ciso, "close", alert, seen="bevestigd", reason="klaar", disposition="echt").content.decode()
    )
    text = page(ciso, "detail", alert.public_id)
    assert "Zet terug in de wachtrij" in text
    assert "Bekend gedrag…" not in text
    assert "weer in de wachtrij" in post(ciso, "reopen", alert, seen="gesloten").content.decode()


def test_a_reason_that_is_missing_is_asked_on_the_page(ciso: Client, alert: Alert) -> None:
    response = post(ciso, "known", alert, seen="nieuw", reason=" ")
    assert response.status_code == 422
    text = response.content.decode()
    assert "Schrijf op waarom dit bekend gedrag is." in text
    assert 'Waarom <span class="bw-field__optional">' not in text
    assert text.count('<details class="bw-confirm" id="bekend" open>') == 1


def test_get_changes_nothing(ciso: Client, alert: Alert) -> None:
    for name in ("acknowledge", "known", "close", "reopen"):
        assert ciso.get(reverse(f"soc:{name}", args=[alert.public_id])).status_code == 405


def test_colleague_and_stranger(region: Organisation, alert: Alert) -> None:
    board = log_in(person(region, Role.BOARD))
    stranger = log_in(person(organisation("VR15"), Role.CISO))
    for name in ("list", "sources", "rules"):
        page(board, name, status=403)
    for client in (board, stranger):
        page(client, "detail", alert.public_id, status=404)
        assert client.post(reverse("soc:acknowledge", args=[alert.public_id])).status_code == 404
    assert listed(stranger, stand="alle") == []


@pytest.fixture
def panel() -> Iterator[None]:
    content = PanelContent("soc/_newer.html", {"text": "Uit een andere ruimte."})
    before = list(_panels["soc.Alert"])
    for place in ("verhaal", "feiten", "knoppen"):
        register_panel("soc.Alert", Panel(f"test.{place}", 1, lambda actor, thing: content, place))
    yield
    _panels["soc.Alert"][:] = before


def test_panels_of_rooms_above_are_shown(ciso: Client, alert: Alert, panel: None) -> None:
    assert page(ciso, "detail", alert.public_id).count("Uit een andere ruimte.") == 3


def test_newer(ciso: Client, alert: Alert) -> None:
    assert "1 nieuwe melding." in page(ciso, "newer", sinds=(NOW - timedelta(minutes=1)).isoformat())
    assert page(ciso, "newer", sinds=NOW.isoformat()).strip() == ""
    assert page(ciso, "newer", sinds="onzin").strip() == ""


def test_rules_page(soc: Organisation, ciso: Client, analyst: Client) -> None:
    assert "Uw organisatie heeft geen eigen regels" in page(ciso, "rules")
    assert "4 regels bewaken uw organisatie" in page(ciso, "rules")
    assert "Schaduwkopie weg" not in page(ciso, "rules")
    assert "Schaduwkopie weg" in page(analyst, "rules", ernst="4", techniek="T1490", tekst="schaduw")
    assert "Geen regels die hierbij passen" in page(analyst, "rules", stand="onbruikbaar")
    with every_owner():
        rule = SigmaRule.objects.get(title="Wie ben ik")
    address = reverse("soc:rule-switch", args=[rule.public_id])
    assert "Schrijf op waarom" in analyst.post(address, {"aan": "0"}).content.decode()
    off = analyst.post(address, {"aan": "0", "reason": "Te veel ruis"}, follow=True).content.decode()
    assert "is uitgezet" in off
    assert "Te veel ruis" in off
    assert "Wie ben ik" in page(analyst, "rules", stand="uit")
    assert ciso.post(address, {"aan": "1"}).status_code == 404


@pytest.fixture
def in_data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "inbox"


def upload(client: Client, content: bytes, code: str = "VR17", name: str = "log.jsonl") -> Any:
    data = {"organisation": code, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("soc:sources"), data, follow=True)


def test_offer_a_file_and_let_the_worker_read_it(region: Organisation, analyst: Client, in_data: Path) -> None:
    content = (line("lsass.exe") + "\nkapot\n").encode()
    text = upload(analyst, content, name="../../etc/mijn log?.jsonl").content.decode()
    assert "wordt nu gelezen" in text
    with every_owner():
        ledger = IngestFile.objects.get()
    assert (ledger.organisation, ledger.name, ledger.offered_by) == (region, "mijn_log.jsonl", "Sem Bakker")
    assert [p.relative_to(in_data).as_posix() for p in in_data.rglob("*.jsonl")] == [
        f"{ledger.public_id}/mijn_log.jsonl"
    ]
    assert "every 2s" in page(analyst, "source-row", ledger.public_id)

    result = services.read_offered("VR17", str(ledger.public_id), lambda: NOW)
    assert result is not None
    assert (result.events, result.matched, result.bad_records) == (1, 1, 1)
    assert list(in_data.iterdir()) == []
    assert "every 2s" not in page(analyst, "source-row", ledger.public_id)
    assert "geen geldige JSON" in page(analyst, "source", ledger.public_id)
    again = upload(analyst, content)
    assert again.status_code == 422
    assert "al gelezen" in again.content.decode()
    assert list(in_data.iterdir()) == []
    assert services.read_offered("VR17", str(ledger.public_id), lambda: NOW) is None


def test_what_may_not_be_offered(
    region: Organisation, analyst: Client, ciso: Client, in_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert upload(analyst, b"{}", code="VR15").status_code == 422
    assert upload(ciso, b"{}", code="VR-SOC").status_code == 422
    assert upload(ciso, b"").status_code == 422
    monkeypatch.setattr("brandwacht.soc.forms.alerts.MAX_SIZE", 10)
    assert "groter dan 50 MB" in upload(ciso, b"x" * 11).content.decode()
    monkeypatch.setattr("brandwacht.soc.forms.alerts.MAX_SIZE", 100)
    monkeypatch.setattr(inbox, "MAX_SIZE", 10)
    assert "groter dan 50 MB" in upload(ciso, b"x" * 11).content.decode()
    assert list(in_data.glob("*")) == []
    with every_owner():
        assert not IngestFile.objects.exists()


def test_a_file_whose_worker_died_is_offered_again(region: Organisation, ciso: Client, in_data: Path) -> None:
    upload(ciso, line("lsass.exe").encode())
    assert inbox.offer_again(NOW) == ""
    later = NOW + timedelta(minutes=6)
    assert inbox.offer_again(later) == "1 bestand(en) opnieuw aangeboden"
    assert inbox.offer_again(later) == ""
    from django_tasks_db.models import DBTaskResult

    assert DBTaskResult.objects.count() == 2


def test_the_ledger_shows_what_is_broken(region: Organisation, ciso: Client, read: Callable[..., Any]) -> None:
    assert "Nog geen logbestanden" in page(ciso, "sources")
    read(region, "kapot", "kapot")
    text = page(ciso, "sources")
    assert "Onleesbaar" in text
    assert "geen enkele leesbare gebeurtenis" in text
    with every_owner():
        assert IngestFile.objects.get().state == IngestState.BROKEN


def test_the_keys_for_an_incident_and_a_hand_over(ciso: Client, alert: Alert) -> None:
    text = page(ciso, "detail", alert.public_id)
    for mark in ('id="incident" data-bw-key="i"', 'data-bw-key="d"><a', "<kbd>i</kbd>", "<kbd>d</kbd>"):
        assert mark in text


def test_query_budget(ciso: Client, analyst: Client, alert: Alert, django_assert_max_num_queries: Any) -> None:
    with every_owner():
        file = IngestFile.objects.get()
    for client in (ciso, analyst):
        for name, args in (
            ("list", []), ("detail", [alert.public_id]), ("rules", []), ("sources", []), ("source", [file.public_id]),
            ("newer", []), ("source-row", [file.public_id]),
        ):  # fmt: skip
            page(client, name, *args)  # the use of a mandate is written once in ten minutes
            with django_assert_max_num_queries(BUDGET):
                page(client, name, *args)


def test_what_else_goes_on_at_the_organisation(
    region: Organisation, ciso: Client, read: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    warning = "Let op: binnen 48 uur"
    read(region, line("vssadmin.exe", "DC02", at=minutes(10)))
    with every_owner():
        critical = Alert.objects.get(asset__name="DC02")
    alone = page(ciso, "detail", critical.public_id)
    assert "Andere meldingen bij deze organisatie" not in alone
    assert warning not in alone

    read(
        region,
        line("lsass.exe", "PC1", at=minutes(30)),
        line("lsass.exe", "PC2", at=minutes(60 * 60)),
        line("lsass.exe", "PC3", at=minutes(40)),
    )
    with every_owner():
        near, far, done = (Alert.objects.get(asset__name=name) for name in ("PC1", "PC2", "PC3"))
    post(ciso, "close", done, reason="Was een proef", disposition="vals")
    page(ciso, "detail", critical.public_id)
    with django_assert_max_num_queries(BUDGET):
        text = page(ciso, "detail", critical.public_id)
    assert "Andere meldingen bij deze organisatie" in text
    assert reverse("soc:detail", args=[near.public_id]) in text
    assert warning in text
    for other in (far, done):
        assert reverse("soc:detail", args=[other.public_id]) not in text
    assert warning not in page(ciso, "detail", near.public_id), "not critical"


def test_the_story_says_who_and_from_where(region: Organisation, ciso: Client, read: Callable[..., Any]) -> None:
    read(
        region,
        line("lsass.exe", at=minutes(3), User="VR17\\beheer1", IpAddress="10.1.2.3", SubjectUserName="-"),
        line("lsass.exe", at=minutes(2), User="VR17\\beheer2", IpAddress="10.1.2.3", CommandLine="lees <alles>"),
    )
    with every_owner():
        seen = Alert.objects.get()
    text = page(ciso, "detail", seen.public_id)
    assert "<dt>Account</dt><dd><code>VR17\\beheer1, VR17\\beheer2</code></dd>" in text
    assert "<dt>Vanaf adres</dt><dd><code>10.1.2.3</code></dd>" in text
    assert "<dt>Opdracht</dt><dd><code>lees &lt;alles&gt;</code></dd>" in text
    assert "Uitgevoerd door account" not in text
    assert "<dt>Programma</dt>" not in text, "the rule already shows it"
