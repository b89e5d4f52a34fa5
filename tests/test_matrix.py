"""Every address and every API operation, as everybody: who gets in, who does not, and who sees the secret.

The database is filled once; each request runs in a savepoint that is rolled back, so that rows do not touch each other.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from brandwacht.network.actor import SEE
from brandwacht.network.models import Grant
from brandwacht.network.services import access, tokens
from brandwacht.network.tenancy import every_owner
from brandwacht.site.api import api
from brandwacht.soc.models import Alert
from brandwacht.soc.services import logsources
from tests import secrets
from tests.matrix import API, LOGIN, PAGES, SENDERS, Row
from tests.secrets import Secrets
from tests.world import acting_system, asset, organisation

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROOT = "/api/v1"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BOOKKEEPING = ("network_audit", "sharing_readmark", "django_session", "django_migrations", "sqlite_")
"""Tables that reading may write in: the audit chain notes the use of a grant, a mark what somebody read."""
ROWS = (*PAGES, *API)
SIGNED = ("risicokaart/deel", "basis/vraag")
"""Where who has a signed link comes in, without a log-in."""
FOR_WRITERS = {
    "cert:new", "cert:hit", "riskmap:what-if", "sharing:new", "sharing:edit", "sharing:send", "soc:logsource-edit",
    "sharing:guideline-new", "sharing:meeting-new", "sharing:meeting-edit", "soc:exception-new",
    "sharing:product-new", "sharing:product-edit", "sharing:product-send", "sharing:picture-draft",
    "sharing:picture-new", "sharing:own-advisory-new", "sharing:own-advisory-edit", "sharing:decision-new",
    "soc:escalate", "soc:assign", "soc:exception-from-alert", "soc:exception-renew",
    "sharing:advisory-new",
    "sharing:coupling-edit", "sharing:advise",
}  # fmt: skip
"""Forms that only those who may act get to see; drafts are theirs as well."""
NOBODY_HERE = {"sharing:adopt"}
"""What asks for two roles in one person, whom these people do not have; tests of its own let the right one in."""


class Visitors:
    """Everybody with a browser and, for the API, a token."""

    def __init__(self, world: Secrets) -> None:
        self.world = world
        self._browsers = {"nobody": Client()}
        self._tokens: dict[str, str] = {}
        for key, user in world.people.items():
            self._browsers[key] = Client()
            self._browsers[key].force_login(user, backend=BACKEND)
            with acting_system(world.homes[key], timezone.now()) as system:
                _row, self._tokens[key] = tokens.make(system, user, "test", system.now + timedelta(days=1))

    def address(self, row: Row) -> str:
        """Where the row's thing is."""
        named = [arg[1:] if arg.startswith("=") else self.world.things[arg].public_id for arg in row.args]
        if row.url.startswith("/"):
            places = iter(named)
            path = ROOT + re.sub(r"{\w+}", lambda _found: str(next(places)), row.url)
        else:
            path = reverse(row.url, args=named)
        return f"{path}?{row.query}" if row.query else path

    def ask(self, who: str, row: Row, method: str = "") -> HttpResponseBase:
        """What this person gets; whatever it changed is undone."""
        with transaction.atomic():
            answer = self.send(who, row, method)
            transaction.set_rollback(True)
        return answer

    def browse(self, who: str, address: str) -> HttpResponseBase:
        """A page that has no row; whatever it changed is undone."""
        with transaction.atomic():
            answer = self._browsers[who].get(address)
            transaction.set_rollback(True)
        return answer

    def send(self, who: str, row: Row, method: str = "") -> HttpResponseBase:
        """What this person gets."""
        data = row.data(self.world) if callable(row.data) else row.data
        if row.url.startswith("/"):
            headers = {} if who == "nobody" else {"authorization": f"Bearer {self._tokens[who]}"}
            body = orjson.dumps(data) if data else b""
            return Client().generic(method or row.method, self.address(row), body, "application/json", headers=headers)
        browser = self._browsers[who]
        browser.cookies.pop("messages", None)  # what was said on the page before is not what is shown now
        send = getattr(browser, (method or row.method).lower())
        return send(self.address(row), data if (method or row.method) == "POST" else None)

    def end_every_grant(self) -> None:
        """The region ends its mandates on the page; the circle its coordination."""
        for door in ("soc_mandate", "grant"):
            ended = self._browsers["ciso"].post(reverse("beheer:grant-end", args=[self.world.things[door].public_id]))
            assert ended.status_code == 302
        with acting_system(organisation(secrets.CIRCLE), timezone.now()) as system:
            access.end(system, self.world.things["coordination"].public_id)


@pytest.fixture(scope="module")
def visitors(django_db_setup: None, django_db_blocker: Any) -> Iterator[Visitors]:
    quiet = logging.getLogger("django.request")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)  # a thousand refusals are what this is about
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        yield Visitors(secrets.build())
        transaction.set_rollback(True)
    quiet.setLevel(level)
    cache.clear()


def body_of(answer: HttpResponseBase) -> str:
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    # A workbook is no text; its own tests look into it.
    return (content + repr(sorted(answer.headers.items())).encode()).decode(errors="replace")


def tells(answer: HttpResponseBase) -> bool:
    return secrets.WORD.lower() in body_of(answer).lower()


def faults(who: str, row: Row, answer: HttpResponse, status: int, *, finds: bool) -> Iterator[str]:
    """What is wrong with what this person got."""
    if answer.status_code != status:
        yield f"{who}: {answer.status_code}, expected {status}"
    told = tells(answer)
    if told and not finds:
        yield f"{who}: finds the secret word"
    if finds and row.method == "GET" and told is not row.word:
        yield f"{who}: {'does not find' if row.word else 'finds'} the word (the row says otherwise)"
    if answer.status_code == 302 and not row.url.startswith("/"):
        login = answer["Location"].startswith(reverse("account_login"))
        if login is not (who == "nobody"):
            yield f"{who}: is sent to {answer['Location']}"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_is_theirs_and_reading_changes_nothing(row: Row, visitors: Visitors) -> None:
    found: list[str] = []
    written: set[str] = set()
    with connection.execute_wrapper(notes_writing(written)):
        for who, status in row.expected().items():
            finds = who in row.finders or (not row.word and status == 200)
            found += faults(who, row, visitors.ask(who, row), status, finds=finds)
    if row.method == "GET":
        found += [f"reading writes in {table}" for table in sorted(written) if not table.startswith(BOOKKEEPING)]
    assert not found, "\n".join(found)


WRITES = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"')


def notes_writing(tables: set[str]) -> Callable[..., Any]:
    """A wrapper of every statement that notes in which tables one writes."""

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := WRITES.match(sql):
            tables.add(found[1])
        return execute(sql, *rest)

    return note


def test_a_door_that_was_ended_is_shut_on_the_next_request(visitors: Visitors) -> None:
    through = [(row, who) for row in ROWS for who in ("analyst", "cert") if who in row.finders]
    assert len(through) > 80
    with transaction.atomic():
        visitors.end_every_grant()
        found = [
            f"{row}: {fault}"
            for row, who in through
            for fault in faults(who, row, visitors.ask(who, row), row.shut(who), finds=False)
        ]
        transaction.set_rollback(True)
    assert not found, "\n".join(found)


def test_a_mandate_to_see_is_no_mandate_to_act(visitors: Visitors) -> None:
    with transaction.atomic():
        with every_owner():
            Grant.objects.update(may=[SEE])
        before = content()
        for row in ROWS:
            for who in {"analyst", "cert"} & row.finders:
                answer = visitors.ask(who, row) if row.method == "GET" else visitors.send(who, row)
                writes = row.method == "POST" or row.url in FOR_WRITERS or any("draft" in arg for arg in row.args)
                assert (answer.status_code >= 400) is writes, f"{who}: {row}: {answer.status_code}"
        assert content() == before
        transaction.set_rollback(True)


def content() -> dict[str, str]:
    """A fingerprint of every row of every table but the audit chain and the sessions."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(BOOKKEEPING):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of tables
                found[table] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


def methods() -> dict[str, set[str]]:
    """By address the methods that its rows use."""
    found: dict[str, set[str]] = {}
    for row in ROWS:
        found.setdefault(row.url, set()).add(row.method)
    return found


@pytest.mark.parametrize("url", methods())
def test_no_other_method_than_those_with_a_row(url: str, visitors: Visitors) -> None:
    row = next(row for row in ROWS if row.url == url)
    for method in set(METHODS) - methods()[url]:
        answer = visitors.ask(row.right, row, method)
        assert answer.status_code == 405, f"{method} {url}: {answer.status_code}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "POST"], ids=str)
def test_a_post_without_a_csrf_token_is_refused(row: Row, visitors: Visitors) -> None:
    """From the browser, for pages and for the API alike, though the session is right."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(visitors.world.people[row.right], backend=BACKEND)
    before = content()
    answer = strict.post(
        visitors.address(row), {}, "application/json" if row.url.startswith("/") else MULTIPART_CONTENT
    )
    assert answer.status_code == (401 if row.url.startswith("/") else 403)
    assert content() == before


def test_a_place_in_the_list_of_another_tells_nothing(visitors: Visitors) -> None:
    """Whoever knows the id of a row that is not theirs must not learn from their own list where it would stand."""
    theirs = visitors.world.things["alert"]
    with transaction.atomic():
        host = asset(organisation(secrets.STRANGER), "eigen")
        facts = {"first_seen": theirs.first_seen, "last_seen": theirs.last_seen, "opened_at": theirs.opened_at}
        with every_owner():
            for severity in (2, 4):
                own = {"asset": host, "title": f"eigen {severity}", "severity": severity}
                Alert(organisation=host.organisation, **own, **facts).save()
        plain, after = (
            re.findall("eigen [24]", body_of(visitors.send("stranger", Row("soc:list", query=query))))
            for query in ("", f"after={theirs.public_id}")
        )
        assert set(plain) == {"eigen 2", "eigen 4"}
        assert after == plain
        assert visitors.send("stranger", Row("/alerts", query=f"cursor={theirs.public_id}")).status_code == 400
        transaction.set_rollback(True)


# --- is the matrix whole? --------------------------------------------------------------------------------------------


def routes(resolver: Any = None, way: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every route of the site: its full name, or an empty text, and its address."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = f"{way}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, address, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            assert isinstance(entry, URLPattern)
            yield f"{space}{entry.name}" if entry.name else "", address


def test_every_page_has_a_row_and_every_row_a_page() -> None:
    elsewhere = ("api/", "account/", "ingest/", "taxii2/", ".well-known/csaf/", *SIGNED)
    pages = {name or address for name, address in routes() if not address.startswith(elsewhere)}
    with_rows = {row.url for row in PAGES}
    assert sorted(pages - with_rows) == []
    assert sorted(with_rows - pages) == []


def test_every_address_behind_a_signed_link_is_known() -> None:
    """``tests/riskmap/test_partner_part.py`` and ``tests/baseline/questions/test_links.py`` try them."""
    assert {name for name, address in routes() if address.startswith(SIGNED)} == {
        "riskmap:part", "riskmap:part-open", "riskmap:part-sent",
        "baseline:question", "baseline:question-open", "baseline:question-thanks",
    }  # fmt: skip


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    document = api.get_openapi_schema()["paths"]
    operations = {(method.upper(), path) for path, each in document.items() for method in each}
    operations.add(("GET", "/openapi.json"))
    with_rows = {(row.method, row.url) for row in API}
    assert sorted(operations - with_rows) == []
    assert sorted(with_rows - operations) == []


def test_no_operation_hides_from_the_document() -> None:
    document = {re.sub(r"{\w+}", "{}", path) for path in api.get_openapi_schema()["paths"]}
    hidden = {re.sub(r"<[^>]+>", "{}", address.removeprefix("api/v1")) for _n, address in routes() if "api/" in address}
    assert hidden - document == {"/openapi.json", "/"}
    assert Client().get(f"{ROOT}/").status_code == 404


def test_everybody_is_tried_on_every_row() -> None:
    for row in ROWS:
        assert {"nobody", "left", "stranger", "colleague", "analyst", "cert", row.right} <= row.expected().keys()
        assert row.ok in (200, 201, 302) or row.url in NOBODY_HERE, row


# --- senders of logs -------------------------------------------------------------------------------------------------


def test_every_address_for_senders_is_known() -> None:
    assert {name for name, address in routes() if address.startswith("ingest/")} == set(SENDERS)


@pytest.mark.parametrize("name", SENDERS)
def test_only_the_token_of_a_source_opens_an_address_for_senders(name: str, visitors: Visitors) -> None:
    address, right = SENDERS[name]
    before = content()
    for method in METHODS:
        for who, browser in visitors._browsers.items():
            answer = browser.generic(method, address, b'{"create":{}}\n{}\n')
            assert (who, answer.status_code) == (who, 401)
            assert not tells(answer), who
        for who, token in visitors._tokens.items():
            answer = Client().generic(method, address, headers={"authorization": f"Bearer {token}"})
            assert (who, answer.status_code) == (who, 401)
    assert content() == before
    with transaction.atomic():
        with acting_system(organisation(secrets.OWNER), timezone.now()) as system:
            _source, token = logsources.renew_token(system, visitors.world.things["logsource"].public_id)
        strict = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {token}"})
        assert strict.generic(right, address, b'{"create":{}}\n{}\n').status_code == 200
        assert strict.delete(address).status_code == 405
        transaction.set_rollback(True)


# --- log-in ----------------------------------------------------------------------------------------------------------


def test_every_login_page_is_known() -> None:
    addresses = {address for _name, address in routes() if address.startswith("account/")}
    assert sorted(addresses) == sorted(LOGIN)


@pytest.mark.parametrize("pattern", LOGIN)
def test_a_login_page_is_about_the_caller_only(pattern: str, visitors: Visitors) -> None:
    address = "/" + re.sub(r"<[^>]+>|\(\?P<[^)]+\)", "1", pattern.replace("^", "").replace("$", ""))
    for who, status in zip(("nobody", "stranger"), LOGIN[pattern], strict=True):
        answer = visitors.browse(who, address)
        assert (who, answer.status_code) == (who, status)
        assert not tells(answer), who
        strict = Client(enforce_csrf_checks=True)
        if who != "nobody":
            strict.force_login(visitors.world.people[who], backend=BACKEND)
        assert strict.post(address).status_code == 403


def test_nobody_makes_an_account_for_themselves(visitors: Visitors) -> None:
    data = {"email": "nieuw@test.example", "password1": "een-lang-wachtwoord-2026"}
    before = content()
    for address in ("signup", "3rdparty/signup", "social/signup"):
        Client().post(f"/account/{address}/", data)
    assert content() == before
