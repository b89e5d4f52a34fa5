"""Exceptions: proposed narrowly, approved by another, counted, ended at once; a second victim is never silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Action, ActionState, AuditEntry, Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, AlertException, CoveredMatch, ExceptionState, How, MatchedEvent, RuleDay
from brandwacht.soc.services.exception_cases import ExceptionDraft, ask_before_they_end
from brandwacht.soc.services.exceptions import compare, glob
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting, acting_system, actor, asset, organisation, person

pytestmark = pytest.mark.django_db

Reading = Callable[..., Any]
LSASS = "00000000-0000-4000-8000-000000000001"
DRAFT = ExceptionDraft("Geheugen gelezen", rule_id=LSASS, reason="Back-up", owner_name="K. Bakker")


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def noor(region: Organisation) -> User:
    return person(region, Role.CISO, name="Noor de Wit")


@pytest.fixture
def sem(soc: Organisation, region: Organisation) -> User:
    return person(soc, Role.SOC_ANALYST, name="Sem Bakker")


def working(region: Organisation, by: User, judge: User, at: Organisation, **facts: Any) -> AlertException:
    with acting(actor(by, region)) as me:
        row = services.propose(me, region.pk, replace(DRAFT, **facts))
    with acting(actor(judge, at)) as me:
        return services.approve(me, row.public_id)


def counts() -> tuple[int, int]:
    with every_owner():
        return Alert.objects.count(), MatchedEvent.objects.count()


def test_the_first_is_covered_and_the_second_victim_is_not(
    region: Organisation, soc: Organisation, read: Reading, noor: User, sem: User
) -> None:
    host = asset(region, "DC01")
    row = working(
        region, noor, sem, soc, asset=host.public_id, subject="veld", field="CommandLine", value="Backup.exe -q"
    )
    assert (row.state, row.alone, row.decided_by) == (ExceptionState.APPROVED, False, "Sem Bakker")
    read(
        region,
        line("lsass.exe", "dc01.vrr.example", at=minutes(9), CommandLine="backup.exe -q"),
        line("lsass.exe", "DC01", at=minutes(8), CommandLine="backup.exe -q"),
        line("lsass.exe", "PC2", at=minutes(7), CommandLine="backup.exe -q"),
        line("lsass.exe", "DC01", at=minutes(6), CommandLine="steel.exe"),
        line("powershell.exe", "DC01", at=minutes(5), CommandLine="backup.exe -q"),
    )
    with every_owner():
        found = {a.asset.name: a for a in Alert.objects.select_related("asset")}
        assert {name: a.event_count for name, a in found.items()} == {"PC2": 1, "DC01": 2}
        row.refresh_from_db()
        assert (row.covered, row.covered_last) == (2, minutes(8))
        (covered,) = CoveredMatch.objects.all()
        assert (covered.asset, covered.count, covered.first_seen) == (host, 2, minutes(9))
        day = RuleDay.objects.get(rule_id=LSASS)
        assert (day.matches, day.covered) == (2, 2)


def test_an_event_keeps_the_matches_that_no_exception_covers(
    region: Organisation, soc: Organisation, read: Reading, noor: User, sem: User, rules_folder: Any
) -> None:
    from tests.soc.conftest import rule_text

    (rules_folder / "ook.yml").write_text(rule_text(9, "Ook geheugen", "low", "T1003", "lsass.exe"), encoding="utf-8")
    with acting_system(soc) as me:
        services.import_rules(me, rules_folder)
    working(region, noor, sem, soc, subject="gebruiker", value="svc-backup")
    read(region, line("lsass.exe", at=minutes(9), User="VRR\\SVC-Backup"))
    with every_owner():
        alert = Alert.objects.get()
        assert [rule.title for rule in alert.rules.all()] == ["Ook geheugen"]
        assert alert.severity == 1


@pytest.mark.parametrize(
    ("facts", "fields", "fits"),
    [
        ({"subject": "gebruiker", "value": "jan"}, {"User": "VRR\\JAN"}, True),
        ({"subject": "gebruiker", "how": How.PREFIX, "value": "svc-"}, {"TargetUserName": "SVC-sql"}, True),
        ({"subject": "adres", "value": "10.0.0.9"}, {"IpAddress": "::ffff:10.0.0.9"}, True),
        ({"subject": "adres", "how": How.PREFIX, "value": "10.0.0."}, {"IpAddress": "10.0.1.9"}, False),
        ({"subject": "veld", "field": "Image", "how": How.WILDCARD, "value": "*lsas?.exe"}, {}, True),
        ({"subject": "veld", "field": "Image", "how": How.WILDCARD, "value": "lsas*.exe"}, {}, False),
        ({"subject": "veld", "field": "Channel", "value": "microsoft-windows-sysmon/operational"}, {}, True),
        ({"subject": "veld", "field": "Weg", "value": "none"}, {}, False),
    ],
    ids=str,
)  # fmt: skip
def test_what_fits(
    region: Organisation, soc: Organisation, read: Reading, noor: User, sem: User, facts: Any, fields: Any, fits: bool
) -> None:
    working(region, noor, sem, soc, **facts)
    read(region, line("lsass.exe", at=minutes(9), **fields))
    assert counts() == ((0, 0) if fits else (1, 1))


def test_every_rule_of_a_technique(
    region: Organisation, soc: Organisation, read: Reading, noor: User, sem: User
) -> None:
    working(region, noor, sem, soc, rule_id="", technique="T1003", subject="gebruiker", value="jan")
    read(region, line("lsass.exe", User="jan"), line("powershell.exe", User="jan"))
    with every_owner():
        assert [rule.title for rule in Alert.objects.get().rules.all()] == ["PowerShell gestart"]


def test_it_stops_by_itself_and_at_once(
    region: Organisation, soc: Organisation, read: Reading, noor: User, sem: User
) -> None:
    row = working(region, noor, sem, soc, subject="gebruiker", value="jan", days=2)
    read(region, line("lsass.exe", at=minutes(9), User="jan"))
    assert counts() == (0, 0)
    read(region, line("lsass.exe", at=minutes(8), User="jan"), now=NOW + timedelta(days=2))
    assert counts() == (1, 1)
    again = working(region, noor, sem, soc, subject="gebruiker", value="jan")
    with acting(actor(sem, soc)) as me:
        services.end(me, again.public_id, "Klopt niet meer")
    read(region, line("lsass.exe", at=minutes(7), User="jan"), now=NOW + timedelta(days=2))
    assert counts() == (1, 2)
    with every_owner():
        again.refresh_from_db()
        row.refresh_from_db()
        assert (again.state, again.ended_by, again.covered) == (ExceptionState.ENDED, "Sem Bakker", 0)
        assert row.covered == 1, "what was covered stays to be found"


def test_a_proposal_does_nothing_until_another_approved_it(
    region: Organisation, soc: Organisation, read: Reading, noor: User, sem: User
) -> None:
    with acting(actor(noor, region)) as me:
        row = services.propose(me, region.pk, replace(DRAFT, subject="gebruiker", value="jan"))
        with pytest.raises(Refused, match="Vraag een collega"):
            services.approve(me, row.public_id)
    read(region, line("lsass.exe", User="jan"))
    assert counts() == (1, 1)
    with acting(actor(sem, soc)) as me:
        services.reject(me, row.public_id, "Te breed")
        with pytest.raises(Refused, match="al besloten: afgewezen door Sem Bakker"):
            services.approve(me, row.public_id)


def test_who_is_alone_may_approve_and_it_is_said(region: Organisation, noor: User) -> None:
    with acting(actor(noor, region)) as me:
        row = services.propose(me, region.pk, replace(DRAFT, subject="gebruiker", value="jan"))
        assert services.approve(me, row.public_id).alone is True
    text = log_in(noor).get(reverse("soc:exception", args=[row.public_id])).content.decode()
    assert "Zelf goedgekeurd: er was niemand anders." in text


def test_a_mandate_to_see_does_not_approve(region: Organisation, soc: Organisation, noor: User, sem: User) -> None:
    from brandwacht.network.models import Grant

    with acting(actor(noor, region)) as me:
        row = services.propose(me, region.pk, replace(DRAFT, subject="gebruiker", value="jan"))
    with every_owner():
        Grant.objects.update(may=["zien"])
    with acting(actor(sem, soc)) as me, pytest.raises(Denied):
        services.approve(me, row.public_id)
    with acting(actor(noor, region)) as me:
        assert services.approve(me, row.public_id).alone is True, "who may only look is nobody else"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"rule_id": ""}, "about"),
        ({"technique": "T1003"}, "about"),
        ({"rule_id": "", "technique": "1003"}, "about"),
        ({"subject": ""}, "subject"),
        ({"value": " "}, "value"),
        ({"subject": "veld"}, "field"),
        ({"how": How.WILDCARD, "value": "*a?b*"}, "value"),
        ({"how": How.PREFIX, "value": "ab"}, "value"),
        ({"days": 366}, "days"),
        ({"days": 0}, "days"),
        ({"asset": "00000000-0000-4000-8000-000000000000"}, "asset"),
        ({"reason": " "}, "reason"),
        ({"owner_name": ""}, "owner_name"),
    ],
    ids=str,
)
def test_what_is_refused(region: Organisation, noor: User, facts: dict[str, Any], field: str) -> None:
    draft = replace(DRAFT, **({"subject": "gebruiker", "value": "jan"} | facts))
    with acting(actor(noor, region)) as me:
        with pytest.raises(Refused) as refused:
            services.propose(me, region.pk, draft)
        assert refused.value.field == field
        assert not AlertException.objects.exists()


def test_the_owner_is_asked_in_time(region: Organisation, soc: Organisation, noor: User, sem: User) -> None:
    with acting(actor(noor, region)) as me:
        row = services.propose(me, region.pk, replace(DRAFT, subject="gebruiker", value="jan", days=30))
    with every_owner():
        assert "Beoordeel een uitzondering" in Action.objects.get(organisation=region).title
    with acting(actor(sem, soc)) as me:
        services.approve(me, row.public_id)
    assert ask_before_they_end(NOW) == ""
    assert ask_before_they_end(NOW + timedelta(days=20)) == "1 aflopende uitzondering(en)"
    with every_owner():
        open_ones = Action.objects.filter(organisation=region, state=ActionState.OPEN)
        assert [a.title for a in open_ones] == ["Uitzondering loopt af op 22 december 2026: Geheugen gelezen"]
    assert ask_before_they_end(NOW + timedelta(days=31)) == ""
    with every_owner():
        assert not Action.objects.filter(organisation=region, state=ActionState.OPEN).exists()


def test_renewing_makes_a_new_one_that_takes_over(
    region: Organisation, soc: Organisation, noor: User, sem: User
) -> None:
    old = working(region, noor, sem, soc, subject="gebruiker", value="jan")
    with acting(actor(noor, region)) as me:
        new = services.propose(me, region.pk, replace(DRAFT, subject="gebruiker", value="jan"), renews=old.public_id)
    with acting(actor(sem, soc)) as me:
        services.approve(me, new.public_id)
    with every_owner():
        old.refresh_from_db()
        assert (old.state, old.end_reason) == (ExceptionState.ENDED, "Vervangen door een nieuwe uitzondering.")


def test_from_an_alert_the_narrowest_is_proposed_with_what_it_would_have_covered(
    region: Organisation, read: Reading, noor: User, sem: User
) -> None:
    asset(region, "DC01")
    read(
        region,
        *(line("lsass.exe", at=minutes(9 - n), CommandLine="backup.exe -q", User="svc") for n in range(3)),
        line("lsass.exe", "PC2", at=minutes(5), CommandLine="backup.exe -q", User="svc"),
    )
    with every_owner():
        alert = Alert.objects.get(asset__name="DC01")
    client = log_in(noor)
    address = reverse("soc:exception-from-alert", args=[alert.public_id])
    assert address in client.get(reverse("soc:detail", args=[alert.public_id])).content.decode()
    shown = client.get(address)
    initial = shown.context["form"].initial
    assert (initial["asset"], initial["subject"]) == (str(alert.asset.public_id), "veld")
    assert (initial["field"], initial["value"]) == ("CommandLine", "backup.exe -q")
    preview = shown.context["preview"]
    assert (preview.read, preview.covered, preview.alerts, preview.alerts_gone) == (4, 3, 2, 1)
    assert preview.hosts == (("DC01", 3),)
    data = {k: v for k, v in initial.items() if v is not None} | {"days": "30", "doen": "bewaar"}
    wider = client.post(address, data | {"asset": "", "reason": "x", "owner_name": "y"})
    assert wider.status_code == 200
    assert wider.context["preview"].covered == 4, "something else than was looked at is shown first"
    with every_owner():
        assert not AlertException.objects.exists()
    empty = client.post(address, data)
    assert empty.status_code == 422
    assert "Schrijf op waarom dit gedrag bekend en onschuldig is." in empty.content.decode()
    done = client.post(address, data | {"reason": "Back-up", "owner_name": "K. Bakker"}, follow=True)
    assert "Voorgesteld" in done.content.decode()
    assert "Vraag een collega" in done.content.decode()
    with every_owner():
        row = AlertException.objects.get()
        assert AuditEntry.objects.filter(organisation=region, action="soc.exception.propose").exists()
    theirs = log_in(sem)
    judged = theirs.get(reverse("soc:exception", args=[row.public_id])).content.decode()
    assert "3 van de 4 bewaarde treffers" in judged
    assert (
        "Goedgekeurd"
        in theirs.post(reverse("soc:exception-approve", args=[row.public_id]), follow=True).content.decode()
    )


def test_what_was_covered_can_be_searched(
    region: Organisation, soc: Organisation, read: Reading, noor: User, sem: User
) -> None:
    row = working(region, noor, sem, soc, subject="gebruiker", value="jan")
    read(region, line("lsass.exe", "PC1", User="jan"), line("lsass.exe", "PC2", User="jan"))
    client = log_in(noor)
    address = reverse("soc:exception", args=[row.public_id])
    assert [c.asset.name for c in client.get(address).context["covered"]] == ["PC2", "PC1"]
    assert [c.asset.name for c in client.get(address, {"waar": "pc1"}).context["covered"]] == ["PC1"]
    listed = client.get(reverse("soc:exceptions"), {"stand": "werkt", "tekst": "jan"})
    assert [r.pk for r in listed.context["rows"]] == [row.pk]
    assert "2" in listed.content.decode()
    stranger = log_in(person(organisation("VR15"), Role.CISO))
    assert stranger.get(address).status_code == 404


def test_query_budget(
    region: Organisation, read: Reading, noor: User, sem: User, django_assert_max_num_queries: Any
) -> None:
    read(region, *(line("lsass.exe", f"PC{n}", at=minutes(n), User="jan", CommandLine="x.exe") for n in range(8)))
    with acting(actor(noor, region)) as me:
        row = services.propose(me, region.pk, replace(DRAFT, subject="gebruiker", value="jan"))
    with every_owner():
        alert = Alert.objects.filter(lead=True).get()
    pages = (
        reverse("soc:list"),
        reverse("soc:detail", args=[alert.public_id]),
        reverse("soc:story", args=[alert.story.public_id]),
        reverse("soc:exceptions"),
        reverse("soc:exception", args=[row.public_id]),
        reverse("soc:exception-from-alert", args=[alert.public_id]),
        reverse("soc:noise"),
        f"{reverse('soc:noise-rule', args=['VR17'])}?regel={LSASS}",
        reverse("soc:coverage"),
        reverse("soc:patterns"),
    )
    for user in (noor, sem):
        client = log_in(user)
        for address in pages:
            client.get(address)
            with django_assert_max_num_queries(15, info=address):
                client.get(address)


TEXTS = st.text("ab*?.[", max_size=8)


@given(TEXTS, st.text("ab.[", max_size=10))
def test_a_pattern_means_what_it_means_elsewhere(pattern: str, text: str) -> None:
    assert glob(pattern, text) is fnmatchcase(text, pattern.replace("[", "[[]"))


def test_a_pattern_cannot_be_made_slow() -> None:
    assert glob("*a" * 200 + "b", "a" * 4000) is False


@given(st.sampled_from(How.values), st.text(max_size=20), st.text(max_size=20))
def test_comparing_any_texts(how: str, wanted: str, text: str) -> None:
    assert isinstance(compare(how, wanted, text), bool)
    assert compare(How.EXACT, text, text)
