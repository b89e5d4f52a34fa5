"""Markup in every field that somebody fills, and every page that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from brandwacht.cert.models import Incident
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Node, Organisation, TableImport
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.security.conftest import Visit, mandate_now
from tests.soc.conftest import line
from tests.world import organisation, person

pytestmark = pytest.mark.django_db

MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</script>"
QUOTED = MARKUP.replace('"', '""')
DOORS = (
    "/", "/beheer", "/beheer/register", "/beheer/logboek", "/beheer/mensen", "/beheer/mandaten", "/waakzaam",
    "/waakzaam/bronnen", "/incidenten", "/risicokaart", "/risicokaart/beeld", "/basis", "/basis/maatregelen", "/delen",
    "/besturen", f"/beheer/register?q={MARKUP}", f"/waakzaam?tekst={MARKUP}", f"/incidenten?tekst={MARKUP}",
    f"/risicokaart?tekst={MARKUP}",
)  # fmt: skip
MOST = 240


def _shape(address: str) -> str:
    """The address without identifiers: one page of each kind is enough."""
    return re.sub(r"/basis/[0-9.]+$", "/basis/N", re.sub(r"[0-9a-f-]{36}", "U", address))


def faults(page: str) -> list[str]:
    """What a browser could run in a page, or what its CSP would stop."""
    bare = re.sub(r'"[^"]*"', '""', page)
    found = [word for word in ("<script>alert", "<img src=x", "49</script") if word in page]
    found += re.findall(r"<[a-z][^>]*\son[a-z]+=", bare) + re.findall(r"<[a-z][^>]*\sstyle=", bare)
    found += [tag for tag in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) if "application/json" not in tag]
    return found + re.findall(r'(?:href|action|src)="\s*(?:javascript|vbscript|data:text)[^"]*', page, re.IGNORECASE)


def _fill(client: Client, region: Organisation) -> list[str]:
    """Put markup wherever a form takes text; returns further addresses to look at."""

    def post(path: str, data: dict[str, Any]) -> None:
        assert client.post(path, data).status_code == 302, path

    part = {"sector": MARKUP[:60], "owner_name": MARKUP, "restart": 1, "repair": 2}
    post(
        "/beheer/register/nieuw", part | {"name": MARKUP, "kind": "proces", "vital": "on", "names": "a<b>", "key": "p1"}
    )
    post("/beheer/register/nieuw", part | {"name": f"B{MARKUP}", "kind": "dienst", "names": "", "key": "p2"})
    with every_owner():
        process = Node.objects.get(organisation=region, key="p1")
    need = {"label": MARKUP, "providers": "p2", "needed": 1, "autonomy": 5, "effect": "down"}
    post(f"/beheer/register/{process.public_id}/nodig", need)
    post("/risicokaart/wat-als", {"node1": "p2", "state": "down", "horizon": "4320"})
    due = str(timezone.localdate() + timedelta(days=30))
    measure = {"title": MARKUP, "owner_name": MARKUP, "due": due, "description": MARKUP, "cost": 5, "for_board": "on"}
    post("/basis/maatregelen/nieuw", measure)
    incident = {"title": MARKUP, "summary": MARKUP, "scenario": "eigen_organisatie", "phase": "lauw", "severity": 3}
    known = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    post("/incidenten/nieuw", incident | {"node1": "p2", "known_at": known})
    post(
        "/beheer/mandaten/nieuw",
        {"grantee": organisation("VR-CERT", "landelijk").code, "act": "nee", "purpose": MARKUP, "ends_on": due},
    )
    table = f'naam;soort\n"{QUOTED}";"{QUOTED}"\n'.encode()
    post("/beheer/tabel/middelen", {"file": SimpleUploadedFile(f"{MARKUP}.csv", table)})
    with every_owner():
        opened, offered = Incident.objects.get(), TableImport.objects.get()
    note = {"text": MARKUP}
    path = f"/api/v1/incidents/{opened.public_id}/notes"
    assert client.post(path, note, content_type="application/json").status_code == 201
    return [f"/incidenten/{opened.public_id}", f"/beheer/tabel/voorbeeld/{offered.public_id}"]


def test_no_text_of_anybody_becomes_markup(
    region: Organisation, soc: Organisation, read: Callable[..., Any], visit: Visit
) -> None:
    mandate_now(region, soc, GrantKind.SOC_MANDATE, act=True)
    hour_ago = timezone.now() - timedelta(hours=1)
    read(region, line("lsass.exe", MARKUP, hour_ago, CommandLine=MARKUP, User=MARKUP, **{MARKUP: MARKUP}))
    client = visit(person(region, *(role for role in Role if role is not Role.SYSTEM), name=MARKUP))
    todo, seen, wrong = [*DOORS, *_fill(client, region)], set(), []
    while todo and len(seen) < MOST:
        address = todo.pop(0).partition("#")[0]
        if _shape(address) in seen or "logout" in address:
            continue
        seen.add(_shape(address))
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.headers["Content-Type"].startswith(("text/html", "image/svg")):
            page = answer.content.decode()
            wrong += [(address, fault) for fault in faults(page)]
            links = map(unescape, re.findall(r'href="(/[^"]*)"', page))
            todo += [link for link in links if not link.startswith(("/static/", "//"))]
    assert not wrong
    assert {"/waakzaam/U", "/incidenten/U", "/risicokaart/uitkomst/U.svg", "/beheer/register/U"} <= seen
