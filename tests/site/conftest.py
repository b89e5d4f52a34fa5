"""Fixtures for the tests of the face: Dutch, the frame's addresses, and the style guide as a page."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from brandwacht.site.styleguide import sample_context
from tests.site.tools import NOW


@pytest.fixture
def frame() -> Iterator[None]:
    """Dutch, and addresses for what the frame links to: pages without their rooms."""
    with translation.override("nl"), override_settings(ROOT_URLCONF="tests.site.addresses"):
        yield


@pytest.fixture
def guide(frame: None) -> Callable[..., str]:
    """The style guide as a page, for a person with two organisations."""

    def make(**more: Any) -> str:
        here = SimpleNamespace(code="vrr", name="Rotterdam-Rijnmond", full_name="Veiligheidsregio Rotterdam-Rijnmond")
        there = SimpleNamespace(code="nipv", name="NIPV", full_name="NIPV")
        person = SimpleNamespace(
            is_authenticated=True, get_full_name=lambda: "Samira de Wit", get_username=lambda: "s.dewit@vrr.example"
        )
        request = RequestFactory().get("/stijlgids")
        request.user = person  # type: ignore[assignment]
        room = SimpleNamespace(label="Waakzaam", url="/waakzaam", active=True, count=1200, count_label="meldingen")
        values = {
            "organisation": here,
            "organisations": [here, there],
            "navigation": [room],
            "user": person,
            "request": request,
            "csrf_token": "t",
            **sample_context(NOW),
            **more,
        }
        return render_to_string("site/styleguide.html", values)

    return make
