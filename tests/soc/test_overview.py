"""Noise, coverage, and what is seen at several organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.engines.detection import tactics_of, technique_name
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, SigmaRule
from brandwacht.soc.queries import attack
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting_system, mandate, organisation, person

pytestmark = pytest.mark.django_db

Reading = Callable[..., Any]
LSASS = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def ciso(region: Organisation) -> Client:
    return log_in(person(region, Role.CISO))


@pytest.fixture
def analyst(soc: Organisation, region: Organisation) -> Client:
    return log_in(person(soc, Role.SOC_ANALYST))


def close(**where: Any) -> None:
    with every_owner():
        for alert in Alert.objects.filter(**where).select_related("organisation"):
            with acting_system(alert.organisation) as me:
                services.mark_known(me, alert.public_id, "Back-up")


# --- noise -----------------------------------------------------------------------------------------------------------


def test_the_noisiest_rule_comes_first_with_what_makes_it(region: Organisation, read: Reading, ciso: Client) -> None:
    for day in range(4):
        at = NOW - timedelta(days=day)
        read(region, *(line("lsass.exe", "BK01", at=at, CommandLine="backup.exe", User="svc") for _ in range(30)))
        close(asset__name="BK01", open=True)
    read(region, line("lsass.exe", "PC1", at=minutes(3), CommandLine="steel.exe"), line("powershell.exe", "PC1"))
    response = ciso.get(reverse("soc:noise"))
    first, second = response.context["rows"]
    assert (first.title, first.matches, first.alerts) == ("Geheugen gelezen", 121, 5)
    assert (first.handled, first.harmless, first.share, first.tune) == (4, 4, 100, True)
    assert (second.title, second.share, second.tune) == ("PowerShell gestart", None, False)
    assert "1 regel vraagt om bijstellen" in response.content.decode()
    with every_owner():
        assert SigmaRule.objects.filter(enabled=False).count() == 0, "nothing is switched off by itself"
    detail = ciso.get(reverse("soc:noise-rule", args=["VR17"]), {"regel": LSASS})
    made, proposal = detail.context["made"], detail.context["proposal"]
    assert made.hosts == [("BK01", 120), ("PC1", 1)]
    assert made.users == [("svc", 4)]
    assert ("CommandLine", "backup.exe", 120) in made.values
    assert (proposal.field, proposal.value, proposal.count) == ("CommandLine", "backup.exe", 120)
    assert detail.context["preview"].hosts == (("BK01", 120),)
    assert "op BK01, als het veld CommandLine is “backup.exe”" in detail.content.decode()
    made_here = ciso.get(reverse("soc:exception-new", args=["VR17"]), {"regel": LSASS})
    assert made_here.context["form"].initial["value"] == "backup.exe"


def test_noise_that_is_everywhere_gets_no_proposal(region: Organisation, read: Reading, ciso: Client) -> None:
    read(region, *(line("lsass.exe", f"PC{n}", at=minutes(n), CommandLine=f"x{n}.exe") for n in range(6)))
    with every_owner():
        rule = SigmaRule.objects.get(title="Geheugen gelezen").rule_id
    detail = ciso.get(reverse("soc:noise-rule", args=["VR17"]), {"regel": rule})
    assert detail.context["proposal"].field == "Image", "the rule's own field is the same everywhere"
    assert detail.context["preview"].left == 0
    assert "Kijk of u de uitzondering nauwer kunt maken" in detail.content.decode()


def test_noise_of_another_is_not_there(region: Organisation, read: Reading, ciso: Client, analyst: Client) -> None:
    read(region, line("lsass.exe"))
    stranger = log_in(person(organisation("VR15"), Role.CISO))
    assert stranger.get(reverse("soc:noise")).context["rows"] == []
    assert stranger.get(reverse("soc:noise-rule", args=["VR17"]), {"regel": LSASS}).status_code == 404
    assert ciso.get(reverse("soc:noise-rule", args=["VR17"]), {"regel": "onzin"}).status_code == 404
    assert len(analyst.get(reverse("soc:noise"), {"organisatie": "VR17"}).context["rows"]) == 1


# --- coverage --------------------------------------------------------------------------------------------------------


def test_the_matrix_shows_rules_and_what_was_seen(region: Organisation, read: Reading, ciso: Client) -> None:
    read(region, line("lsass.exe"), line("lsass.exe"))
    response = ciso.get(reverse("soc:coverage"))
    matrix = response.context["matrix"]
    cells = {cell.technique: cell for cell in matrix.cells}
    assert (matrix.rules, len(cells)) == (4, 4)
    assert (cells["T1003"].rules, cells["T1003"].seen, cells["T1003"].state) == (1, 2, "gezien")
    assert cells["T1003"].parts == {"T1003.001": 1}
    assert cells["T1490"].state == "gedekt"
    assert [tactic for tactic, _cells in matrix.columns] == ["execution", "credential-access", "discovery", "impact"]
    text = response.content.decode()
    assert "Nog niet bekend is of de logboeken" in text
    assert text.count("<circle") == 2, "one in the picture, one in the legend"
    assert "Schaduwkopie weg" not in text, "of a SOC's rules a member sees numbers only"


def test_a_rule_whose_log_never_comes_is_a_blind_spot(
    region: Organisation, ciso: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attack, "_blindness", [])
    attack.register_blindness(lambda actor, owners: frozenset({LSASS}))
    response = ciso.get(reverse("soc:coverage"))
    assert response.context["blind"] == 1
    text = response.content.decode()
    assert "3 regels kijken naar 3 technieken." in text, "what can never fire covers nothing"
    assert "is 1 techniek een blinde vlek" in text


def test_the_layer_opens_in_the_navigator(region: Organisation, read: Reading, ciso: Client) -> None:
    read(region, line("lsass.exe"))
    response = ciso.get(reverse("soc:coverage-layer"))
    assert "attachment" in response["Content-Disposition"]
    layer = orjson.loads(response.content)
    assert layer["versions"]["layer"] == "4.5"
    assert layer["domain"] == "enterprise-attack"
    by_id = {each["techniqueID"]: each for each in layer["techniques"]}
    assert (by_id["T1003"]["tactic"], by_id["T1003"]["score"]) == ("credential-access", 1)
    assert {"name": "keer gezien (90 dagen)", "value": "1"} in by_id["T1003"]["metadata"]


def test_an_empty_matrix_says_so(ciso: Client) -> None:
    with every_owner():
        SigmaRule.objects.all().delete()
    assert "Nog geen dekking" in ciso.get(reverse("soc:coverage")).content.decode()


def test_every_technique_with_a_name_has_a_tactic() -> None:
    from brandwacht.engines.detection.attack import TACTICS, _data

    for number in _data()["techniques"]:
        assert tactics_of(number), number
        assert set(tactics_of(number)) <= set(TACTICS)
        assert technique_name(number)


# --- across organisations --------------------------------------------------------------------------------------------


@pytest.fixture
def members(soc: Organisation, region: Organisation) -> list[Organisation]:
    found = [organisation(code) for code in ("VR15", "VR16", "VR18")]
    for each in found:
        mandate(each, soc, GrantKind.SOC_MANDATE)
    return found


def hit(read: Reading, owner: Organisation, host: str, **fields: str) -> Alert:
    read(owner, line("lsass.exe", host, at=minutes(30), **fields))
    with every_owner():
        found: Alert = Alert.objects.get(asset__name=host)
    return found


def text_of(client: Client, alert: Alert) -> str:
    return client.get(reverse("soc:detail", args=[alert.public_id])).content.decode()


HASH = "SHA256=" + "ab" * 32
TOLD = "Hetzelfde kenmerk is deze dagen ook bij"


def test_a_member_is_told_without_names_and_below_three_without_a_number(
    region: Organisation, members: list[Organisation], read: Reading, ciso: Client
) -> None:
    mine = hit(read, region, "MIJN", Hashes=HASH)
    assert TOLD not in text_of(ciso, mine)
    for number, other in enumerate(members, 1):
        theirs = hit(read, other, f"GEHEIM{number}", Hashes=HASH)
        text = text_of(ciso, mine)
        told = f"{TOLD} {number} andere organisaties gezien" if number == 3 else f"{TOLD} andere organisaties gezien"
        assert told in text
        for secret in (other.code, other.name, f"GEHEIM{number}", str(theirs.public_id)):
            assert secret not in text


@pytest.mark.parametrize(
    "fields",
    [{"User": "VRR\\jan"}, {"IpAddress": "10.0.0.9"}, {"IpAddress": "192.168.1.1"}, {"SourceIp": "127.0.0.1"}],
    ids=str,
)
def test_people_and_own_networks_are_never_compared(
    region: Organisation, members: list[Organisation], read: Reading, ciso: Client, analyst: Client, fields: Any
) -> None:
    mine = hit(read, region, "MIJN", **fields)
    for number, other in enumerate(members):
        hit(read, other, f"ANDER{number}", **fields)
    assert TOLD not in text_of(ciso, mine)
    assert analyst.get(reverse("soc:patterns")).context["patterns"] == []


def test_only_among_those_who_gave_the_same_soc_a_mandate(
    region: Organisation, members: list[Organisation], read: Reading, ciso: Client
) -> None:
    mine = hit(read, region, "MIJN", IpAddress="8.8.8.8")
    hit(read, members[0], "ANDER", IpAddress="8.8.8.8")
    assert TOLD in text_of(ciso, mine)
    with every_owner():
        Grant.objects.filter(organisation=members[0]).update(ended_at=NOW - timedelta(minutes=1))
    assert TOLD not in text_of(ciso, mine)
    with every_owner():
        Grant.objects.filter(organisation=members[0]).update(ended_at=None)
        Grant.objects.filter(organisation=region).update(ended_at=NOW - timedelta(minutes=1))
    assert TOLD not in text_of(ciso, mine)


def test_another_rule_or_another_week_is_no_pattern(
    region: Organisation, members: list[Organisation], read: Reading, ciso: Client, analyst: Client
) -> None:
    mine = hit(read, region, "MIJN", QueryName="kwaad.example.org")
    read(members[0], line("powershell.exe", "ANDER", at=minutes(3), QueryName="kwaad.example.org"))
    read(members[1], line("lsass.exe", "EERDER", at=NOW - timedelta(days=20), QueryName="kwaad.example.org"))
    assert TOLD not in text_of(ciso, mine)
    assert analyst.get(reverse("soc:patterns")).context["patterns"] == []


def test_the_soc_sees_who(
    region: Organisation, members: list[Organisation], read: Reading, ciso: Client, analyst: Client
) -> None:
    hit(read, region, "MIJN", Hashes=HASH)
    hit(read, members[0], "ANDER", Hashes=HASH)
    outsider = organisation("VR01")
    with acting_system(outsider) as me:
        assert services.rulebook_for(me).size == 0
    response = analyst.get(reverse("soc:patterns"))
    (pattern,) = response.context["patterns"]
    assert [o.code for o in pattern.organisations] == ["VR15", "VR17"]
    assert (pattern.value, pattern.rules) == ("ab" * 32, ["Geheugen gelezen"])
    assert {a.asset.name for a in pattern.alerts} == {"MIJN", "ANDER"}
    assert ciso.get(reverse("soc:patterns")).status_code == 403
