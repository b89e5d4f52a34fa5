"""Alerts of one attack become one story: what ties, what does not, the cap, and handling them together or apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import event_from_record
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.entities import Entity, entities_of, limits, ties, untied
from brandwacht.soc.models import Alert, AlertEntity, AlertState, AlertStory
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db

Reading = Callable[..., Any]


def alerts() -> dict[str, Alert]:
    with every_owner():
        return {a.where: a for a in Alert.objects.select_related("asset", "story").order_by("pk")}


def log_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def ciso(region: Organisation, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return log_in(person(region, Role.CISO, name="Noor de Wit"))


def attack(read: Reading, region: Organisation) -> None:
    read(
        region,
        line("powershell.exe", "PC1", at=minutes(60), User="VRR\\Jan"),
        line("lsass.exe", "DC01", at=minutes(50), TargetUserName="jan", IpAddress="10.0.0.9"),
        line("vssadmin.exe", "FS01", at=minutes(20), IpAddress="::ffff:10.0.0.9"),
        line("lsass.exe", "PC9", at=minutes(10), User="VRR\\Piet"),
    )


def test_one_user_and_one_address_on_three_machines_is_one_story(region: Organisation, read: Reading) -> None:
    attack(read, region)
    found = alerts()
    story = found["FS01"].story
    assert story is not None
    assert {name for name, alert in found.items() if alert.story == story} == {"PC1", "DC01", "FS01"}
    assert story.through == [{"kind": "gebruiker", "value": "jan"}, {"kind": "adres", "value": "10.0.0.9"}]
    assert (story.alert_count, story.first_seen, story.last_seen) == (3, minutes(60), minutes(20))
    assert [name for name, alert in found.items() if alert.lead] == ["FS01", "PC9"], "the worst one leads"
    assert found["PC9"].story is None


def test_in_one_file_or_in_several_it_is_the_same_story(region: Organisation, read: Reading) -> None:
    for name, at in (("DC01", 50), ("PC1", 60), ("FS01", 20)):
        read(region, line("lsass.exe", name, at=minutes(at), User="jan"))
    assert len({alert.story_id for alert in alerts().values()}) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"User": "NT AUTHORITY\\SYSTEM"},
        {"TargetUserName": "DC01$"},
        {"User": "PC1\\Administrator"},
        {"IpAddress": "127.0.0.1"},
        {"IpAddress": "::1", "SubjectUserName": "-"},
        {"IpAddress": "fe80::1%12"},
        {"User": "VRR\\healthmailboxabc"},
        {"Hashes": "SHA256=" + "a" * 64},
    ],
)
def test_what_everybody_has_ties_nothing(region: Organisation, read: Reading, fields: dict[str, str]) -> None:
    read(region, line("lsass.exe", "PC1", at=minutes(9), **fields), line("lsass.exe", "PC2", at=minutes(8), **fields))
    with every_owner():
        assert not AlertStory.objects.exists()
        assert Alert.objects.filter(lead=True).count() == 2


def test_too_far_apart_ties_nothing(region: Organisation, read: Reading) -> None:
    read(region, line("lsass.exe", "PC1", at=NOW - timedelta(hours=7), User="jan"))
    read(region, line("lsass.exe", "PC2", at=NOW, User="jan"))
    with every_owner():
        assert not AlertStory.objects.exists()


def test_an_address_of_many_machines_in_the_days_before_is_shared(region: Organisation, read: Reading) -> None:
    days = NOW - timedelta(days=2)
    # One at a time, each too far from the one before to be tied.
    for number in range(limits().shared_assets):
        moment = days - timedelta(hours=8 * number)
        read(region, line("lsass.exe", f"PC{number}", at=moment, IpAddress="10.0.0.5"))
    read(region, line("lsass.exe", "A", at=minutes(9), IpAddress="10.0.0.5"))
    read(region, line("lsass.exe", "B", at=minutes(8), IpAddress="10.0.0.5"))
    with every_owner():
        assert not AlertStory.objects.exists()


def test_one_account_does_not_swallow_a_day(region: Organisation, read: Reading) -> None:
    many = limits().alerts + 5
    read(region, *(line("lsass.exe", f"PC{n:02d}", at=minutes(many - n), User="jan") for n in range(many)))
    with every_owner():
        sizes = sorted(AlertStory.objects.values_list("alert_count", flat=True))
        assert sizes == [5, limits().alerts]
        assert Alert.objects.count() == many


def test_an_alert_of_a_machine_that_never_falls_silent_ends_after_a_day(region: Organisation, read: Reading) -> None:
    for hours in range(60, -1, -3):
        read(region, line("lsass.exe", at=NOW - timedelta(hours=hours)))
    with every_owner():
        spans = [a.last_seen - a.first_seen for a in Alert.objects.all()]
        assert sum(a.event_count for a in Alert.objects.all()) == 21
    assert len(spans) == 3
    assert max(spans) <= limits().stretch


def test_events_without_a_host_are_grouped_by_user_or_address(region: Organisation, read: Reading) -> None:
    read(
        region,
        line("lsass.exe", "", at=minutes(9), UserId="jan@vrr.example"),
        line("whoami.exe", "", at=minutes(8), UserId="Jan@vrr.example"),
        line("lsass.exe", "", at=minutes(7), UserId="piet@vrr.example"),
        line("lsass.exe", "", at=minutes(6), ClientIP="203.0.113.7"),
        line("lsass.exe", "", at=minutes(5)),
    )
    found = alerts()
    assert set(found) == {"jan@vrr.example", "piet@vrr.example", "203.0.113.7", "ONBEKEND"}
    assert found["jan@vrr.example"].event_count == 2
    assert found["jan@vrr.example"].title.endswith("door account jan@vrr.example")
    assert found["203.0.113.7"].title.endswith("vanaf 203.0.113.7")
    assert Node._base_manager.filter(organisation=region, name="ONBEKEND").count() == 1


def test_a_second_victim_brings_the_story_back(region: Organisation, read: Reading, ciso: Client) -> None:
    read(region, line("lsass.exe", "PC1", at=minutes(60), User="jan"))
    with acting_system(region) as me:
        services.acknowledge(me, alerts()["PC1"].public_id)
    read(region, line("lsass.exe", "PC2", at=minutes(5), User="jan"))
    found = alerts()
    assert (found["PC2"].waiting, found["PC2"].lead, found["PC1"].lead) == (True, True, False)
    response = ciso.get(reverse("soc:list"))
    assert [a.where for a in response.context["alerts"]] == ["PC2"]
    text = response.content.decode()
    assert "Verhaal: nog 1 melding" in text
    assert found["PC1"].title in text
    with every_owner():
        someone = person(region, Role.CISO)
    with acting(actor(someone, region)) as me:
        assert queries.waiting_for(me).count == 1


def test_who_looks_for_a_machine_finds_it_also_inside_a_story(
    region: Organisation, read: Reading, ciso: Client
) -> None:
    attack(read, region)
    shown = [a.where for a in ciso.get(reverse("soc:list")).context["alerts"]]
    assert shown == ["FS01", "PC9"]
    assert [a.where for a in ciso.get(reverse("soc:list"), {"waar": "pc1"}).context["alerts"]] == ["PC1"]
    assert len(ciso.get(reverse("soc:list"), {"stand": "alle"}).context["alerts"]) == 4


def test_a_story_is_handled_together_and_keeps_its_assets(region: Organisation, read: Reading, ciso: Client) -> None:
    attack(read, region)
    story = alerts()["DC01"].story
    assert story is not None
    page = ciso.get(reverse("soc:story", args=[story.public_id])).content.decode()
    assert "Verhaal van 3 meldingen" in page
    for name in ("PC1", "DC01", "FS01"):
        assert name in page
    ciso.post(reverse("soc:story-acknowledge", args=[story.public_id]))
    assert {a.state for n, a in alerts().items() if n != "PC9"} == {AlertState.ACKNOWLEDGED}
    empty = ciso.post(reverse("soc:story-close", args=[story.public_id]), {"reason": " "})
    assert empty.status_code == 422
    assert "Schrijf op hoe deze melding is afgehandeld." in empty.content.decode()
    ciso.post(reverse("soc:story-close", args=[story.public_id]), {"reason": "Opgelost"})
    found = alerts()
    assert {a.state for n, a in found.items() if n != "PC9"} == {AlertState.CLOSED}
    assert {found[n].note for n in ("PC1", "DC01", "FS01")} == {"Opgelost"}
    assert found["PC9"].state == AlertState.NEW
    again = ciso.post(reverse("soc:story-close", args=[story.public_id]), {"reason": "x"}, follow=True)
    assert "niets meer om te behandelen" in again.content.decode()


def test_an_alert_that_does_not_belong_is_taken_out_for_good(region: Organisation, read: Reading, ciso: Client) -> None:
    attack(read, region)
    apart = alerts()["PC1"]
    answer = ciso.post(reverse("soc:take-apart", args=[apart.public_id]), follow=True)
    assert "Losgemaakt" in answer.content.decode()
    read(region, line("whoami.exe", "PC1", at=minutes(4), User="jan", IpAddress="10.0.0.9"))
    found = alerts()
    assert (found["PC1"].story, found["PC1"].lead, found["PC1"].event_count) == (None, True, 2)
    assert found["FS01"].story is not None
    assert found["FS01"].story.alert_count == 2
    ciso.post(reverse("soc:take-apart", args=[found["DC01"].public_id]))
    with every_owner():
        assert not AlertStory.objects.exists(), "one alert is no story"
        assert Alert.objects.filter(lead=True).count() == 4
    with acting_system(region) as me, pytest.raises(Refused, match="hoort niet bij een verhaal"):
        services.take_apart(me, apart.public_id)


def test_another_organisation_is_never_tied(region: Organisation, soc: Organisation, read: Reading) -> None:
    from brandwacht.network.domains import GrantKind
    from tests.world import mandate

    other = organisation("VR15")
    mandate(other, soc, GrantKind.SOC_MANDATE)
    read(region, line("lsass.exe", "PC1", at=minutes(9), User="jan"))
    read(other, line("lsass.exe", "PC2", at=minutes(8), User="jan"))
    with every_owner():
        assert Alert.objects.count() == 2
        assert not AlertStory.objects.exists()


def test_what_an_alert_names_is_limited_and_counted(region: Organisation, read: Reading) -> None:
    many = limits().per_alert + 7
    read(region, *(line("lsass.exe", at=minutes(n % 9), User=f"u{n}") for n in range(many)))
    read(region, line("lsass.exe", at=minutes(1), User="U1"))
    with every_owner():
        assert AlertEntity.objects.count() == limits().per_alert
        assert AlertEntity.objects.get(value="u1").count == 2


def test_the_alert_says_who_and_why_a_name_ties_nothing(region: Organisation, read: Reading, ciso: Client) -> None:
    read(region, line("lsass.exe", at=minutes(9), User="VRR\\Jan", TargetUserName="DC01$"))
    text = ciso.get(reverse("soc:detail", args=[alerts()["DC01"].public_id])).content.decode()
    assert ">jan</span>" in text
    assert "koppelt geen meldingen: Computeraccount. Dat hoort bij de machine zelf." in text


FIELDS = st.sampled_from(["User", "IpAddress", "Hashes", "QueryName", "TargetUserName", "DestinationIp", "x"])
VALUES = st.one_of(
    st.text(max_size=40), st.none(), st.integers(), st.lists(st.text(max_size=10), max_size=3), st.booleans()
)


@given(st.dictionaries(FIELDS, VALUES, max_size=6))
def test_entities_of_whatever_a_log_holds(fields: dict[str, Any]) -> None:
    event = event_from_record(1, dict(fields))
    for entity in entities_of(event):
        assert entity.value
        assert len(entity.value) <= 255
        assert entity.value == entity.value.lower() or not entity.value.isascii()
        assert ties(entity) is (untied(entity) is None)


def test_entities_in_the_fields_that_products_use() -> None:
    event = event_from_record(
        1,
        {
            "User": "VRR\\Jan",
            "SourceIp": "10.0.0.1",
            "DestinationIp": "8.8.8.8",
            "QueryName": "Update.Example.",
            "Hashes": f"SHA1={'b' * 40},MD5={'c' * 32},SHA256={'A' * 64},IMPHASH={'d' * 32}",
        },
    )
    assert entities_of(event) == (
        Entity("gebruiker", "jan"),
        Entity("adres", "10.0.0.1"),
        Entity("adres", "8.8.8.8"),
        Entity("domein", "update.example"),
        Entity("hash", "a" * 64),
    )
    assert entities_of(event_from_record(1, {"DestinationIp": "10.0.0.1", "Hashes": f"IMPHASH={'d' * 32}"})) == ()
