"""When nobody watched: added up in the figures, and told of a shift."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import GapReason, LogSource, SourceKind
from brandwacht.soc.queries.gaps import gap_sums, together
from brandwacht.soc.services import shifts
from brandwacht.soc.services.accounting import fill_gap, note_gap
from tests.soc.conftest import minutes
from tests.soc.test_views import BUDGET, log_in, page
from tests.world import NOW, acting, actor, organisation, person

MONTH = NOW.replace(day=1, hour=0, minute=0)


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def gaps(region: Organisation) -> Organisation:
    """Two silences that overlap, one that lasts, a standstill that was filled, and one of months ago."""
    with every_owner():
        first, second = (
            LogSource.objects.create(organisation=region, name=name, kind=SourceKind.BULK, created_at=minutes(9000))
            for name in ("Mailserver", "Firewall")
        )
        note_gap(first, GapReason.SILENT, minutes(300), minutes(200))
        note_gap(first, GapReason.SILENT, minutes(250), minutes(180))
        note_gap(second, GapReason.SILENT, minutes(30), None)
        stopped = note_gap(second, GapReason.STOPPED, minutes(600), minutes(590), lost=4)
        fill_gap(stopped.pk, 17, NOW)
        note_gap(first, GapReason.FAILED, NOW - timedelta(days=90), NOW - timedelta(days=80))
    return region


@pytest.mark.django_db
def test_added_up_by_reason(gaps: Organisation, soc: Organisation) -> None:
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        sums = gap_sums(me, MONTH, NOW + timedelta(days=9))
        silent, stopped = sums.rows
        assert (silent.reason, silent.times, silent.minutes, silent.filled) == (GapReason.SILENT, 3, 150, 0)
        assert (stopped.minutes, stopped.filled, stopped.lost) == (10, 1, 4)
        assert (sums.sources, sums.minutes, sums.cut) == (2, 160, False)
        assert [gap.source.name for gap in sums.longest][:2] == ["Mailserver", "Mailserver"]
        assert gap_sums(me, MONTH, NOW, soc.pk).rows == []
    stranger = organisation("VR15")
    with acting(actor(person(stranger, Role.CISO), stranger)) as me:
        assert gap_sums(me, MONTH, NOW).rows == []


@pytest.mark.django_db
def test_the_figures_and_the_shift_tell_it(
    gaps: Organisation, soc: Organisation, django_assert_max_num_queries: Any
) -> None:
    analyst = person(soc, Role.SOC_ANALYST)
    client = log_in(analyst)
    page(client, "figures")  # the first look of an hour is written in the audit chain
    with django_assert_max_num_queries(BUDGET + 4):
        text = page(client, "figures")
    assert "In deze maand zijn 2 bronnen samen" in text
    assert "1 van 1" in text
    with acting(actor(analyst, soc, minutes(60))) as me:
        shift = shifts.begin(me)
    text = page(client, "shift", shift.public_id)
    assert "Bronnen die zwegen" in text
    assert "Firewall" in text
    assert "Mailserver" not in text, "that was before"
    assert "1 bron zwijgt nog: Firewall." in text, "the summary begins with it"
    with every_owner():
        LogSource.objects.filter(name="Firewall").update(silent_since=None)
        for gap in LogSource.objects.get(name="Firewall").gaps.filter(until=None):
            gap.until = NOW
            gap.save()
    text = page(client, "shift", shift.public_id)
    assert "Stuurt weer" in text
    assert "zwijgt nog:" not in text


@pytest.mark.django_db
def test_where_nothing_was_missed_it_says_so(region: Organisation) -> None:
    client = log_in(person(region, Role.CISO))
    text = client.get(reverse("soc:figures")).content.decode()
    assert "is in deze maand alles bekeken wat binnenkwam" in text


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8))
def test_time_counts_once(pairs: list[tuple[int, int]]) -> None:
    def at(minute: int) -> datetime:
        return NOW + timedelta(minutes=minute)

    spans = [(min(pair), max(pair)) for pair in pairs]
    whole = {minute for begin, end in spans for minute in range(begin, end)}
    assert together([(at(a), at(b)) for a, b in spans]) == timedelta(minutes=len(whole))
