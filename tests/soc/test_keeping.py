"""How long events stay: terms, holds, and what the audit chain says of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries
from brandwacht.soc.services import keeping
from brandwacht.soc.store import layout, scan
from tests.soc.stored import event, keep
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AGES = (1, 60, 100, 500)


@pytest.fixture
def region(settings: Any, tmp_path: Path) -> Organisation:
    """A region with events of several ages."""
    settings.DATA = tmp_path
    for age in AGES:
        moment = NOW - timedelta(days=age)
        keep("VR17", event(age, at=moment), batch=str(age), received=moment)
    return organisation("VR17")


def left() -> list[int]:
    return sorted(e.number for _row, e in scan(["VR17"], NOW - timedelta(days=900), NOW + timedelta(days=1)))


def removals(owner: Organisation) -> list[dict[str, Any]]:
    with every_owner():
        rows = AuditEntry.objects.filter(organisation=owner, action="soc.store.term").order_by("seq")
        return [row.detail for row in rows if "verwijderd_van" in row.detail]


def test_what_is_past_the_default_term_goes_and_that_is_audited(region: Organisation, settings: Any) -> None:
    settings.EVENTS_DAYS = 400
    assert keeping.remove_all(NOW).startswith("1 dagen verwijderd")
    assert left() == [1, 60, 100]
    (detail,) = removals(region)
    assert (detail["verwijderd_van"], detail["bewaartermijn_in_dagen"]) == ("2025-07-10", 400)
    assert keeping.remove_all(NOW) == ""
    assert len(removals(region)) == 1


def test_an_organisation_chooses_its_own_term(region: Organisation) -> None:
    with acting(actor(person(region, Role.CISO), region)) as ciso:
        keeping.set_term(ciso, 90)
        for days in (6, 4000):
            with pytest.raises(Refused, match="termijn van 7 tot"):
                keeping.set_term(ciso, days)
    keeping.remove_all(NOW)
    assert left() == [1, 60]


def test_what_is_held_stays_until_that_ends(region: Organisation) -> None:
    with acting(actor(person(region, Role.CISO), region)) as ciso:
        keeping.set_term(ciso, 30)
        day = (NOW - timedelta(days=100)).date()
        held = keeping.hold(ciso, region.pk, day, day, "Incident 2026-0001")
        with pytest.raises(Refused, match="waarom"):
            keeping.hold(ciso, region.pk, day, day, " ")
        with pytest.raises(Refused, match="eerste dag"):
            keeping.hold(ciso, region.pk, day, day - timedelta(days=1), "x")
    keeping.remove_all(NOW)
    assert left() == [1, 100]
    with acting(actor(person(region, Role.CISO), region)) as ciso:
        keeping.release(ciso, held.public_id)
        with pytest.raises(Refused, match="al beëindigd"):
            keeping.release(ciso, held.public_id)
    keeping.remove_all(NOW)
    assert left() == [1]


def test_the_soc_may_hold_but_not_shorten(region: Organisation) -> None:
    soc = organisation("VR-SOC", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as analyst:
        keeping.hold(analyst, region.pk, NOW.date(), NOW.date(), "Onderzoek")
        assert [row.organisation.code for row in queries.keepings(analyst)] == ["VR-SOC", "VR17"]
        with pytest.raises(Denied):
            keeping.set_term(analyst, 30)
    with acting(actor(person(organisation("VR01"), Role.CISO), organisation("VR01"))) as stranger:
        with pytest.raises(Denied):
            keeping.hold(stranger, region.pk, NOW.date(), NOW.date(), "Onderzoek")
        assert not queries.holds(stranger)


def test_removal_of_one_organisation_leaves_the_others(region: Organisation) -> None:
    keep("VR18", event(7, at=NOW - timedelta(days=500)), received=NOW - timedelta(days=500))
    with acting_system(region) as system:
        assert keeping.remove_past_term(system)[0] == 1
    assert layout.partitions("VR18")


def test_merging_all_goes_on_past_a_failure(region: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = NOW - timedelta(days=60)
    keep("VR17", event(61, at=moment), batch="nog een", received=moment)
    assert keeping.merge_all(NOW) == "2 kleine bestanden samengevoegd"

    def broken(*_args: Any) -> int:
        raise OSError("vol")

    monkeypatch.setattr(keeping.merging, "merge", broken)
    assert keeping.merge_all(NOW) == ""


def test_the_page_says_what_is_kept_and_takes_a_term_and_a_hold(region: Organisation) -> None:
    browser = Client()
    browser.force_login(person(region, Role.CISO), backend=BACKEND)
    text = browser.get(reverse("soc:store")).content.decode()
    assert "4 gebeurtenissen bewaard" in text
    assert "400 dagen" in text
    assert browser.post(reverse("soc:store-term"), {"dagen": "2"}).status_code == 422
    assert browser.post(reverse("soc:store-term"), {"dagen": "365"}).status_code == 302
    today = timezone.localdate().isoformat()
    given = {"organisatie": "VR17", "eerste": today, "laatste": today, "reden": "Aangifte 12"}
    assert browser.post(reverse("soc:store-hold"), given | {"laatste": "1999-01-01"}).status_code == 422
    assert browser.post(reverse("soc:store-hold"), given).status_code == 302
    text = browser.get(reverse("soc:store")).content.decode()
    assert "Aangifte 12" in text
    assert "365 dagen" in text
