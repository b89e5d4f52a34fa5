"""The board page: who sees it, what it says, what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from brandwacht.governance import board as page
from brandwacht.governance import queries
from brandwacht.governance.models import BoardFigure
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap.services import run_cascade
from tests.governance import scene
from tests.world import NOW, acting, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def log_in(client: Client, owner: Organisation, *roles: Role) -> Client:
    client.force_login(person(owner, *roles), backend=LOGIN)
    return client


def board_of(owner: Organisation, *roles: Role) -> page.Board:
    with acting(actor(person(owner, *roles), owner)) as me:
        return page.board(me, owner)


def figure(owner: Organisation, key: str, days_ago: int, value: float) -> None:
    with every_owner():
        BoardFigure(organisation=owner, key=key, on=NOW.date() - timedelta(days=days_ago), value=value).save()


@pytest.mark.parametrize("role", [Role.CHAIR, Role.BOARD, Role.MAYOR, Role.CISO, Role.RISK_ADVISER])
def test_the_board_and_who_prepares_it_see_the_page(client: Client, role: Role) -> None:
    page = log_in(client, organisation("VR17"), role).get("/besturen")
    assert page.status_code == 200
    assert "Stand van zaken voor het bestuur" in page.content.decode()


@pytest.mark.parametrize("role", [Role.SOC_ANALYST, Role.ADMIN, Role.LINE_MANAGER, Role.COUNCILLOR])
def test_others_get_a_reason(client: Client, role: Role) -> None:
    page = log_in(client, organisation("VR17"), role).get("/besturen")
    assert page.status_code == 403
    assert ("vrijgegeven" in page.content.decode()) == (role is Role.COUNCILLOR)


def test_a_mandate_does_not_open_the_board_page(client: Client) -> None:
    region, soc = organisation("VR17"), organisation("VR-SOC", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    assert log_in(client, soc, Role.SOC_ANALYST).get("/besturen").status_code == 403


def test_it_is_in_the_menu_of_those_who_may_see_it(client: Client) -> None:
    region = organisation("VR17")
    assert 'href="/besturen"' in log_in(client, region, Role.CHAIR).get("/").content.decode()
    assert 'href="/besturen"' not in log_in(client, region, Role.SOC_ANALYST).get("/").content.decode()


def test_the_week_of_the_chair_points_to_what_the_page_asks(client: Client, django_assert_max_num_queries) -> None:
    region = organisation("VR17")
    home = log_in(client, region, Role.CHAIR).get("/").content.decode()
    assert "Op de bestuurspagina" not in home
    for n in range(2):
        scene.measure(region, f"Maatregel {n}", NOW.date() + timedelta(days=400), for_board=True)
    scene.clock(scene.incident(region))
    with django_assert_max_num_queries(15):
        home = client.get("/").content.decode()
    assert 'href="/besturen">Op de bestuurspagina vragen 3 zaken uw besluit of aandacht</a>' in home
    assert "U bent bij" not in home
    assert "Op de bestuurspagina" not in log_in(client, region, Role.CISO).get("/").content.decode()


def test_nobody_reads_the_figures_of_another(client: Client) -> None:
    scene.full_region("VR15")
    found = board_of(organisation("VR17"), Role.CHAIR)
    assert (found.running_count, found.decision_count, found.basis.based_on, found.risk) == (0, 0, 0, None)


def test_an_empty_municipality_reads_what_to_do_next(client: Client) -> None:
    text = log_in(client, organisation("GM0599", "gemeente"), Role.MAYOR).get("/besturen").content.decode()
    for sentence in (
        "Nog geen vraag van de norm is beantwoord.",
        "Er loopt geen incident bij ",
        "Er staat nog geen vitaal proces op de risicokaart.",
        "Er ligt nu niets voor.",
        "Als burgemeester",
        "Wat dan wel:",
        "fase koud",
    ):
        assert sentence in text


def test_every_line_of_a_full_region(client: Client) -> None:
    region = scene.full_region()
    figure(region, "basis", 8, 20)
    figure(region, "basis", 3, 99)
    figure(region, "incidenten", 8, 5)
    found = board_of(region, Role.CHAIR, Role.BOARD)
    assert found.basis.based_on == 60
    assert found.basis_change == f"+{found.basis.percent - 20} sinds 14 november"
    assert found.running_change == "gelijk aan 14 november"
    assert found.running_count == 5
    assert found.running[0].incident.number == "2026-002", "the warm one decides the phase"
    assert found.running[0].clock is not None
    assert found.running[0].clock.due == NOW + timedelta(hours=25)
    assert found.risk is not None
    assert found.risk.title == "Domeincontroller acht uur weg", "it hurts two vital processes, not one"
    assert (found.cost, found.decision_count) == (125_000, 16)
    late = found.decisions[-1]
    assert late.late
    assert late.text == "5 andere maatregelen zijn te laat"
    assert [hat.label for hat in found.hats] == [
        "voorzitter van de veiligheidsregio",
        "bestuur van de veiligheidsregio",
    ]
    assert found.phase == "warm"
    assert all(power.basis for hat in found.hats for power in hat.may)
    assert all(power.lever for hat in found.hats for power in hat.may_not)


def test_the_run_of_the_running_incident_goes_before_any_scenario() -> None:
    region = organisation("VR17")
    scene.cascade(region)
    row = scene.incident(region)
    with acting(actor(person(region, Role.CISO), region)) as me:
        run_cascade(me, region.pk, [{"node": "terminal"}], title="Nu", started_at=NOW, incident_ref=row.public_id)
    found = board_of(region, Role.CHAIR)
    assert found.risk is not None
    assert found.risk.title == "Nu"


def test_drills_and_closed_incidents_do_not_count() -> None:
    region = organisation("VR17")
    scene.clock(scene.incident(region, number="1", exercise=True))
    scene.incident(region, number="2", state="gesloten")
    found = board_of(region, Role.CHAIR)
    assert (found.running_count, found.decision_count, found.phase) == (0, 0, "koud")


def test_warnings_count_only_for_those_who_may_answer_them() -> None:
    region, circle = organisation("VR17"), organisation("VR-ISAC", "kring")
    mandate(circle, region, GrantKind.CIRCLE)
    scene.warning(circle, 1)
    scene.warning(circle, 2, tlp="RED")
    scene.warning(circle, 3, sent_at=NOW - timedelta(days=40))
    scene.warning(circle, 4, state="concept", sent_at=None)
    assert board_of(region, Role.CHAIR).warnings is None
    assert board_of(region, Role.CISO, Role.ISAC_MEMBER).warnings == 1


def test_the_ciso_reads_the_hats_of_the_board_and_is_told_so(client: Client) -> None:
    region = organisation("VR17")
    text = log_in(client, region, Role.CISO).get("/besturen").content.decode()
    assert "Als voorzitter van de veiligheidsregio" in text
    assert "U heeft zelf geen bestuurlijke rol" in text


def test_the_change_needs_a_figure_of_a_week_ago() -> None:
    region = organisation("VR17")
    scene.answers(region, 10)
    figure(region, "basis", 6, 1)
    with acting(actor(person(region, Role.CISO), region)) as me:
        assert queries.past_figures(me) == {}
    assert board_of(region, Role.CHAIR).basis_change == ""


def test_the_reason_is_in_the_error() -> None:
    with pytest.raises(Denied, match="vrijgegeven"):
        board_of(organisation("VR17"), Role.COUNCILLOR)


def test_the_full_page_stays_in_its_query_budget(client: Client, django_assert_max_num_queries) -> None:
    region = scene.full_region()
    log_in(client, region, Role.CISO, Role.ISAC_MEMBER, Role.CHAIR)
    client.get("/besturen")
    with django_assert_max_num_queries(14):
        client.get("/besturen")
