"""Paging: every row once and in order, whatever the order; addresses without primary keys; what cannot be paged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.network.models import Node, Organisation
from brandwacht.network.paging import check_order, chosen_order, page, part, place
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert
from tests.world import NOW, asset, organisation

pytestmark = pytest.mark.django_db

COLUMNS = ("open", "waiting", "severity", "last_seen", "title", "asset__name", "organisation__code", "seen")
UNIQUE = ("pk", "id", "public_id")
STATES = ((True, True, "nieuw"), (True, False, "bevestigd"), (False, False, "gesloten"))


@st.composite
def orders(draw: st.DrawFn) -> tuple[str, ...]:
    """Any columns in any directions, closed by a unique one."""
    some = draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=4))
    names = [*some, draw(st.sampled_from(UNIQUE))]
    return tuple(f"{draw(st.sampled_from(('', '-')))}{name}" for name in names)


@pytest.fixture
def alerts() -> Iterator[None]:
    """Sixty alerts with many equal values, of two organisations; everything is in scope."""
    with every_owner():
        hosts = [asset(organisation(code), name) for code, name in (("VR17", "B"), ("VR17", "a"), ("VR15", "é"))]
        Alert.objects.bulk_create(
            Alert(
                organisation=hosts[n % 3].organisation, asset=hosts[n % 3], title="aAbÉ_"[n % 5] * (1 + n % 2),
                severity=2 + n % 3, first_seen=NOW, opened_at=NOW,
                last_seen=NOW + timedelta(minutes=n % 2, microseconds=n % 4),
                **dict(zip(("open", "waiting", "state"), STATES[n // 4 % 3], strict=True)),
            )
            for n in range(60)
        )  # fmt: skip
        yield


def walk(order: Sequence[str], size: int, query: str = "") -> list[Alert]:
    """All pages one after the other, as a reader who follows the links; checks each address on the way."""
    rows = Alert.objects.annotate(seen=F("first_seen"))
    kept = QueryDict(query, mutable=True)
    found: list[Alert] = []
    while True:
        shown = page(RequestFactory().get(f"/?{query}"), rows, order, size=size)
        assert len(shown.rows) <= size
        assert shown.first is not bool(found)
        found += shown.rows
        if not shown.next_url:
            return found
        query = shown.next_url.removeprefix("?")
        fields = QueryDict(query, mutable=True)
        assert [UUID(value) for value in fields.pop("after")] == [found[-1].public_id]
        assert fields == kept


@pytest.mark.usefixtures("alerts")
def test_the_pages_together_are_the_list() -> None:
    @given(orders(), st.integers(1, 61))
    def every_row_once(order: tuple[str, ...], size: int) -> None:
        whole = list(Alert.objects.annotate(seen=F("first_seen")).order_by(*order))
        assert walk(order, size, "q=%C3%A9&soort=a&soort=b") == whole
        assert len(whole) == 60

    every_row_once()


@pytest.mark.usefixtures("alerts")
def test_a_row_that_left_the_list_keeps_the_place_and_one_out_of_reach_is_passed_over() -> None:
    order = ("-severity", "pk")
    whole = list(Alert.objects.order_by(*order))
    anchor = next(alert for alert in whole[9:] if alert.open)
    beyond = [alert for alert in whole[whole.index(anchor) + 1 :] if alert.state != "gesloten"]
    request = RequestFactory().get("/", {"after": str(anchor.public_id)})
    Alert.objects.filter(pk=anchor.pk).update(open=False, waiting=False, state="gesloten")
    left = Alert.objects.exclude(state="gesloten")
    assert page(request, left, order, among=Alert.objects.all()).rows == beyond
    start = page(RequestFactory().get("/"), left, order)
    for reach in (None, Alert.objects.exclude(pk=anchor.pk)):
        again = page(request, left, order, among=reach)
        assert again.first
        assert again.rows == start.rows
    for after in ("x", str(anchor.pk), str(uuid4()), "\x00", "9" * 5000, f"{anchor.severity}|{anchor.pk}"):
        assert page(RequestFactory().get("/", {"after": after}), left, order) == start


@pytest.mark.usefixtures("alerts")
def test_a_page_takes_two_queries_and_the_first_one(django_assert_num_queries) -> None:
    rows = Alert.objects.select_related("asset")
    with django_assert_num_queries(1):
        first = page(RequestFactory().get("/"), rows, ("-last_seen", "-id"), size=10)
    with django_assert_num_queries(2) as seen:
        page(RequestFactory().get(first.next_url), rows, ("-last_seen", "-id"), size=10)
    assert "JOIN" not in seen.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (("handled_at", "pk"), "handled_at: it may be empty"),
        (("asset__repair", "pk"), "asset__repair: it may be empty"),
        (("-severity", "last_seen"), "last column is not unique"),
        (("severity", "asset__pk"), "last column is not unique"),
    ],
)
def test_what_gives_no_place_of_its_own_is_refused(order: tuple[str, ...], why: str) -> None:
    with every_owner(), pytest.raises(ValueError, match=why):
        check_order(Alert.objects.all(), order)


def test_an_annotation_that_is_empty_is_refused() -> None:
    with every_owner():
        asset(organisation("VR17"), "DC01")
        rows = Node.objects.annotate(at=F("repair"))
        first, _more = part(rows, ("at", "pk"), None, 1)
        past = place(rows, ("at", "pk"), str(first[0].public_id))
        with pytest.raises(ValueError, match="by at: it is empty"):
            part(rows, ("at", "pk"), past, 1)


def test_an_order_by_name() -> None:
    sorts = {"": ("-open", "pk"), "naam": ("name", "-pk"), "-ernst": ("-severity", "-pk"), "ernst": ("severity", "-pk")}
    assert chosen_order(sorts, "naam") == ("name", "-pk")
    assert chosen_order(sorts, "-naam") == ("-name", "pk")
    assert chosen_order(sorts, "-ernst") == ("-severity", "-pk")
    assert chosen_order(sorts, "") == chosen_order(sorts, "wachtwoord") == chosen_order(sorts, "--x") == ("-open", "pk")
    assert chosen_order(sorts, "-") == ("open", "-pk")


def test_things_without_owner_page_too() -> None:
    for code in ("VR01", "VR02", "VR03"):
        organisation(code)
    rows = Organisation.objects.all()
    first, more = part(rows, ("-code", "pk"), None, 2)
    rest, end = part(rows, ("-code", "pk"), place(rows, ("-code", "pk"), str(first[-1].public_id)), 2)
    assert ([each.code for each in first + rest], more, end) == (["VR03", "VR02", "VR01"], True, False)
