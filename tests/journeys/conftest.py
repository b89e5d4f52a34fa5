"""The demo in a live server, and a visitor with a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from brandwacht.site.demo.stage import Stage
from tests.journeys.kept_demo import KeptDemo
from tests.journeys.steps import Visitor


@pytest.fixture(scope="session")
def kept_demo() -> Iterator[list[KeptDemo]]:
    """The demo of this process, once there is one."""
    kept: list[KeptDemo] = []
    yield kept
    for each in kept:
        each.remove()


@pytest.fixture
def stage(transactional_db: None, kept_demo: list[KeptDemo]) -> Stage:
    """The demo as ``make demo`` fills it."""
    if kept_demo:
        kept_demo[0].put_back()
    else:
        kept_demo.append(KeptDemo(timezone.now()))
    return Stage(kept_demo[0].now, 0)


@pytest.fixture
def visitor(
    stage: Stage, live_server: Any, context: Any, page: Any, accessible: Callable[[Any], None], settings: Any
) -> Visitor:
    """Somebody with a browser, in front of the demo."""
    settings.DEMO = True  # its people come in nowhere else
    settings.SITE_URL = live_server.url
    return Visitor(context, page, live_server.url, accessible)
