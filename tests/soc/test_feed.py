"""From the national node to the watch and back: live, only to who is connected, and nothing more than agreed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from brandwacht.engines.intel import TLP
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import (
    FeedIndicator,
    FeedState,
    IndicatorWord,
    NodeConnection,
    SentSighting,
    StixObject,
)
from brandwacht.sharing.services import node as connecting
from brandwacht.sharing.services import node_feed
from brandwacht.soc import services
from brandwacht.soc.models import Alert, AlertRule, Disposition, FeedHit, IndicatorList
from brandwacht.soc.services import feed
from tests.soc.conftest import BAD, line
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]

OTHER = "198.51.100.77"
LATER = NOW + timedelta(minutes=5)
TOMORROW = NOW + timedelta(days=1)


def indicator(
    value: str = BAD, *, tlp: TLP = TLP.AMBER, at: datetime = NOW, name: UUID | None = None, **more: Any
) -> dict[str, Any]:
    """An indicator as NCSC gives it."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{name or uuid4()}", "created": moment,
        "modified": moment, "name": "Kwaad adres", "pattern": f"[ipv4-addr:value = '{value}']", "pattern_type": "stix",
        "valid_from": moment, "object_marking_refs": [tlp.marking_id],
    } | more  # fmt: skip


@dataclass
class World:
    """A circle with its node, whose operator is NIPV, and regions that are members."""

    circle: Organisation
    nipv: Organisation
    cert: Any
    regions: dict[str, Organisation]

    def give(self, *objects: dict[str, Any], now: datetime = NOW) -> None:
        """NCSC gives these; the workers do what they do."""
        with acting_system(self.circle, now) as me:
            node_feed.import_bundle(
                me, orjson.dumps({"type": "bundle", "id": f"bundle--{uuid4()}", "objects": objects})
            )
        self.work(now)

    def work(self, now: datetime = NOW) -> None:
        """What the tasks do that were enqueued."""
        node_feed.refresh(self.circle.pk, now)
        feed.renew(self.circle.pk, now)

    def connect(self, code: str, level: str = "sector", now: datetime = NOW) -> NodeConnection:
        """A region connects by a transitional decision."""
        region = self.regions[code]
        bridge = connecting.Transition((now + timedelta(days=60)).date(), "Directeur", "Het plan loopt")
        with acting(actor(person(region, Role.CISO), region, now)) as me:
            return connecting.connect(me, level, bridge)


@pytest.fixture
def world(db: None) -> World:
    circle, nipv = organisation("VR-ISAC", "kring"), organisation("NIPV", "instituut")
    cert = organisation("VR-CERT", "landelijk")
    mandate(circle, nipv, GrantKind.CIRCLE)
    mandate(circle, cert, GrantKind.CIRCLE, act=True)
    regions = {code: organisation(code) for code in ("VR11", "VR12", "VR13", "VR14")}
    for each in regions.values():
        mandate(circle, each, GrantKind.CIRCLE)
    made = World(circle, nipv, (person(cert, Role.CERT_LEAD), cert), regions)
    with acting_system(circle) as me:
        node_feed.set_node(me, nipv)
    return made


Read = Callable[..., Any]


def connection_to(value: str, now: datetime = NOW) -> str:
    return line("curl.exe", at=now, DestinationIp=value)


def alerts(owner: Organisation) -> list[Alert]:
    with every_owner():
        return list(Alert.objects.filter(organisation=owner).order_by("pk"))


def test_live_to_who_is_connected_and_to_nobody_else(world: World, read: Read) -> None:
    world.connect("VR11")
    with acting_system(world.regions["VR11"]) as me:
        before = services.rulebook_stamp(me)
    world.give(indicator())
    with acting_system(world.regions["VR11"]) as me:
        assert services.rulebook_stamp(me) != before  # a watch that runs takes it over by itself
    for code in ("VR11", "VR12"):
        read(world.regions[code], connection_to(BAD))
    (alert,) = alerts(world.regions["VR11"])
    assert not alerts(world.regions["VR12"])
    with every_owner():
        rule = AlertRule.objects.get(alert=alert)
        hit = FeedHit.objects.get(alert=alert)
    assert "het landelijk knooppunt" in rule.title
    assert "TLP:AMBER" in rule.title
    assert hit.count == 1
    assert any(part["part"] == "indicator" and part["value"] == 80 for part in alert.severity_sum)


def test_disconnecting_stops_at_once(world: World, read: Read) -> None:
    row = world.connect("VR11")
    world.give(indicator())
    region = world.regions["VR11"]
    with acting(actor(person(region, Role.CISO), region)) as me:
        connecting.disconnect(me, row.public_id)
    read(region, connection_to(BAD))
    assert not alerts(region)


def test_a_member_that_left_and_a_decision_that_ended_get_nothing(world: World, read: Read) -> None:
    world.connect("VR11")
    world.connect("VR12")
    world.give(indicator())
    with every_owner():
        Grant.objects.filter(grantee=world.regions["VR11"], kind=GrantKind.CIRCLE).update(ends_at=NOW)
        NodeConnection.objects.filter(organisation=world.regions["VR12"]).update(until=(NOW - timedelta(days=1)).date())
    for code in ("VR11", "VR12"):
        read(world.regions[code], connection_to(BAD))
        assert not alerts(world.regions[code])


def test_what_is_revoked_expired_or_aged_leaves_the_watch(world: World, read: Read) -> None:
    world.connect("VR11")
    name = uuid4()
    ends = (NOW + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    world.give(indicator(name=name), indicator(OTHER, valid_until=ends))

    def watched() -> set[str]:
        with every_owner():
            return set(FeedIndicator.objects.filter(state=FeedState.WATCHED).values_list("value", flat=True))

    assert watched() == {BAD, OTHER}
    world.give(indicator(name=name, at=NOW + timedelta(seconds=1), revoked=True), now=LATER)
    assert watched() == {OTHER}
    world.work(NOW + timedelta(days=3))
    assert not watched()
    with every_owner():
        assert not IndicatorList.objects.filter(state="actief").exclude(via="").exists()
    world.give(indicator(at=NOW + timedelta(seconds=2)), now=LATER)
    assert watched() == {BAD, OTHER}
    world.work(NOW + timedelta(days=55))
    with every_owner():
        assert FeedIndicator.objects.get(value=BAD).state == FeedState.WEAK


def test_a_confidential_value_is_not_told_and_the_strictest_label_is_not_watched(world: World, read: Read) -> None:
    world.connect("VR11")
    world.give(indicator(tlp=TLP.AMBER_STRICT), indicator(OTHER, tlp=TLP.RED))
    read(world.regions["VR11"], connection_to(BAD), connection_to(OTHER))
    (alert,) = alerts(world.regions["VR11"])
    with every_owner():
        rule = AlertRule.objects.get(alert=alert)
        assert "TLP:AMBER+STRICT" in rule.title
        assert not FeedIndicator.objects.filter(value=OTHER).exists()


def test_a_hit_of_a_warning_list_waits_for_a_coordinator(world: World) -> None:
    world.give(indicator("9.9.9.9"))
    with every_owner():
        row = FeedIndicator.objects.get()
        assert (row.state, row.lists) == (FeedState.HELD, ["Openbare naamservers"])
        assert not IndicatorList.objects.exclude(via="").exists()
    lead, cert = world.cert
    with acting(actor(lead, cert)) as me:
        node_feed.decide_held(me, row.public_id, keep=True, why="Wordt misbruikt")
    world.work()
    with every_owner():
        assert FeedIndicator.objects.get().state == FeedState.WATCHED
        assert IndicatorList.objects.exclude(via="").get().total == 1


def test_one_region_is_not_betrayed_by_a_number(world: World, read: Read) -> None:
    for code in ("VR11", "VR12", "VR13", "VR14"):
        world.connect(code, {"VR14": "niets"}.get(code, "sector"))
    world.give(indicator(), indicator(OTHER))
    for code in ("VR11", "VR12", "VR13", "VR14"):
        read(world.regions[code], connection_to(BAD))
    read(world.regions["VR11"], connection_to(OTHER))
    assert "0 waarnemingen" in feed.tell_back(NOW)  # the day is not over
    feed.tell_back(TOMORROW)
    feed.tell_back(TOMORROW)  # nothing is told twice
    with every_owner():
        sightings = list(StixObject.objects.filter(kind="sighting"))
        kept = list(SentSighting.objects.order_by("organisation__code"))
        of_bad = FeedIndicator.objects.get(value=BAD)
        words = IndicatorWord.objects.filter(key=of_bad.key)
        assert words.count() == 3  # who tells nothing, does not count either
    by_count = {row.content.get("count"): row.content for row in sightings}
    assert set(by_count) == {None, 3}
    assert by_count[3]["sighting_of_ref"] == of_bad.stix_id
    assert [row.organisation.code for row in kept] == ["VR11", "VR11", "VR12", "VR13"]
    told = orjson.dumps([row.content for row in sightings]).decode()
    for secret in ("DC01", "curl", BAD, OTHER, *(str(each.public_id) for each in world.regions.values())):
        assert secret not in told
    assert {key for row in sightings for key in row.content} <= {
        "type", "spec_version", "id", "created", "modified", "first_seen", "last_seen", "sighting_of_ref",
        "where_sighted_refs", "object_marking_refs", "count",
    }  # fmt: skip


def test_a_region_may_be_named_when_it_agreed(world: World, read: Read) -> None:
    row = world.connect("VR11")
    world.give(indicator())
    read(world.regions["VR11"], connection_to(BAD), connection_to(BAD, NOW + timedelta(seconds=9)))
    region = world.regions["VR11"]
    with acting(actor(person(region, Role.CISO), region)) as me:
        connecting.agree(me, row.public_id, "regio")
    feed.tell_back(TOMORROW)
    with every_owner():
        sighting = StixObject.objects.get(kind="sighting")
        who = StixObject.objects.get(stix_id=sighting.content["where_sighted_refs"][0])
    assert (sighting.content["count"], who.content["name"]) == (2, region.full_name)


def test_after_disconnecting_nothing_goes_back(world: World, read: Read) -> None:
    row = world.connect("VR11")
    world.give(indicator())
    region = world.regions["VR11"]
    read(region, connection_to(BAD))
    with acting(actor(person(region, Role.CISO), region)) as me:
        connecting.disconnect(me, row.public_id)
    feed.tell_back(TOMORROW)
    with every_owner():
        assert not StixObject.objects.filter(kind="sighting").exists()
        assert not IndicatorWord.objects.exists()


def test_a_false_alarm_lowers_how_sure_it_is(world: World, read: Read) -> None:
    world.connect("VR11")
    world.give(indicator())
    region = world.regions["VR11"]
    read(region, connection_to(BAD))
    (alert,) = alerts(region)
    feed.weigh_hits(NOW)
    with acting(actor(person(region, Role.SOC_ANALYST), region)) as me:
        services.close(me, alert.public_id, "Eigen scanner", Disposition.FALSE)
    feed.weigh_hits(NOW)
    world.work()
    with every_owner():
        row = FeedIndicator.objects.get()
        assert IndicatorWord.objects.get().opinion == "onterecht"
    assert row.score == 27  # 80 x 1 / (1 + 2)
    feed.tell_back(TOMORROW)
    with every_owner():
        assert not StixObject.objects.filter(kind="sighting").exists()
    with acting(actor(person(region, Role.SOC_ANALYST), region)) as me:
        services.reopen(me, alert.public_id)
    feed.weigh_hits(NOW)
    world.work()
    with every_owner():
        assert FeedIndicator.objects.get().score == 80
