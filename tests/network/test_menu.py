"""The numbers beside the rooms."""

from __future__ import annotations

from typing import Any

import pytest

from brandwacht.network import queries
from brandwacht.network.models import Node
from tests.world import acting_system, asset, organisation

pytestmark = pytest.mark.django_db


def test_several_counts_in_one_query(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    region = organisation("VR17")
    for name in ("MK01", "MK02", "DC01"):
        asset(region, name)
    with acting_system(region):
        every, none = Node.objects.all(), Node.objects.none()
        some = Node.objects.filter(name__startswith="MK").select_related("organisation").order_by("name")
        with django_assert_num_queries(1):
            assert queries.capped_counts(every, none, some) == [3, 0, 2]
        with django_assert_num_queries(0):
            assert queries.capped_counts(none) == [0]
            assert queries.capped_counts() == []
        monkeypatch.setattr(queries, "CAP", 1)
        assert queries.capped_counts(every, some) == [2, 2]
