"""Real failures on a page: each with its replay and what is known of it."""

from __future__ import annotations

from html import unescape

import pytest

from brandwacht.engines.cascade import EXAMPLES, load_example
from brandwacht.network.roles import Role
from brandwacht.riskmap.cascades import incidents
from tests.world import organisation, person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def adviser(client):
    client.force_login(person(organisation("VR17"), Role.RISK_ADVISER), backend=BACKEND)
    return client


def test_the_list_tells_what_fell(adviser, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        page = adviser.get("/risicokaart/storingen")
    text = page.content.decode()
    for key in EXAMPLES:
        assert f"/risicokaart/storingen/{key}" in text
        assert load_example(key).title in text
    assert text.index("28 augustus 2024") < text.index("24 juni 2019") < text.index("17 januari 2017")


@pytest.mark.parametrize("key", EXAMPLES)
def test_a_failure_shows_its_replay_beside_what_is_known(adviser, key, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        page = adviser.get(f"/risicokaart/storingen/{key}")
    text = page.content.decode()
    example = load_example(key)
    assert page.status_code == 200
    assert page.context["picture"].outcome.steps
    assert "is geweest" not in text  # of what is long past that says nothing
    assert "te bevestigen" in text
    found = incidents.known(example)
    assert [row.text for row in found] == [
        fact.text for fact in sorted(example.facts, key=lambda each: (each.start, each.end))
    ]
    assert all(row.begin < row.end for row in found)
    assert all(source.title in unescape(text) for source in example.sources)


def test_a_failure_that_does_not_exist(adviser):
    assert adviser.get("/risicokaart/storingen/atlantis-0001").status_code == 404
