"""The worklist of government measures: what still asks something, the heaviest first, one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brandwacht.baseline.models import AnswerState
from brandwacht.network.roles import Role
from tests.world import organisation, person

pytestmark = pytest.mark.django_db


def test_answered_one_after_the_other(client: Client, django_assert_max_num_queries: Any) -> None:
    region = organisation("VR17")
    client.force_login(person(region, Role.CISO), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/basis/overheid")
    body = page.content.decode()
    assert "Er zijn 118 overheidsmaatregelen. Nog niet beantwoord: 118." in body
    first, second = (row.measure.number for row in page.context["rows"][:2])
    assert len(page.context["rows"]) == 25
    assert "Toon ook de andere 93" in body
    assert page.context["by_state"] == [(AnswerState.OPEN, 118)]
    last = client.get(f"/basis/overheid?{page.context['query']}").context["rows"][-1].measure.number
    answered = client.post(f"/basis/overheid/{first}?lijst=1", {"state": "voldoet"})
    assert answered["Location"] == f"/basis/overheid/{second}?lijst=1"
    client.post(f"/basis/{last.rpartition('.')[0]}", {"state": "niet_van_toepassing", "reason": "Hebben wij niet"})
    with django_assert_max_num_queries(15):
        page = client.get("/basis/overheid?alles=1")
    left = {row.measure.number for row in page.context["rows"]}
    assert not left & {first, last}
    assert client.get("/basis/overheid?state=voldoet").context["rows"][0].measure.number == first
    assert client.get("/basis/overheid?theme=fysiek&state=alle").context["rows"][0].control.theme == "fysiek"
    assert client.get("/basis/overheid?theme=onzin").status_code == 200
    assert "lijst=1" not in client.post(f"/basis/overheid/{first}", {"state": "deels"})["Location"]
