"""Cascades over a border: what is shared, what is followed, and that nothing behind a shared node comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.engines.cascade import Map, Outage, simulate
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Grant, Node, NodeKind, Organisation, Requirement, RoleAssignment
from brandwacht.network.roles import Role
from brandwacht.network.services import access
from brandwacht.network.services.register import NodeDraft, RequirementDraft, add_map
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import mapping
from brandwacht.riskmap.cascades import over_borders
from brandwacht.riskmap.models import Analysis, AnalysisState, CascadeRun, SharedNode, StandIn
from brandwacht.riskmap.queries import borders as queries_borders
from brandwacht.riskmap.services import analysis as services_analysis
from brandwacht.riskmap.services import borders as services_borders
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
SECRET = "GEHEIM"
OURS = (
    NodeDraft("stroom", "Stroom regio", NodeKind.SERVICE, "Energie"),
    NodeDraft("pomp", "Gemaal buren", NodeKind.SERVICE, "Water"),
    NodeDraft("dorp", "Droge voeten", NodeKind.PROCESS, "Water", vital=True),
)
OUR_NEEDS = (RequirementDraft("dorp", "Bemaling", ("pomp",), autonomy=60),)
THEIRS = (
    NodeDraft("voeding", "Voeding van buiten", NodeKind.SERVICE, f"{SECRET} sector"),
    NodeDraft("relais", f"{SECRET} relais", NodeKind.ASSET, f"{SECRET} sector"),
    NodeDraft("gemaal", f"{SECRET} gemaal 7", NodeKind.ASSET, f"{SECRET} sector"),
)
THEIR_NEEDS = (
    RequirementDraft("relais", f"{SECRET} kabel", ("voeding",), autonomy=30),
    RequirementDraft("gemaal", f"{SECRET} sturing", ("relais",), autonomy=90),
)
OUTAGES = [{"node": "stroom", "start": 0, "duration": 600, "state": "down"}]


@pytest.fixture
def neighbours() -> tuple[Organisation, Organisation]:
    """VR17 and VR15; stroom feeds their voeding, their gemaal is our pomp."""
    ours, theirs = organisation("VR17"), organisation("VR15")
    until = NOW + timedelta(days=90)
    with acting_system(ours) as me:
        add_map(me, OURS, OUR_NEEDS, source="test")
        services_borders.share(me, _node("stroom", ours), theirs, name="Stroom", ends_at=until)
    with acting_system(theirs) as them:
        add_map(them, THEIRS, THEIR_NEEDS, source="test")
        services_borders.share(them, _node("gemaal", theirs), ours, name="Gemaal", ends_at=until)
        services_borders.follow(them, _ref("Stroom"), _node("voeding", theirs))
    with acting_system(ours) as me:
        services_borders.follow(me, _ref("Gemaal"), _node("pomp", ours))
    return ours, theirs


def _node(key: str, owner: Organisation) -> Any:
    with every_owner():
        return Node.objects.get(organisation=owner, key=key).public_id


def _ref(name: str) -> Any:
    with every_owner():
        return SharedNode.objects.get(name=name).public_id


def _work(owner: Organisation) -> Analysis:
    """Asked for by an adviser, and done by the worker."""
    with acting(actor(person(owner, Role.RISK_ADVISER), owner)) as me:
        row = services_analysis.ask_border(me, OUTAGES, horizon=4320, title="Proef")
    services_analysis.run_analysis(owner.code, str(row.public_id), lambda: NOW)
    with every_owner():
        row.refresh_from_db()
    return row


def _run(owner: Organisation) -> CascadeRun:
    row = _work(owner)
    assert row.state == AnalysisState.DONE, row.reason
    with every_owner():
        return CascadeRun.objects.get(public_id=row.result["run"])


def test_a_cascade_goes_over_the_border_and_comes_back(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, theirs = neighbours
    run = _run(ours)
    first = {row[1]: row[0] for row in reversed(run.result["steps"]) if row[2] == "up"}
    assert first == {"stroom": 0, "pomp": 30 + 90, "dorp": 30 + 90 + 60}
    causes = {row[1]: (row[4], row[7]) for row in run.result["steps"] if row[3] == "down"}
    assert causes["pomp"] == ("border", [])
    assert "valt na 2 uur Gemaal buren uit en valt na 3 uur Droge voeten stil" in run.headline
    with every_owner():
        assert CascadeRun.objects.filter(organisation=theirs).count() == 0


def test_nothing_behind_the_shared_nodes_comes_out(
    neighbours: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, counts, paths, exports and pages; and every engine run holds nodes of one owner only."""
    ours, theirs = neighbours
    loaded: list[tuple[str, int]] = []
    whole = mapping.load

    def spied(who: Any, owner_id: int) -> Any:
        loaded.append((who.organisation_code, owner_id))
        return whole(who, owner_id)

    sides: list[set[str]] = []
    side = over_borders.Side

    def noted(network: Map, *args: Any, **kwargs: Any) -> Any:
        sides.append({node.key for node in network.nodes})
        return side(network, *args, **kwargs)

    monkeypatch.setattr(mapping, "load", spied)
    monkeypatch.setattr(over_borders, "Side", noted)
    run = _run(ours)
    own, other = {"stroom", "pomp", "dorp"}, {"voeding", "relais", "gemaal"}
    assert loaded == [("VR17", ours.pk), ("VR17", ours.pk), ("VR15", theirs.pk)]  # checked, then worked out
    assert sides == [own, own, other]
    assert run.result["size"] == len(OURS)
    told = f"{run.result} {run.headline} {run.title} {run.outages}"
    adviser = person(ours, Role.RISK_ADVISER)
    client = Client()
    client.force_login(adviser)
    for url in ("run", "run-csv", "run-svg"):
        answer = client.get(reverse(f"riskmap:{url}", args=[run.public_id]))
        assert answer.status_code == 200
        told += answer.content.decode()
    told += client.get(reverse("riskmap:border")).content.decode()
    with every_owner():
        told += str(list(AuditEntry.objects.filter(organisation=ours).values()))
    for word in (SECRET, SECRET.lower(), "relais", "voeding"):
        assert word not in told


def test_each_use_is_one_line_in_the_owners_chain_whatever_lies_behind(
    neighbours: tuple[Organisation, Organisation],
) -> None:
    ours, theirs = neighbours

    def lines() -> list[tuple[Any, ...]]:
        with every_owner():
            rows = AuditEntry.objects.filter(organisation=theirs, action="riskmap.shared.see").order_by("pk")
            return list(rows.values_list("actor_organisation", "object_id", "at", "detail"))

    _run(ours)
    _run(ours)
    before = lines()
    assert len(before) == 2
    assert {row[:3] for row in before} == {("VR17", str(_ref("Gemaal")), NOW)}
    with every_owner():
        Requirement.objects.filter(organisation=theirs).delete()
        Node.objects.filter(organisation=theirs, key="relais").delete()
    _run(ours)
    assert lines()[2][:3] == before[0][:3]
    assert lines()[2][3] == before[0][3]


def test_who_stops_it_keeps_nothing(
    neighbours: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a worker took it, and in the midst of the exchange."""
    ours, _theirs = neighbours
    settle, stopped = over_borders.settle, []

    def stop(row: Analysis) -> None:
        with acting(actor(person(ours, Role.CISO), ours)) as me:
            stopped.append(services_analysis.stop(me, row.public_id))

    def midway(parties: Any, links: Any, told: Any) -> Any:
        with every_owner():
            stop(Analysis.objects.get(state=AnalysisState.RUNNING))
        return settle(parties, links, told=told)

    with acting(actor(person(ours, Role.RISK_ADVISER), ours)) as me:
        row = services_analysis.ask_border(me, OUTAGES, horizon=4320, title="Proef")
    stop(row)
    assert services_analysis.run_analysis(ours.code, str(row.public_id), lambda: NOW) == "niet nodig"
    monkeypatch.setattr(over_borders, "settle", midway)
    row = _work(ours)
    assert (row.state, row.finished_at, len(stopped)) == (AnalysisState.STOPPED, NOW, 2)
    assert row.reason.startswith("Gestopt door ")
    with every_owner():
        assert not CascadeRun.objects.exists()


def test_who_lost_the_right_while_it_waited_gets_nothing(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, _theirs = neighbours
    with acting(actor(person(ours, Role.RISK_ADVISER), ours)) as me:
        row = services_analysis.ask_border(me, OUTAGES, horizon=4320, title="Proef")
    with every_owner():
        RoleAssignment.objects.filter(user_id=me.user_id).delete()
    assert services_analysis.run_analysis(ours.code, str(row.public_id), lambda: NOW) == AnalysisState.FAILED
    with every_owner():
        assert not CascadeRun.objects.exists()


def test_an_ended_grant_ends_the_exchange_at_once(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, theirs = neighbours
    with every_owner():
        grant = Grant.objects.get(organisation=theirs, kind=GrantKind.SHARED_NODE)
    with acting_system(theirs) as them:
        access.end(them, grant.public_id)
    with pytest.raises(Refused, match="Geen organisatie deelt"):
        _run(ours)
    with acting_system(ours) as me:
        assert queries_borders.offers(me) == []
        with pytest.raises(NotFound):
            services_borders.follow(me, _ref("Gemaal"), _node("pomp", ours))


def test_without_our_grant_their_map_hears_nothing(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, _theirs = neighbours
    with every_owner():
        grant = Grant.objects.get(organisation=ours, kind=GrantKind.SHARED_NODE)
    with acting_system(ours) as me:
        access.end(me, grant.public_id)
    run = _run(ours)
    assert {row[1] for row in run.result["steps"]} == {"stroom"}
    assert run.result["border"][0]["steps"] == []


def test_whatever_is_wrong_over_there_gives_one_sentence(
    neighbours: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, _theirs = neighbours
    side = over_borders.Side

    class Broken(side):  # type: ignore[valid-type, misc]
        def ahead(self, foreign: Any, since: int) -> Any:
            if "voeding" in self.network:
                raise KeyError(f"{SECRET} relais")
            return super().ahead(foreign, since)

    monkeypatch.setattr(over_borders, "Side", Broken)
    row = _work(ours)
    assert row.state == AnalysisState.FAILED
    assert row.reason.startswith("Wat een andere organisatie deelt, is nu niet door te rekenen.")
    assert SECRET not in row.reason


def test_a_grant_on_a_node_opens_no_other_row(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, theirs = neighbours
    with acting(actor(person(ours, Role.CISO), ours)) as me:
        assert set(Node.objects.values_list("organisation_id", flat=True)) == {ours.pk}
        assert StandIn.objects.exclude(organisation_id=ours.pk).count() == 0
        with pytest.raises(NotFound):
            mapping.load(me, theirs.pk)


def test_who_may_not_open_a_door_may_not_share(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, theirs = neighbours
    with acting(actor(person(ours, Role.RISK_ADVISER), ours)) as me, pytest.raises(Denied):
        services_borders.share(me, _node("dorp", ours), theirs, name="Dorp", ends_at=NOW + timedelta(days=9))


def test_a_node_is_shared_or_follows_not_both(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, theirs = neighbours
    with acting_system(ours) as me:
        with pytest.raises(Refused, match="volgt zelf"):
            services_borders.share(me, _node("pomp", ours), theirs, name="P", ends_at=NOW + timedelta(days=9))
        with pytest.raises(Refused, match="deelt u zelf"):
            services_borders.follow(me, _ref("Gemaal"), _node("stroom", ours))
        with pytest.raises(Refused, match="naam"):
            services_borders.share(me, _node("dorp", ours), theirs, name=" ", ends_at=NOW + timedelta(days=9))


def test_equals_the_joined_map(neighbours: tuple[Organisation, Organisation]) -> None:
    """The same answer as one run of both registers put together, which the rooms never do."""
    ours, theirs = neighbours
    run = _run(ours)
    with acting_system(ours) as me:
        own = mapping.load(me, ours.pk).network
    with acting_system(theirs) as them:
        other = mapping.load(them, theirs.pk).network
    same = {"voeding": "stroom", "gemaal": "pomp"}
    needs = [
        replace(
            need, node=same.get(need.node, need.node), providers=tuple(same.get(key, key) for key in need.providers)
        )
        for need in other.requirements
    ]
    joined = Map((*own.nodes, *(node for node in other.nodes if node.key not in same)), (*own.requirements, *needs))
    expected = simulate(joined, [Outage("stroom", 0, 600)], 4320)
    told = sorted((row[0], row[1], row[3]) for row in run.result["steps"])
    assert told == sorted((c.minute, c.node, c.after) for c in expected.changes if c.node in own)


def test_the_pages_share_follow_run_and_stop(neighbours: tuple[Organisation, Organisation]) -> None:
    ours, theirs = neighbours
    client = Client()
    client.force_login(person(ours, Role.CISO))
    until = (NOW + timedelta(days=9)).date().isoformat()
    shared = client.post(
        reverse("riskmap:border-share"),
        {"node": _node("dorp", ours), "name": "Dorp", "grantee": theirs.code, "ends_on": until},
    )
    assert shared.status_code in (302, 422)
    page = client.get(reverse("riskmap:border"))
    assert "Gemaal" in page.content.decode()
    assert client.get(reverse("riskmap:border-follow", args=[_ref("Gemaal")])).status_code == 200
    assert client.get(reverse("riskmap:border-follow", args=[_ref("Stroom")])).status_code == 404
    wrong = client.post(reverse("riskmap:border-run"), {"node1": "relais", "state": "down", "horizon": "1440"})
    assert wrong.status_code == 422
    ran = client.post(reverse("riskmap:border-run"), {"node1": "stroom", "state": "down", "horizon": "1440"})
    assert ran.status_code == 302
    waiting = client.get(ran["Location"]).content.decode()
    assert "De uitkomst verschijnt vanzelf" in waiting
    assert "Stop met doorrekenen" in waiting
    with every_owner():
        row = Analysis.objects.get()
    piece = reverse("riskmap:progress", args=[row.public_id])
    assert piece in client.get(reverse("riskmap:border-run")).content.decode()
    again = client.post(reverse("riskmap:border-run"), {"node1": "stroom", "state": "down", "horizon": "1440"})
    assert again.status_code == 422
    assert piece not in again.content.decode()  # loading that page again would send the form again
    assert reverse("riskmap:reckoning", args=[row.public_id]) in again.content.decode()
    assert "HX-Refresh" not in client.get(piece)
    assert services_analysis.run_analysis(ours.code, str(row.public_id), timezone.now) == AnalysisState.DONE
    assert client.get(piece)["HX-Refresh"] == "true"
    assert "Over de grens" in client.get(ran["Location"], follow=True).content.decode()
    with every_owner():
        row = StandIn.objects.get(organisation=ours)
    assert client.post(reverse("riskmap:border-unfollow", args=[row.public_id])).status_code == 302
    with every_owner():
        assert not StandIn.objects.filter(organisation=ours).exists()
