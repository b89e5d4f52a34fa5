"""Beheer: people, mandates and the logbook, for the owner, a colleague without the right, and a stranger."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from brandwacht.network import audit
from brandwacht.network.actor import actor_for, assignments_of
from brandwacht.network.audit import Fact
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import AuditEntry, Grant, Organisation, RoleAssignment, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.network.usecase import note_use
from tests.network.faces import log_in
from tests.world import acting_system, asset, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Organisation:
    return organisation("VR17")


@pytest.fixture
def soc() -> Organisation:
    return organisation("VR-SOC", "landelijk")


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"beheer:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


PAGES = ("home", "people", "people-new", "grants", "grant-new", "register", "node-new", "logbook", "logbook-export")
ALLOWED = {
    Role.ADMIN: set(PAGES),
    Role.CISO: set(PAGES) - {"people-new"},
    Role.CHAIR: {"home", "grants", "grant-new", "register"},
    Role.PROCESS_OWNER: {"home", "register", "node-new"},
    Role.COUNCILLOR: set(),
}


@pytest.mark.parametrize("role", ALLOWED)
def test_each_role_reaches_its_own_pages_only(client: Client, region: Organisation, role: Role) -> None:
    log_in(client, person(region, role))
    for name in PAGES:
        answer = client.get(reverse(f"beheer:{name}"))
        assert answer.status_code == (200 if name in ALLOWED[role] else 403), name


def test_home_says_how_it_stands(client: Client, region: Organisation) -> None:
    asset(region, "ONBEKEND", confirmed=False)
    text = page(log_in(client, person(region, Role.ADMIN)), "home")
    assert "1 mens heeft hier een rol." in text
    assert "U heeft niemand toegang gegeven." in text
    assert "1 machine is nog niet herkend." in text


@pytest.mark.parametrize("name", ["home", "people", "grants", "logbook", "register"])
def test_few_queries(
    client: Client, region: Organisation, soc: Organisation, name: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        person(region, Role.LINE_MANAGER, name=f"Mens {n}")
        asset(region, f"DC{n}")
        give(region, soc)
    log_in(client, person(region, Role.ADMIN))
    page(client, name)
    with django_assert_max_num_queries(15):
        page(client, name)


# --- People -----------------------------------------------------------------------------------------------------------


def test_a_role_is_given_and_ended(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.ADMIN, name="Lotte Beheer"))
    today = timezone.localdate()
    data = {
        "email": "Nieuw@Test.example",
        "name": "Nieuwe Mens",
        "role": Role.CISO,
        "valid_from": str(today),
        "valid_to": "",
    }
    answer = client.post(reverse("beheer:people-new"), data, follow=True).content.decode()
    assert "Nieuwe Mens is CISO." in answer
    assert "Wachtwoord vergeten" in answer
    with every_owner():
        made = RoleAssignment.objects.get(user__email="nieuw@test.example")
    assert "kan vanaf de volgende klik niets meer doen of zien als CISO" in page(client, "people")
    client.post(reverse("beheer:people-end", args=[made.public_id]), follow=True)
    assert "Nieuwe Mens" not in page(client, "people")
    assert "Beëindigd" in page(client, "people", oud="1")
    colleague = User.objects.get(email="nieuw@test.example")
    assert assignments_of(colleague, timezone.now()) == []


def test_what_was_typed_is_kept_when_it_is_refused(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.ADMIN))
    today = timezone.localdate()
    good = {"email": "a@test.example", "name": "Aa Bee", "role": Role.CISO, "valid_from": str(today), "valid_to": ""}
    for change, message in (
        ({"email": "geen adres"}, "Dit is geen geldig e-mailadres."),
        ({"name": ""}, "Vul de naam in; dit e-mailadres is nieuw."),
        ({"valid_to": str(today - timedelta(days=1))}, "De einddatum ligt vóór de begindatum."),
        ({"role": Role.SYSTEM}, "Selecteer een geldige keuze"),
    ):
        answer = client.post(reverse("beheer:people-new"), good | change)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert (good | change)["email"] in answer.content.decode()
    with every_owner():
        assert RoleAssignment.objects.count() == 1


def test_only_the_admin_ends_roles_and_not_their_own(client: Client, region: Organisation) -> None:
    admin, ciso = person(region, Role.ADMIN), person(region, Role.CISO)
    elsewhere = person(organisation("VR15"), Role.CISO)
    with every_owner():
        of = {a.user_id: a.public_id for a in RoleAssignment.objects.all()}
    log_in(client, ciso)
    assert client.post(reverse("beheer:people-end", args=[of[admin.pk]])).status_code == 403
    log_in(client, admin)
    assert client.post(reverse("beheer:people-end", args=[of[admin.pk]])).status_code == 400
    assert client.post(reverse("beheer:people-end", args=[of[elsewhere.pk]])).status_code == 404
    with every_owner():
        assert not RoleAssignment.objects.filter(valid_to__isnull=False).exists()


# --- Mandates ---------------------------------------------------------------------------------------------------------


def give(region: Organisation, soc: Organisation) -> Grant:
    grant = Grant(
        organisation=region, kind=GrantKind.SOC_MANDATE, grantee=soc, may=["zien", "handelen"], purpose="Bewaking",
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() + timedelta(days=300), given_by="Noor",
    )  # fmt: skip
    with every_owner():
        grant.save()
    return grant


def test_a_mandate_is_given_for_a_year_and_ended_at_once(
    client: Client, region: Organisation, soc: Organisation
) -> None:
    organisation("VR-CERT", "landelijk")
    log_in(client, person(region, Role.CISO))
    form = page(client, "grant-new")
    assert str(timezone.localdate() + timedelta(days=365)) in form
    assert form.index("VR-SOC") < form.index("VR-CERT")
    data = {"grantee": "VR-SOC", "act": "nee", "purpose": "Meekijken", "ends_on": str(timezone.localdate())}
    assert client.post(reverse("beheer:grant-new"), data).status_code == 302
    with every_owner():
        grant = Grant.objects.get()
    assert (grant.kind, grant.may, grant.grantee_id) == (GrantKind.SOC_MANDATE, ["zien"], soc.pk)
    assert timezone.localtime(grant.ends_at).time().isoformat() == "00:00:00"
    text = page(client, "grant", grant.public_id)
    today = date_format(timezone.localdate(), "j F Y")
    assert f"Geldt tot en met {today}." in text
    assert f"{today}</span>" in page(client, "grants")
    assert "00:00" not in text.split("Tot en met</dt>")[1]
    assert "alleen meekijken" in text
    assert "kan met dit mandaat vanaf de volgende klik niets meer zien of doen" in text
    client.post(reverse("beheer:grant-end", args=[grant.public_id]))
    assert "Geldt niet meer." in page(client, "grant", grant.public_id)
    assert "Beëindigde toegang" in page(client, "grants")


def test_a_second_mandate_of_one_kind_is_refused_while_the_first_runs(
    client: Client, region: Organisation, soc: Organisation
) -> None:
    cert = organisation("VR-CERT", "landelijk")
    first = give(region, soc)
    log_in(client, person(region, Role.CISO))
    data = {"grantee": "VR-SOC", "act": "ja", "purpose": "Nog eens", "ends_on": str(timezone.localdate())}
    answer = client.post(reverse("beheer:grant-new"), data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "heeft dit al" in text
    assert date_format(first.last, "j F Y") in text
    assert "Beëindig dat eerst of kies een ander." in text
    assert "Nog eens" in text
    assert client.post(reverse("beheer:grant-new"), data | {"grantee": cert.code}).status_code == 302
    client.post(reverse("beheer:grant-end", args=[first.public_id]))
    assert client.post(reverse("beheer:grant-new"), data).status_code == 302


def test_a_mandate_in_the_past_or_for_nothing_is_refused(
    client: Client, region: Organisation, soc: Organisation
) -> None:
    log_in(client, person(region, Role.CISO))
    good = {"grantee": "VR-SOC", "act": "ja", "purpose": "Bewaking", "ends_on": str(timezone.localdate())}
    for change, message in (
        ({"ends_on": str(timezone.localdate() - timedelta(days=1))}, "Kies een einddatum na vandaag."),
        ({"purpose": " "}, "Dit veld is verplicht"),
        ({"grantee": "VR15"}, "Selecteer een geldige keuze"),
    ):
        answer = client.post(reverse("beheer:grant-new"), good | change)
        assert answer.status_code == 422
        assert message in answer.content.decode()
    with every_owner():
        assert not Grant.objects.exists()


def test_the_owner_reads_what_use_was_made(client: Client, region: Organisation, soc: Organisation) -> None:
    grant, node = give(region, soc), asset(region, "DC01")
    analyst = person(soc, Role.SOC_ANALYST, name="Sem Analist")
    now = timezone.now()
    me = actor_for(analyst, soc, assignments_of(analyst, now), now, "pagina")
    with tenancy_scope(me.tenancy()):
        note_use(me, "register.see", node)
    with acting_system(region, now) as system:
        audit.write(system, [Fact(region.pk, "people.assign", "x", "y")])
    log_in(client, person(region, Role.CISO))
    text = page(client, "grant", grant.public_id)
    assert "Het register bekijken" in text
    assert "Sem Analist" in text
    assert "Rollen geven" not in text
    log_in(client, person(region, Role.CHAIR))
    text = page(client, "grant", grant.public_id)
    assert "geen inzage in het logboek" in text
    assert "Sem Analist" not in text


def test_what_others_opened_is_listed_and_theirs_to_end(
    client: Client, region: Organisation, soc: Organisation
) -> None:
    grant = give(region, soc)
    log_in(client, person(soc, Role.ADMIN))
    assert "Testregio VR17" in page(client, "grants")
    assert client.get(reverse("beheer:grant", args=[grant.public_id])).status_code == 404
    assert client.post(reverse("beheer:grant-end", args=[grant.public_id])).status_code == 404
    with every_owner():
        assert Grant.objects.get().ended_at is None


# --- Logbook ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def story(region: Organisation) -> None:
    now = timezone.now()
    for number in range(60):
        with acting_system(region, now - timedelta(days=60 - number)) as me:
            audit.write(me, [Fact(region.pk, "register.edit", "network.Node", "x", detail={"nummer": number})])
    with acting_system(organisation("VR15"), now) as stranger:
        denied = Fact(region.pk, "grant.see", "network.Grant", "y", audit.DENIED, {"reden": "=HYPERLINK(1)"})
        audit.write(stranger, [denied])


def test_the_logbook_speaks_dutch_pages_and_filters(client: Client, region: Organisation, story: None) -> None:
    log_in(client, person(region, Role.CISO))
    first = page(client, "logbook")
    assert "Mandaten bekijken" in first
    assert "Testregio VR15" in first
    assert first.count("Het register wijzigen</") + first.count("Het register wijzigen<br>") >= 49
    assert "nummer: 11<" in first
    assert "nummer: 10<" not in first
    with every_owner():
        last_shown = AuditEntry.objects.get(organisation=region, seq=12)
    assert f"?after={last_shown.public_id}" in first
    assert "nummer: 10<" in page(client, "logbook", after=str(last_shown.public_id))
    assert "nummer" not in page(client, "logbook", result="geweigerd")
    assert "nummer" not in page(client, "logbook", who="VR15")
    assert "Mandaten bekijken<br>" not in page(client, "logbook", action="register.edit")
    day = str(timezone.localdate() - timedelta(days=10))
    assert page(client, "logbook", since=day, until=day).count("nummer: ") == 1
    assert "Geen regels met deze filters" in page(client, "logbook", until="2001-01-01")
    for nonsense in (
        {"since": "gisteren"},
        {"action": "verzonnen"},
        {"after": "9" * 30},
        {"after": "x"},
        {"result": "1"},
    ):
        page(client, "logbook", **nonsense)


def test_the_download_is_the_list_and_harmless(client: Client, region: Organisation, story: None) -> None:
    log_in(client, person(region, Role.CISO))
    answer = client.get(reverse("beheer:logbook-export"), {"who": "VR15"})
    assert answer["Content-Disposition"].startswith('attachment; filename="logboek-vr17-')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][2:4] == ["Mandaten bekijken", "Geweigerd"]
    assert "reden: =HYPERLINK(1)" in rows[1]
    assert len(list(csv.reader(io.StringIO(client.get(reverse("beheer:logbook-export")).content.decode())))) == 62


def test_the_chain_is_checked_on_request(client: Client, region: Organisation, story: None) -> None:
    log_in(client, person(region, Role.CISO))
    answer = client.post(reverse("beheer:logbook-verify"), follow=True).content.decode()
    assert "De keten klopt: 61 regels nagerekend." in answer
    AuditEntry._base_manager.filter(organisation=region, seq=7).update(result="ingezien")
    answer = client.post(reverse("beheer:logbook-verify"), follow=True).content.decode()
    assert "De keten klopt niet op 1 plaats: regel 7: de inhoud is veranderd." in answer
    assert client.get(reverse("beheer:logbook-verify")).status_code == 405


def test_an_erased_name_is_said(client: Client, region: Organisation, story: None) -> None:
    with every_owner():
        from brandwacht.network.models import AuditPerson

        AuditPerson.objects.filter(organisation=region).delete()
    assert "naam gewist" in page(log_in(client, person(region, Role.CISO)), "logbook")


def test_nobody_reads_the_logbook_of_another(client: Client, region: Organisation, story: None) -> None:
    log_in(client, person(organisation("VR01"), Role.CISO))
    assert "Er staat nog niets in" in page(client, "logbook")
    assert "nummer" not in page(client, "logbook", who="VR17")
