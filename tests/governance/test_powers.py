"""Who may what: the panel on an incident and the network map."""

from __future__ import annotations

import pytest
from django.test import Client

from brandwacht.engines.authority import load_powers
from brandwacht.governance.panels import who_may_what
from brandwacht.governance.powers import SHOWN, in_phase, network_map
from brandwacht.network.domains import GrantKind
from brandwacht.network.roles import Role
from tests.governance import scene
from tests.world import actor, mandate, organisation, person

pytestmark = pytest.mark.django_db
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def test_my_hats_come_first() -> None:
    found = in_phase("eigen_organisatie", "warm", ("voorzitter_veiligheidsregio",))
    assert found.first[0].key == "voorzitter_veiligheidsregio"
    assert found.first[0].mine
    assert [group.key for group in found.first[1:]] == ["burgemeester", "regioburgemeester"]
    assert sum(len(group.rows) for group in found.first) == SHOWN


@pytest.mark.parametrize("scenario", list(load_powers().scenarios))
@pytest.mark.parametrize("phase", list(load_powers().phases))
def test_every_row_is_shown_once_and_without_power_a_lever_is_named(scenario: str, phase: str) -> None:
    found = in_phase(scenario, phase, ("ciso",))
    rows = [row for groups in (found.first, found.rest) for group in groups for row in group.rows]
    assert len(rows) == len({(r.key, r.role) for r in rows}) == len(load_powers().who(scenario, phase))
    assert all(row.lever for row in rows if not row.may)
    assert {row.source.key for row in rows} == {source.key for source in found.sources}


def test_an_unknown_scenario_falls_back_to_what_always_holds() -> None:
    assert in_phase("vervallen", "warm", ()).scenario == "algemeen"


def test_a_hat_of_elsewhere_counts_only_for_the_cert() -> None:
    region, cert = organisation("VR17"), organisation("VR-CERT", "landelijk")
    mandate(region, cert, GrantKind.CERT_MANDATE, act=True)
    row = scene.incident(region)
    lead = actor(person(cert, Role.CERT_LEAD, Role.CISO), cert)
    panel = who_may_what(lead, row)
    assert panel is not None
    assert [g.key for g in panel.context["found"].first if g.mine] == ["cert_lead"]
    own = who_may_what(actor(person(region, Role.CISO), region), row)
    assert own is not None
    assert [g.key for g in own.context["found"].first if g.mine] == ["ciso"]


@pytest.mark.parametrize("scenario", list(load_powers().scenarios))
def test_the_map_holds_every_power_of_every_phase(scenario: str) -> None:
    found = network_map(scenario)
    phases = list(load_powers().phases)
    for role in found.roles:
        for line in role.lines:
            assert sum(cell.span for cell in line) == len(phases)
    laid = sum(cell.span for role in found.roles for line in role.lines for cell in line if cell.power)
    assert laid == sum(len(load_powers().who(scenario, phase)) for phase in phases)


def test_the_map_can_be_narrowed() -> None:
    found = network_map("haven", "warm", "burgemeester")
    assert [role.key for role in found.roles] == ["burgemeester"]
    assert [label for label, _meaning in found.phases] == ["Warm: gevolgen bestrijden"]


@pytest.mark.parametrize("role", [Role.COUNCILLOR, Role.SOC_ANALYST, Role.MAYOR, Role.LINE_MANAGER])
def test_everybody_with_a_role_sees_the_map(client: Client, role: Role, django_assert_max_num_queries) -> None:
    client.force_login(person(organisation("VR17"), role), backend=LOGIN)
    with django_assert_max_num_queries(15):
        page = client.get("/besturen/bevoegdheden", {"scenario": "telecom", "phase": "warm"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Geen bevoegdheid." in text
    assert "Wat dan wel:" in text
    assert "te bevestigen door jurist" in text
    assert "uit vakkennis opgesteld" in text
    assert "GRIP 5" in text


def test_nonsense_in_the_address_shows_the_field_and_the_general_map(client: Client) -> None:
    client.force_login(person(organisation("VR17"), Role.CISO), backend=LOGIN)
    page = client.get("/besturen/bevoegdheden", {"scenario": "x", "role": "x", "phase": "x"})
    assert page.status_code == 200
    assert "Elke digitale verstoring" in page.content.decode()
