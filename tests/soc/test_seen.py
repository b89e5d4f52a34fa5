"""What the watch tells the reading list: which indicators were seen at one's own organisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.queries import concerning
from brandwacht.soc.models import Alert, AlertEntity, EntityKind
from brandwacht.soc.queries.seen_values import seen_here
from tests.soc.conftest import line
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db
ASKED = frozenset({"192.0.2.44", "Kwaad.Example", "198.51.100.7"})


def test_only_what_was_seen_at_home_and_may_be_seen(region: Organisation, read: Callable[..., Any]) -> None:
    read(region, line("lsass.exe"))
    with every_owner():
        alert = Alert.objects.get()
    for kind, value in ((EntityKind.ADDRESS, "192.0.2.44"), (EntityKind.DOMAIN, "kwaad.example")):
        with every_owner():
            AlertEntity(
                organisation=region, alert=alert, kind=kind, value=value, rule_id="x", first_seen=NOW, last_seen=NOW
            ).save()
    with acting(actor(person(region, Role.CISO), region)) as me:
        assert seen_here(me, ASKED) == {"192.0.2.44", "Kwaad.Example"}
        assert seen_here(me, frozenset()) == frozenset()
    with acting(actor(person(region, Role.ISAC_MEMBER), region)) as member:
        assert seen_here(member, ASKED) == frozenset()
    other = organisation("VR15")
    with acting(actor(person(other, Role.CISO), other)) as stranger:
        assert seen_here(stranger, ASKED) == frozenset()


def test_the_reading_list_asks_the_watch() -> None:
    assert seen_here in concerning._seen
