"""How sure an indicator is, warning lists before sharing, and the pages of the national node."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.cli.sharing import ndn as ndn_command
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Action
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import FeedIndicator, IndicatorWord, NodeConnection, StixObject, Threat
from brandwacht.sharing.ndn import how_sure
from brandwacht.sharing.services import node, node_feed, threats, words
from brandwacht.sharing.services.list_choices import Choice
from tests.sharing.conftest import Persona
from tests.sharing.members import Members, members
from tests.world import NOW, acting, acting_system, organisation, person

LISTED = "bekendesite.example\nkwaad.example"
KEEP, LEAVE = Choice(True, "Wordt nu misbruikt"), Choice(False)
GIVEN = datetime(2026, 11, 1, tzinfo=UTC)
reports = st.lists(st.tuples(st.integers(1, 30), st.dates(date(2026, 11, 2), date(2026, 11, 20)), st.booleans()))


@settings(max_examples=25, deadline=None)
@given(reports, st.integers(31, 33), st.booleans())
def test_the_score_tells_no_more_than_the_steps(said: list[tuple[int, date, bool]], member: int, seen: bool) -> None:
    """One more organisation changes the score only when it changes what is shown of the numbers."""
    before = how_sure("domain", 60, GIVEN, said, NOW)
    after = how_sure("domain", 60, GIVEN, [*said, (member, date(2026, 11, 3), seen)], NOW)
    if before.reason == after.reason:
        assert before.score == after.score


def test_what_others_say_moves_the_score() -> None:
    day = date(2026, 11, 20)
    assert how_sure("sha256", 60, NOW, [], NOW).score == 60
    false = how_sure("sha256", 60, NOW, [(1, day, False)], NOW)
    assert (false.score, false.useful) == (20, True)
    assert not how_sure("sha256", 60, NOW, [(n, day, False) for n in range(3)], NOW).useful
    back = [(1, day, False), (1, date(2026, 11, 21), True)]  # the latest word of a member counts
    assert how_sure("sha256", 60, NOW, back, NOW).false == 0


@pytest.fixture
def circle(db: None) -> Members:
    made = members("een", "twee")
    made.sign("een", "twee")
    return made


def draft(circle: Members, who: str = "een", *, pseudonymous: bool = False) -> Threat:
    with acting(circle[who].actor) as me:
        return threats.write(me, circle.report(indicators=LISTED), pseudonymous=pseudonymous)


def values(row: Threat) -> list[str]:
    return [each["value"] for each in row.indicators]


class TestListed:
    def test_without_a_choice_nothing_is_shared(self, circle: Members) -> None:
        row = draft(circle)
        with acting(circle["een"].actor) as me:
            with pytest.raises(Refused, match="Bekende sites"):
                threats.share(me, row.public_id)
            with pytest.raises(Refused, match="waarom u"):
                threats.share(me, row.public_id, keep=Choice(True, " "))
            assert values(threats.share(me, row.public_id, keep=LEAVE)) == ["kwaad.example"]
        with every_owner():
            patterns = StixObject.objects.filter(kind="indicator").values_list("content__pattern", flat=True)
            assert [each for each in patterns if "bekendesite" in each] == []
            assert len(patterns) == 1

    def test_what_is_kept_is_told_and_not_asked_again(self, circle: Members) -> None:
        row = draft(circle)
        with acting(circle["een"].actor) as me:
            threats.share(me, row.public_id, keep=KEEP)
            changed = threats.change(me, row.public_id, circle.report(indicators=LISTED))
            with pytest.raises(Refused, match="Openbare naamservers"):
                threats.change(me, row.public_id, circle.report(indicators="9.9.9.9"))
            threats.change(me, row.public_id, circle.report(indicators="9.9.9.9", keep_why="Gekaapt"))
        assert [each["why"] for each in changed.kept] == ["Wordt nu misbruikt"]

    def test_a_reason_under_a_pseudonym_does_not_name_its_writer(self, circle: Members) -> None:
        circle.keepers("een", "twee")
        row = draft(circle, pseudonymous=True)
        with acting(circle["een"].actor) as me, pytest.raises(Refused, match="In de reden"):
            threats.share(me, row.public_id, anyway=True, keep=Choice(True, f"Zegt {circle['een'].at.name}"))

    def test_the_page_asks_and_shows(self, circle: Members, browse: Callable[[Persona | None], Client]) -> None:
        row = draft(circle)
        address = reverse("sharing:threat-share", args=[row.public_id])
        client = browse(circle["een"])
        page = client.get(address)
        (name,) = page.context["listed"].names
        assert "Bekende sites" in page.content.decode()
        assert client.post(address, {f"keuze-{name}": "houd", name: ""}).status_code == 422
        assert client.post(address, {f"keuze-{name}": "houd", name: "Misbruikt"}).status_code == 302
        told = browse(circle["twee"]).get(reverse("sharing:threat", args=[row.public_id])).content.decode()
        assert "de schrijver houdt het: Misbruikt" in told


def test_a_member_finds_an_indicator_to_be_nothing(circle: Members, browse: Callable[[Persona | None], Client]) -> None:
    row = circle.shared("een", indicators="kwaad.example")
    (key,) = node_feed.keys_of(row).values()
    client = browse(circle["twee"])
    address = reverse("sharing:threat-judge", args=[row.public_id, key])
    assert client.post(address, {"oordeel": "onterecht"}).status_code == 302
    shown = client.get(reverse("sharing:threat", args=[row.public_id])).content.decode()
    assert "onterecht volgens 1 of 2" in shown
    assert "ook volgens uw organisatie" in shown
    with acting(circle["twee"].actor) as me:
        words.judge(me, row.public_id, key, false=False)
        with pytest.raises(NotFound):
            words.judge(me, row.public_id, row.public_id, false=True)
    with every_owner():
        assert not IndicatorWord.objects.exists()


@pytest.fixture
def ciso(circle: Members) -> Persona:
    """The CISO at the region of one of the members, of a circle that has a node."""
    with acting_system(circle.owner) as me:
        node_feed.set_node(me, organisation("NIPV", "instituut"))
    home = circle["een"].at
    return Persona(person(home, Role.CISO), home)


BRIDGE = node.Transition(date(2027, 3, 1), "Directeur", "Het plan loopt")


class TestConnecting:
    @pytest.mark.parametrize(
        ("transition", "why"),
        [
            (None, "voldoet nog niet"),
            (node.Transition(date(2027, 3, 1), "", "x"), "met functie"),
            (node.Transition(date(2027, 3, 1), "x", ""), "berust"),
            (node.Transition(None, "x", "x"), "einddatum"),
            (node.Transition(date(2026, 11, 22), "x", "x"), "na vandaag"),
            (node.Transition(date(2036, 1, 1), "x", "x"), "hoogstens tot"),
        ],
    )
    def test_what_is_missing_is_said(self, ciso: Persona, transition: node.Transition | None, why: str) -> None:
        with acting(ciso.actor) as me, pytest.raises(Refused, match=why):
            node.connect(me, "sector", transition)

    def test_once_and_with_a_known_agreement(self, ciso: Persona) -> None:
        with acting(ciso.actor) as me:
            with pytest.raises(Refused, match="teruggaat"):
                node.connect(me, "alles", BRIDGE)
            row = node.connect(me, "sector", BRIDGE)
            with pytest.raises(Refused, match="al aangesloten"):
                node.connect(me, "sector", BRIDGE)
            node.disconnect(me, row.public_id)
            with pytest.raises(Refused, match="al verbroken"):
                node.disconnect(me, row.public_id)
            node.connect(me, "niets", BRIDGE)

    def test_an_action_comes_before_the_decision_ends(self, ciso: Persona) -> None:
        with acting(ciso.actor) as me:
            row = node.connect(me, "sector", node.Transition(me.today + timedelta(days=20), "Directeur", "Plan"))
        assert node.remind(NOW)
        with every_owner():
            assert Action.objects.get(key=node.action_key(row)).organisation_id == ciso.at.pk

    def test_the_pages(self, circle: Members, ciso: Persona, browse: Callable[[Persona | None], Client]) -> None:
        client = browse(ciso)
        shown = client.get(reverse("sharing:node")).content.decode()
        assert "Er is nog geen rapportage vrijgegeven." in shown
        wrong = client.post(reverse("sharing:node-connect"), {"level": "sector"})
        assert wrong.status_code == 422
        ends = timezone.localdate() + timedelta(days=40)
        facts = {"level": "sector", "by": "Directeur", "until": ends.isoformat(), "why": "Plan"}
        assert client.post(reverse("sharing:node-connect"), facts).status_code == 302
        assert "is aangesloten" in client.get(reverse("sharing:node")).content.decode()
        with every_owner():
            row = NodeConnection.objects.get()
        client.post(reverse("sharing:node-agree", args=[row.public_id]), {"level": "regio"})
        client.post(reverse("sharing:node-disconnect", args=[row.public_id]))
        row.refresh_from_db()
        assert (row.level, row.ended_at is not None) == ("regio", True)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"objects": 3}', b"\x00", b'{"objects": []}'])
def test_a_bad_file_is_refused_and_nothing_is_kept(circle: Members, ciso: Persona, data: bytes) -> None:
    with acting_system(circle.owner) as me, pytest.raises(Refused) as error:
        node_feed.import_bundle(me, data)
    assert error.value.field == "file"
    with every_owner():
        assert not FeedIndicator.objects.exists()


def test_the_command_reads_a_bundle(
    circle: Members, ciso: Persona, tmp_path: Path, settings: object, browse: Callable[[Persona | None], Client]
) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    thing = (
        '{"type": "indicator", "spec_version": "2.1", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", '
        '"created": "2026-11-20T10:00:00.000Z", "modified": "2026-11-20T10:00:00.000Z", "pattern_type": "stix", '
        '"valid_from": "2026-11-20T10:00:00.000Z", "pattern": "[domain-name:value = \'kwaad.example\']"}'
    )
    path = tmp_path / "bundel.json"
    path.write_text(f'{{"objects": [{thing}, {{"type": "indicator"}}]}}', encoding="utf-8")
    result = CliRunner().invoke(ndn_command, [str(path)])
    assert "1 objecten gelezen, 1 geweigerd" in result.output
    with every_owner():
        assert FeedIndicator.objects.get().tlp == "AMBER_STRICT"  # what is not marked
    with acting(ciso.actor) as me:
        node.connect(me, "sector", BRIDGE)
    for name, there in (("een", 1), ("twee", 0)):  # the search of the room tells who is connected that it is there
        found = browse(circle[name]).get(reverse("sharing:reading"), {"q": "kwaad[.]example"})
        assert found.context["in_feed"] == there
    feed = browse(circle["een"])
    for text, there in (("kwaad[.]example", 1), ("goed.example", 0)):
        assert len(feed.get(reverse("sharing:node-feed"), {"q": text}).context["rows"]) == there
