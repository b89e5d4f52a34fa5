"""What is too large, or makes no sense, ends in an answer and costs nothing."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from brandwacht.network.models import Action
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.site import middleware
from tests.security.conftest import Visit
from tests.world import organisation, person

pytestmark = pytest.mark.django_db

ODD_DAYS = ("0001-01-01", "0001-01-02", "9999-12-31", "2026-02-30", "x", "\x00")


class Endless:
    """A body of which nobody should want to see the first byte."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize("path", ["/account/login/", "/waakzaam/bronnen", "/api/v1/cascade-runs", "/er-is-niets"])
@pytest.mark.parametrize("length", ["60000000", "9" * 40])
def test_a_body_that_is_too_large_is_not_read(path: str, length: str) -> None:
    answer = Client().generic(
        "POST", path, b"", content_type="multipart/form-data; boundary=x", **{"CONTENT_LENGTH": length,
        "wsgi.input": Endless()},
    )  # fmt: skip
    assert answer.status_code == 413


ADDRESSES = (
    "/basis/maatregelen?after=2026-01-01|²", "/basis/maatregelen?after=x|99999999999999999999999",
    "/basis/maatregelen?after=9999-99-99|1", "/waakzaam/nieuw?sinds=0001-01-01T00:00:00%2B23:59",
    "/waakzaam/nieuw?sinds=9999-12-31T23:59:59-23:59", "/waakzaam/nieuw?sinds=2026-02-30T00:00:00Z",
    "/waakzaam?after=²&sort=%00&organisatie=%00&techniek=%00", "/delen?after=9999-12-31T23:59:59-10:00~x",
    "/risicokaart?after=x&sort=--name&sector=%00", "/incidenten?sort=zz&after=x&tekst=%00",
    *(f"/beheer/logboek?since={day}&until={day}" for day in ("0001-01-01", "9999-12-31", "x")),
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_odd_address_is_answered(visit: Visit, address: str) -> None:
    region = organisation("VR17")
    answer = visit(person(region, Role.CISO, Role.ADMIN, Role.ISAC_MEMBER)).get(address)
    assert answer.status_code in (200, 302, 403, 404), answer.status_code


@pytest.mark.parametrize("day", ODD_DAYS)
def test_an_odd_day_is_refused_in_every_form(visit: Visit, day: str) -> None:
    region = organisation("VR17")
    organisation("VR-SOC", "landelijk")
    boss = person(region, Role.CISO, Role.ADMIN)
    with every_owner():
        action = Action(
            organisation=region, key="k", title="t", room="week", path="/", created_at=timezone.now() - timedelta(1)
        )
        action.save()
    client = visit(boss)
    forms = {
        f"/acties/{action.public_id}/later": {"until": day, "reason": "later"},
        "/beheer/mensen/nieuw": {
            "email": "a@b.example",
            "name": "A",
            "role": "ciso",
            "valid_from": day,
            "valid_to": day,
        },
        "/beheer/mandaten/nieuw": {"grantee": "VR-SOC", "act": "nee", "purpose": "p", "ends_on": day},
        "/basis/maatregelen/nieuw": {"title": "t", "owner_name": "w", "due": day, "owner": ""},
        "/basis/5.01": {"state": "ja", "evidence": "e", "evidence_valid_to": day},
    }
    for path, data in forms.items():
        status = client.post(path, data).status_code
        assert status in (302, 422), (path, status)
    body = {"title": "t", "ownerName": "w", "due": day}
    assert client.post("/api/v1/measures", body, content_type="application/json").status_code in (201, 400)


def test_the_link_to_choose_a_password_is_not_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(middleware, "log", SimpleNamespace(info=lambda _event, **facts: lines.append(facts)))
    answer = middleware.RequestLogMiddleware(lambda _request: HttpResponse())
    for path in ("/account/password/reset/key/1-abc123-0123456789abcdef/", "/waakzaam"):
        answer(RequestFactory().get(path))
    assert [line["path"] for line in lines] == ["/account/password/reset/key/...", "/waakzaam"]
