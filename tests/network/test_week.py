"""Deze week: ranked, at most seven, done and undone, put off with a reason, and one organisation at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.network.models import Action, ActionState, AuditEntry, Organisation, User
from brandwacht.network.panels import Panel, PanelContent
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import every_owner
from brandwacht.network.views.week import summary
from tests.network.faces import log_in
from tests.world import acting_system, organisation, person

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def region() -> Organisation:
    return organisation("VR17")


@pytest.fixture
def ciso(region: Organisation) -> User:
    return person(region, Role.CISO, name="Noor Test")


def put(owner: Organisation, key: str, **facts: Any) -> Action:
    usual = {"title": f"Doe {key}", "room": "beheer", "path": "/beheer/register", "closes_itself": False, "effort": 15}
    todo = Todo(**({"key": key} | usual | facts))
    with acting_system(owner, timezone.now()) as me:
        return actions.put(owner.pk, todo, me.now)


def reload(action: Action) -> Action:
    with every_owner():
        return Action.objects.get(pk=action.pk)


def test_seven_at_most_the_worst_first_and_a_way_to_the_rest(client: Client, region: Organisation, ciso: User) -> None:
    for n in range(9):
        put(region, f"gewoon{n}", risk=2, effort=20)
    put(region, "ergst", risk=4, effort=10, why="Want het brandt.")
    soon = put(region, "bijna", risk=2, effort=10, due=timezone.now() + timedelta(hours=20))
    page = log_in(client, ciso).get(HOME).content.decode()
    assert page.count("bw-todo__title") == 7
    assert page.index("Doe bijna") < page.index("Doe ergst") < page.index("Doe gewoon0")
    assert "U heeft 11 acties. De eerste drie kosten samen ongeveer 40 minuten." in page
    assert "Want het brandt." in page
    assert "De rest: nog 4" in page
    assert "Dit moet binnen een dag klaar zijn, het risico is gemiddeld en het is zo gedaan." in page
    assert str(soon.public_id) in page
    assert client.get(HOME, {"alles": "1"}).content.decode().count("bw-todo__title") == 11


@pytest.mark.parametrize(
    ("count", "efforts", "expected"),
    [
        (0, [], "U heeft nu geen acties."),
        (1, [15], "U heeft 1 actie. Die kost ongeveer 15 minuten."),
        (2, [1, 1], "U heeft 2 acties. Samen kosten ze ongeveer 2 minuten."),
        (3, [20, 20, 20], "U heeft 3 acties. Samen kosten ze ongeveer 1 uur."),
        (3, [240, 30, 5], "U heeft 3 acties. Samen kosten ze ongeveer 4,5 uur."),
        (5, [15, 15, 11], "U heeft 5 acties. De eerste drie kosten samen ongeveer 40 minuten."),
        (1000, [1, 2, 3], "U heeft meer dan 999 acties. De eerste drie kosten samen ongeveer 6 minuten."),
    ],
)
def test_the_sentence(count: int, efforts: list[int], expected: str) -> None:
    assert summary(count, efforts) == expected


def test_done_can_be_undone(client: Client, region: Organisation, ciso: User) -> None:
    action = put(region, "klus")
    log_in(client, ciso)
    page = client.post(reverse("week:finish", args=[action.public_id]), follow=True).content.decode()
    assert reload(action).state == ActionState.DONE
    assert "“Doe klus” is gedaan." in page
    assert "Ongedaan maken" in page
    assert "Deze week gedaan" in page
    page = client.post(reverse("week:reopen", args=[action.public_id]), follow=True).content.decode()
    assert reload(action).state == ActionState.OPEN
    assert "staat weer bij uw acties" in page
    with every_owner():
        assert list(AuditEntry.objects.filter(action="action.do").values_list("result", flat=True)) == ["gedaan"] * 2


def test_later_needs_a_day_and_a_reason_and_keeps_what_was_typed(
    client: Client, region: Organisation, ciso: User
) -> None:
    action = put(region, "klus", due=timezone.now() + timedelta(days=10))
    log_in(client, ciso)
    url = reverse("week:postpone", args=[action.public_id])
    today = timezone.localdate()
    for data, message in (
        ({"until": str(today + timedelta(days=3)), "reason": ""}, "Dit veld is verplicht"),
        ({"until": str(today), "reason": "Wacht op de leverancier"}, "Kies een dag na vandaag."),
        ({"until": str(today + timedelta(days=40)), "reason": "Wacht op de leverancier"}, "kies een eerdere dag"),
    ):
        answer = client.post(url, data)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert data["reason"] in answer.content.decode()
        assert reload(action).state == ActionState.OPEN
    answer = client.post(url, {"until": str(today + timedelta(days=3)), "reason": "Wacht op de leverancier"})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert reload(action).state == ActionState.LATER
    assert "Uitgesteld" in page
    assert "Ongedaan maken" in page
    assert "Er staat geen actie op uw naam." in page


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SYSTEM])
def test_it_works_for_every_role(client: Client, region: Organisation, role: Role) -> None:
    put(region, "mijn", role=role)
    page = log_in(client, person(region, role)).get(HOME)
    assert page.status_code == 200
    assert "Doe mijn" in page.content.decode()


def test_an_action_of_somebody_else_is_not_there_and_not_mine_to_end(
    client: Client, region: Organisation, ciso: User
) -> None:
    mine = put(region, "van-de-ciso")
    elsewhere = put(organisation("VR15"), "van-een-ander")
    log_in(client, person(region, Role.RISK_ADVISER))
    assert "van-de-ciso" not in client.get(HOME).content.decode()
    for action in (mine, elsewhere):
        assert client.post(reverse("week:finish", args=[action.public_id])).status_code == 404
        assert reload(action).state == ActionState.OPEN
        assert action.title not in client.get(HOME, {"net": str(action.public_id)}).content.decode()


def test_someone_without_a_role_reads_what_to_do(client: Client) -> None:
    nobody = User.objects.create_user("niemand@test.example", "Niemand", "een-lang-testwachtwoord")
    assert "nog geen rol" in log_in(client, nobody).get(HOME).content.decode()
    assert client.post(reverse("week:switch"), {"organisation": "VR17"}, follow=True).status_code == 200
    assert "organisation" not in client.session


def test_switching_only_to_where_you_have_a_role(client: Client, region: Organisation, ciso: User) -> None:
    other = organisation("VR15")
    organisation("VR16")
    put(other, "daar")
    with acting_system(other, timezone.now()) as me:
        from brandwacht.network.services import people

        people.assign(me, ciso.email, "", Role.CISO, timezone.localdate())
    log_in(client, ciso)
    assert client.post(reverse("week:switch"), {"organisation": "VR16"}).status_code == 400
    answer = client.post(reverse("week:switch"), {"organisation": "VR15", "next": "/beheer/mensen"})
    assert answer["Location"] == "/beheer"
    assert "Doe daar" in client.get(HOME).content.decode()
    answer = client.post(reverse("week:switch"), {"organisation": "VR17", "next": "https://elders.example/beheer"})
    assert answer["Location"] == "/"
    assert "Doe daar" not in client.get(HOME).content.decode()
    assert client.get(reverse("week:switch")).status_code == 405


def test_rooms_above_can_say_what_runs_now(
    client: Client, region: Organisation, ciso: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = PanelContent("components/panel.html", {"title": "Er loopt een incident", "body": "Nummer 7"})
    monkeypatch.setattr("brandwacht.network.panels._panels", {"week": [Panel("t", 1, lambda _actor, _thing: content)]})
    page = log_in(client, ciso).get(HOME).content.decode()
    assert "Er loopt een incident" in page
    assert "Nummer 7" in page


def test_few_queries(client: Client, region: Organisation, ciso: User, django_assert_max_num_queries: Any) -> None:
    for n in range(20):
        put(region, f"klus{n}", owner_id=ciso.pk)
    log_in(client, ciso).get(HOME)
    with django_assert_max_num_queries(15):
        client.get(HOME)


def test_what_is_already_late_is_not_sent_looking_for_an_earlier_day(
    client: Client, region: Organisation, ciso: User
) -> None:
    action = put(region, "klus", due=timezone.now() - timedelta(days=2))
    log_in(client, ciso)
    later = {"until": str(timezone.localdate() + timedelta(days=3)), "reason": "Wacht op de leverancier"}
    page = client.post(reverse("week:postpone", args=[action.public_id]), later).content.decode()
    assert "is al te laat; uitstellen kan niet meer" in page
    assert "kies een eerdere dag" not in page


def test_what_closes_itself_is_never_ticked_off_by_hand(client: Client, region: Organisation, ciso: User) -> None:
    action = put(region, "meldplicht", closes_itself=True, due=timezone.now() + timedelta(days=3))
    page = log_in(client, ciso).get(HOME).content.decode()
    finish = reverse("week:finish", args=[action.public_id])
    assert "Nu doen" in page
    assert "Later, omdat…" in page
    assert finish not in page
    answer = client.post(finish)
    assert answer.status_code == 400
    assert "Rond “Doe meldplicht” af in Beheer; dan verdwijnt de actie vanzelf." in answer.content.decode()
    assert reload(action).state == ActionState.OPEN
    with acting_system(region, timezone.now()) as me:
        actions.complete(region.pk, "meldplicht", me)
    assert reload(action).state == ActionState.DONE


def test_what_is_late_offers_no_later(client: Client, region: Organisation, ciso: User) -> None:
    put(region, "meldplicht", closes_itself=True, due=timezone.now() - timedelta(hours=1))
    page = log_in(client, ciso).get(HOME).content.decode()
    assert "Nu doen" in page
    assert "Later, omdat…" not in page


def test_given_to_a_colleague_and_taken_back(client: Client, region: Organisation, ciso: User) -> None:
    action = put(region, "klus", due=timezone.now() + timedelta(days=10))
    adviser = person(region, Role.CRISIS_ADVISER, name="Daan Proef")
    stranger = person(organisation("VR15"), Role.CISO)
    log_in(client, ciso)
    url = reverse("week:give", args=[action.public_id])
    for wrong in ("", str(stranger.public_id), str(ciso.public_id), "x"):
        answer = client.post(url, {"colleague": wrong})
        assert answer.status_code == 422
        assert reload(action).owner is None
    page = client.post(url, {"colleague": str(adviser.public_id)}, follow=True).content.decode()
    assert "“Doe klus” ligt nu bij Daan Proef." in page
    assert page.count("bw-todo__title") == 0
    assert "Bij collega&#x27;s: 1" in page or "Bij collega's: 1" in page
    assert "Haal terug" in client.get(HOME, {"alles": "1"}).content.decode()
    put(region, "klus", due=timezone.now() + timedelta(days=9))  # its room asks again: it stays where it was given
    assert reload(action).owner == adviser
    theirs = Client()
    assert "gekregen van Noor Test" in log_in(theirs, adviser).get(HOME).content.decode()
    assert theirs.post(url, {"colleague": str(ciso.public_id)}).status_code == 403
    client.post(reverse("week:take-back", args=[action.public_id]))
    assert reload(action).owner is None
    assert "Doe klus" not in theirs.get(HOME).content.decode()


def test_who_does_it_is_not_changed_where_the_room_decided(client: Client, region: Organisation, ciso: User) -> None:
    adviser = person(region, Role.CRISIS_ADVISER, name="Daan Proef")
    action = put(region, "maatregel", owner_id=adviser.pk)
    answer = log_in(client, ciso).post(
        reverse("week:give", args=[action.public_id]), {"colleague": str(person(region, Role.ADMIN).public_id)}
    )
    assert "heeft al een eigenaar" in answer.content.decode() or answer.status_code == 422
    assert reload(action).owner == adviser


def test_a_colleague_who_is_late_comes_back_into_view(client: Client, region: Organisation, ciso: User) -> None:
    adviser = person(region, Role.CRISIS_ADVISER, name="Daan Proef")
    put(region, "op-tijd", owner_id=adviser.pk, due=timezone.now() + timedelta(days=3))
    put(region, "laat", owner_id=adviser.pk, due=timezone.now() - timedelta(days=3))
    page = log_in(client, ciso).get(HOME).content.decode()
    assert "Dit ligt bij Daan Proef en is te laat." in page
    assert "Doe op-tijd" not in page
    assert "Doe op-tijd" in client.get(HOME, {"alles": "1"}).content.decode()


@pytest.mark.parametrize(
    ("came_from", "link"),
    [
        ("http://testserver/?alles=1", 'href="http://testserver/?alles=1">Terug naar de vorige pagina'),
        ("https://elders.example/", 'href="/">Naar Deze week'),
        ("javascript:alert(1)", 'href="/">Naar Deze week'),
        ("", 'href="/">Naar Deze week'),
    ],
)
def test_a_refusal_leads_back(client: Client, region: Organisation, ciso: User, came_from: str, link: str) -> None:
    action = put(region, "meldplicht", closes_itself=True)
    answer = log_in(client, ciso).post(reverse("week:finish", args=[action.public_id]), headers={"referer": came_from})
    assert answer.status_code == 400
    assert link in answer.content.decode()
