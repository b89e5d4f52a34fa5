"""The figures: the arithmetic beside a plain reading of it, the bounds of what is read, and the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import figures
from brandwacht.soc.bars import bars, short
from brandwacht.soc.models import Alert, AlertRule, AlertState
from brandwacht.soc.queries import figures as reads
from tests.world import NOW, acting, acting_system, actor, asset, organisation, person

pytestmark = pytest.mark.django_db
BUDGET = 15


def times(**minutes: float) -> figures.Times:
    """An alert of which these spans took so many minutes; the others have no end."""
    return figures.Times(1, [minutes.get(kind.key) for kind in figures.KINDS])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_with_that_share_below(values: list[float], share: float) -> None:
    found = figures.percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    below = [value for value in values if value < found]
    assert len(below) < share * len(values)


def test_a_span_counts_only_what_has_both_times() -> None:
    rows = [times(detectie=10, sluiten=60), times(detectie=30), times(detectie=-5)]
    detect = figures.spread(rows, figures.kind("detectie"))
    assert (detect.n, detect.median, detect.p90) == (3, 10, 30)  # a clock that ran ahead counts as zero
    assert figures.spread(rows, figures.kind("sluiten")) == figures.Spread(1, 60, 60)
    assert figures.spread(rows, figures.kind("bevestigen")) == figures.Spread(0, None, None)


def test_what_undecided_does_not_change() -> None:
    told = figures.Verdicts(true=2, false=1, benign=1, undecided=96)
    assert (told.judged, told.false_percent, told.precision, told.true_percent) == (4, 25, 75, 50)
    assert figures.Verdicts(undecided=3).precision is None


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(None, "–"), (0, "0 s"), (0.5, "30 s"), (42.4, "42 min"), (150, "2 u 30"), (1440 * 12, "12 dagen")],
)
def test_a_span_where_there_is_little_room(minutes: float | None, text: str) -> None:
    assert short(minutes) == text


@given(st.lists(st.none() | st.floats(0, 1e7), max_size=8))
def test_bars_stay_in_the_picture(values: list[float | None]) -> None:
    months = [(f"m{n}", figures.Spread(0 if value is None else 1, value, value)) for n, value in enumerate(values)]
    chart = bars(figures.kind("sluiten"), months)
    assert len(chart.bars) == len(values)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= chart.width
        assert 0 <= bar.p90_y <= chart.base
        assert bar.p90_height >= 0


def test_months() -> None:
    month = reads.Month.of(date(2026, 1, 31))
    assert (month.first, month.before().first, month.before(13).first) == (
        date(2026, 1, 1),
        date(2025, 12, 1),
        date(2024, 12, 1),
    )
    assert month.before().until == month.since


def make(owner: Organisation, opened: datetime, **facts: Any) -> Alert:
    with every_owner():
        node = asset(owner, f"M{Alert.objects.count()}")
        row = Alert(
            organisation=owner, asset=node, title="M", first_seen=opened - timedelta(minutes=5), last_seen=opened,
            opened_at=opened, **({"severity": 3} | facts),
        )  # fmt: skip
        row.save()
    return row


def judged(owner: Organisation, opened: datetime, disposition: str) -> Alert:
    when = opened + timedelta(minutes=20)
    return make(
        owner, opened, state=AlertState.CLOSED, open=False, waiting=False, disposition=disposition, triaged_at=when,
        closed_at=when, acknowledged_at=opened + timedelta(minutes=2),
    )  # fmt: skip


def test_what_is_read(region: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    month = reads.Month.of(NOW.date())
    for n, disposition in enumerate(("echt", "vals", "vals", "onschuldig")):
        alert = judged(region, NOW - timedelta(hours=n), disposition)
        with every_owner():
            AlertRule(
                organisation=region, alert=alert, rule_id=f"r{n % 2}", title=f"Regel {n % 2}", level=3, count=1,
                first_seen=NOW, last_seen=NOW,
            ).save()  # fmt: skip
    judged(region, month.before().since + timedelta(days=3), "vals")
    make(region, NOW - timedelta(hours=2), severity=1)
    make(region, NOW - timedelta(minutes=30))
    make(region, NOW - timedelta(days=9))
    judged(organisation("VR15"), NOW, "vals")
    with acting_system(region) as me:
        assert reads.verdicts(me, [month, month.before()]) == [
            {region.pk: figures.Verdicts(1, 2, 1, 0)},
            {region.pk: figures.Verdicts(false=1)},
        ]
        assert reads.open_by_age(me) == [1, 0, 0, 0, 1]
        assert reads.opened(me, [month, month.before()]) == [6, 1]
        rules = reads.rule_verdicts(me, month.since, month.until)
        assert [(row.title, row.verdicts.false) for row in rules] == [("Regel 1", 1), ("Regel 0", 1)] or [
            (row.title, row.verdicts.false) for row in rules
        ] == [("Regel 0", 1), ("Regel 1", 1)]
        months = [month, month.before(), month.before(2)]
        taken = reads.times(me, months)
        assert [(len(each.rows), each.cut) for each in taken] == [(6, False), (1, False), (0, False)]
        spans = figures.Spreads(taken[1].rows)
        assert spans["sluiten"] == figures.Spread(1, pytest.approx(20), pytest.approx(20))
        assert spans["bevestigen"] == figures.Spread(1, pytest.approx(2), pytest.approx(2))
        assert spans["overdragen"] == figures.Spread(0, None, None)
        monkeypatch.setattr(reads, "TIMES_MOST", 2)
        taken = reads.times(me, months)
        assert [(len(each.rows), each.cut) for each in taken] == [(2, True), (1, False), (0, False)]


def test_the_page_and_its_export(
    region: Organisation, soc: Organisation, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    for n in range(4):
        judged(region, NOW - timedelta(hours=n), "vals" if n else "echt")
    client = Client()
    client.force_login(person(soc, Role.SOC_ANALYST), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(reverse("soc:figures"))  # the use of a mandate is written once in ten minutes
    with django_assert_max_num_queries(BUDGET):
        text = client.get(reverse("soc:figures")).content.decode()
    assert "75 procent van 4 beoordeelde meldingen was vals alarm" in text
    assert "de helft binnen 20 min" in text
    for query in ({"maand": "2026-13"}, {"maand": "x", "organisatie": "VR99"}, {"maand": "2026-10"}):
        assert client.get(reverse("soc:figures"), query).status_code == 200
    table = client.get(reverse("soc:figures-export"), {"organisatie": "VR17"}).content.decode("utf-8-sig")
    assert "2026-11;Veiligheidsregio Testregio VR17;Afhandelen;4;20.0;20.0" in table


def test_who_sees_nothing_gets_empty_figures() -> None:
    home = organisation("VR15")
    me = actor(person(home, Role.CISO), home)
    with acting(me):
        assert reads.verdicts(me, [reads.Month.of(NOW.date())]) == [{}]
        assert reads.open_by_age(me) == [0] * 5
