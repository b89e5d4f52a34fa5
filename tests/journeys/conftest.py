"""The demo in a live server, and a visitor with a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from brandwacht.site import demo
from brandwacht.site.demo.stage import Stage
from tests.journeys.steps import Visitor


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """The demo as ``make demo`` fills it."""
    now = timezone.now()
    for _line in demo.fill(now):
        pass
    return Stage(now, 0)


@pytest.fixture
def visitor(
    stage: Stage, live_server: Any, context: Any, page: Any, accessible: Callable[[Any], None], settings: Any
) -> Visitor:
    """Somebody with a browser, in front of the demo."""
    settings.DEMO = True  # its people come in nowhere else
    settings.SITE_URL = live_server.url
    return Visitor(context, page, live_server.url, accessible)
