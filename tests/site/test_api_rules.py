"""The API keeps the NLGov REST API Design Rules 2.1; each test is named after the rule it checks."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from brandwacht.network.roles import Role
from brandwacht.network.services import tokens
from brandwacht.site.api.changes import CHANGES, TRANSITION_MONTHS
from tests.world import NOW, acting, actor, asset, organisation, person

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).resolve().parents[2]
ROOT = "/api/v1"
KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
CAMEL = re.compile(r"^[a-z]+([A-Z0-9][a-z0-9]*)*$")
METHODS = {"get", "post", "put", "patch", "delete", "head"}


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    """The OpenAPI document, as anybody gets it."""
    answer = client.get(f"{ROOT}/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def caller(client: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The header of a CISO's token, good for tests that run at any time."""
    region = organisation("VR17")
    asset(region, "DC01")
    user = person(region, Role.CISO)
    from django.utils import timezone

    with acting(actor(user, region, timezone.now())) as me:
        _token, text = tokens.make(me, user, "test", me.now + timedelta(days=1))
    return {"authorization": f"Bearer {text}"}


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, op) for path, each in document["paths"].items() for method, op in each.items()]


def test_core_naming_resources(document: dict[str, Any]) -> None:
    verbs = ("get", "create", "update", "delete", "make", "do", "send", "list")
    for path in document["paths"]:
        for segment in path.split("/"):
            assert not segment.lower().startswith(tuple(f"{verb}-" for verb in verbs)), path


def test_core_naming_collections(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        before_id = re.findall(r"/([^/{}]+)/\{", path)
        assert all(name.endswith("s") for name in before_id), path


def test_core_no_trailing_slash(document: dict[str, Any], client: Client, caller: dict[str, str]) -> None:
    assert not [path for path in document["paths"] if path.endswith("/")]
    for path in (f"{ROOT}/organisations/", f"{ROOT}/openapi.json/"):
        assert client.get(path, headers=caller).status_code == 404


def test_core_interface_language(document: dict[str, Any]) -> None:
    """English names, for the reasons in decision 6; one language, so no Dutch word among them."""
    decision = (PROJECT / "docs/decisions/0006-api.md").read_text()
    assert "core/interface-language" in decision
    dutch = re.compile(r"melding|waarschuwing|maatregel|uitval|vraag|antwoord|bevoegdheid|organisatie|bestand", re.I)
    keys = {key for schema in document["components"]["schemas"].values() for key in schema.get("properties", {})}
    assert not [name for name in (*document["paths"], *keys) if dutch.search(name)]


def test_core_nested_child(document: dict[str, Any]) -> None:
    """What exists only within a parent stands under it, and its parent is there too; never deeper than that."""
    for path in document["paths"]:
        parent, _id, child = path.partition("}/")
        if child:
            assert f"{parent}}}" in document["paths"] or f"{parent.rpartition('/')[0]}" in document["paths"], path
            assert "/" not in child, path


def test_core_resource_operations(document: dict[str, Any]) -> None:
    """An operation is a noun under the thing, and a POST; never a verb."""
    assert {path.rpartition("/")[2] for path, method, _op in operations(document) if method == "post"} == {
        "acknowledgement", "answers", "cancellation", "cascade-runs", "closure", "completion", "hunts", "log-sources",
        "measures", "notes", "scores", "token", "oscal-imports", "application", "evidence-items",
    }  # fmt: skip


def test_core_path_segments_kebab_case(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        fixed = [s for s in path.split("/") if s and not s.startswith("{")]
        assert all(KEBAB.match(s) for s in fixed), path


def test_core_query_keys_camel_case(document: dict[str, Any]) -> None:
    for path, _method, op in operations(document):
        for parameter in op.get("parameters", []):
            assert CAMEL.match(parameter["name"]), (path, parameter["name"])
            assert parameter["in"] == "query" or f"{{{parameter['name']}}}" in path


def test_core_keys_camel_case(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for key in schema.get("properties", {}):
            assert CAMEL.match(key), (name, key)


def test_core_http_methods(document: dict[str, Any]) -> None:
    assert {method for _path, method, _op in operations(document)} <= METHODS


def test_core_http_methods_others_are_refused(document: dict[str, Any], client: Client, caller: dict[str, str]) -> None:
    for path, allowed in document["paths"].items():
        address = ROOT + re.sub(r"{[^}]*}", "00000000-0000-4000-8000-000000000000", path)
        for method in ("get", "post", "put", "patch", "delete"):
            if method in allowed:
                continue
            answer = getattr(client, method)(address, headers=caller)
            assert answer.status_code == 405, (method, path)
            assert answer["Allow"].lower().replace(" ", "").split(",") == sorted(allowed), path
            assert answer["Content-Type"] == "application/problem+json"
    assert client.post(f"{ROOT}/openapi.json").status_code == 405


def test_core_http_response_code(document: dict[str, Any]) -> None:
    """What is made answers 201, what is read or changed 200; every error is a standard code."""
    for path, method, op in operations(document):
        codes = {int(code) for code in op["responses"]}
        assert all(HTTPStatus(code) for code in codes)
        makes = method == "post" and path.rpartition("/")[2].endswith("s")
        assert {code for code in codes if code < 400} == ({201} if makes else {200}), (method, path)


def test_core_http_safety(document: dict[str, Any]) -> None:
    for _path, method, op in operations(document):
        assert not (method == "get" and "requestBody" in op)


def test_core_doc_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    ids = [op["operationId"] for _path, _method, op in operations(document)]
    assert len(ids) == len(set(ids))


def test_core_doc_openapi_all_references_lead_somewhere(document: dict[str, Any]) -> None:
    assert document["paths"]
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(document))):
        found: Any = document
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_core_doc_language(document: dict[str, Any]) -> None:
    """Dutch for who reads the document: no docstring of the code, and no English sentence."""

    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value[key] for key in ("summary", "description") if isinstance(value.get(key), str)]
            return own + [text for each in value.values() for text in texts(each)]
        return [text for each in value for text in texts(each)] if isinstance(value, list) else []

    assert all(op["summary"] for _path, _method, op in operations(document))
    for text in texts(document):
        assert not re.search(r"\b(the|and|with|which|of an?|who|from)\b", text, re.I), text


def test_core_deprecation_schedule(document: dict[str, Any]) -> None:
    """What is deprecated says until when it works; how long that is at least stands in the document."""
    assert f"{TRANSITION_MONTHS} maanden" in document["info"]["description"]
    for path, method, op in operations(document):
        assert not op.get("deprecated") or re.fullmatch(r"\d{4}-\d\d-\d\d", op["x-sunset"]), (method, path)


def test_core_transition_period(client: Client) -> None:
    """At most two major versions at the same time."""
    answering = [n for n in range(1, 10) if client.get(f"/api/v{n}/openapi.json").status_code == 200]
    assert 1 <= len(answering) <= 2


def test_core_changelog(document: dict[str, Any]) -> None:
    assert CHANGES[0].version == document["info"]["version"]
    for change in CHANGES:
        assert f"{change.version}: {change.what}" in document["info"]["description"]


def test_core_geospatial(document: dict[str, Any]) -> None:
    """No coordinates, so the module for geospatial data has nothing to say."""
    keys = {key for schema in document["components"]["schemas"].values() for key in schema.get("properties", {})}
    assert not keys & {"latitude", "longitude", "lat", "lon", "geometry", "bbox", "coordinates"}


def test_core_doc_openapi_contact(document: dict[str, Any]) -> None:
    contact = document["info"]["contact"]
    assert contact["name"]
    assert contact["email"]
    assert contact["url"]


def test_core_publish_openapi(client: Client) -> None:
    answer = client.get(f"{ROOT}/openapi.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"].startswith("application/json")


def test_core_uri_version(document: dict[str, Any], client: Client, caller: dict[str, str]) -> None:
    (server,) = document["servers"]
    major = document["info"]["version"].split(".")[0]
    assert server["url"].endswith(f"/v{major}")
    base = urlsplit(server["url"]).path
    assert client.get(f"{base}/nodes", headers=caller).status_code == 200


def test_core_semver(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])


def test_core_version_header(client: Client, document: dict[str, Any], caller: dict[str, str]) -> None:
    for path, headers in ((f"{ROOT}/openapi.json", {}), (f"{ROOT}/nodes", caller), (f"{ROOT}/nodes", {})):
        assert client.get(path, headers=headers)["API-Version"] == document["info"]["version"]


def test_core_error_handling_problem_details(client: Client, caller: dict[str, str]) -> None:
    missing = f"{ROOT}/nodes/00000000-0000-4000-8000-000000000000"
    for path, headers, status in (
        (missing, caller, 404),
        (f"{ROOT}/er-is-niets", caller, 404),
        (f"{ROOT}/nodes", {}, 401),
        (f"{ROOT}/nodes?limit=0", caller, 400),
        (f"{ROOT}/nodes?cursor=onzin", caller, 400),
    ):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status, path
        assert answer["Content-Type"] == "application/problem+json", path
        body = answer.json()
        assert body["status"] == status
        assert body["title"]
        assert body["detail"]


def test_core_error_handling_declared(document: dict[str, Any]) -> None:
    for path, method, op in operations(document):
        assert {"400", "401", "403", "404"} <= op["responses"].keys(), (path, method)


def test_core_date_time_utc(client: Client, caller: dict[str, str]) -> None:
    def moments(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [m for each in value.values() for m in moments(each)]
        if isinstance(value, list):
            return [m for each in value for m in moments(each)]
        return [value] if isinstance(value, str) and re.match(r"^\d{4}-\d\d-\d\dT", value) else []

    from brandwacht.network.models import Action
    from brandwacht.network.tenancy import every_owner

    with every_owner():
        Action(
            organisation=organisation("VR17"), key="a", title="a", room="soc", path="/", due=NOW, created_at=NOW
        ).save()
    found = moments(client.get(f"{ROOT}/actions", headers=caller).json())
    assert found
    assert all(m.endswith("Z") for m in found)


def test_core_transport_security_headers(client: Client, caller: dict[str, str]) -> None:
    answer = client.get(f"{ROOT}/nodes", headers=caller)
    assert answer["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Content-Type"].startswith("application/json")


def test_core_transport_no_sensitive_uris(document: dict[str, Any]) -> None:
    """In addresses only random ids, public numbers and filters; a token goes in a header."""
    names = {p["name"] for _path, _method, op in operations(document) for p in op.get("parameters", [])}
    assert {name for name in names if not name.endswith("Id")} == {
        "cursor", "framework", "key", "kind", "limit", "number", "phase", "role", "scenario", "start"
    }  # fmt: skip


def test_core_transport_cors(client: Client, caller: dict[str, str]) -> None:
    """Other sites may read the document, and nothing else."""
    answer = client.get(f"{ROOT}/nodes", headers=caller | {"origin": "https://elders.example"})
    assert "Access-Control-Allow-Origin" not in answer


def test_core_transport_tls(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    assert client.get(f"{ROOT}/openapi.json").status_code == 301
    assert "max-age" in Client().get(f"{ROOT}/openapi.json", secure=True)["Strict-Transport-Security"]


def test_core_hide_implementation(client: Client, caller: dict[str, str]) -> None:
    answer = client.get(f"{ROOT}/nodes", headers=caller)
    assert "Server" not in answer
    assert "X-Powered-By" not in answer
    row = answer.json()["items"][0]
    assert re.fullmatch(r"[0-9a-f-]{36}", row["id"])


def test_core_stateless(client: Client, caller: dict[str, str]) -> None:
    answer = client.get(f"{ROOT}/nodes", headers=caller)
    assert answer.status_code == 200
    assert not answer.cookies


def test_a_token_that_was_revoked_or_is_over_opens_nothing(client: Client, caller: dict[str, str]) -> None:
    from brandwacht.network.models import ApiToken
    from brandwacht.network.tenancy import every_owner

    with every_owner():
        ApiToken.objects.update(revoked_at=NOW)
    assert client.get(f"{ROOT}/nodes", headers=caller).status_code == 401
