"""The circle's own advisories: written, published as CSAF that passes the ``csaf`` package, and handed out by label."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.engines.intel.advisories import check_csaf, read_csaf
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import OwnAdvisory
from brandwacht.sharing.services import own_advisories
from brandwacht.sharing.services.own_advisories import AdvisoryText
from tests.sharing.conftest import Persona
from tests.sharing.members import Members, members, token_of
from tests.world import acting, actor, organisation, person

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]
METADATA = "/.well-known/csaf/provider-metadata.json"


@pytest.fixture
def one() -> Members:
    return members("een")


def told(**changes: object) -> AdvisoryText:
    facts = {
        "title": "Lek in FortiOS", "summary": "Een aanvaller kan zonder wachtwoord binnenkomen.", "tlp": "CLEAR",
        "advice": "Werk bij naar 7.2.9.", "pap": "CLEAR", "products": "Fortinet; FortiOS; vers:generic/<7.2.9; 7.2.9",
        "cves": "CVE-2026-12345, cve-2026-12346", "link": "https://www.example.nl/uitleg", "urgent": True,
    }  # fmt: skip
    return AdvisoryText(**(facts | changes))  # type: ignore[arg-type]


def published(circle: Members, **changes: object) -> OwnAdvisory:
    with acting(circle.writer.actor) as me:
        row = own_advisories.write(me, told(**changes))
        return own_advisories.publish(me, row.public_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"), ({"summary": ""}, "summary"), ({"tlp": "RED"}, "tlp"), ({"pap": "x"}, "pap"),
        ({"products": ""}, "products"), ({"products": "FortiOS"}, "products"), ({"cves": "CVE-1"}, "cves"),
        ({"products": "a; b; 1; 1"}, "products"), ({"link": "http://x.nl"}, "link"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_kept(one: Members, changes: dict[str, object], field: str) -> None:
    with acting(one.writer.actor) as me, pytest.raises(Refused) as error:
        own_advisories.write(me, told(**changes))
    assert error.value.field == field
    with every_owner():
        assert not OwnAdvisory.objects.exists()


def test_the_whole_world_reads_what_is_clear(one: Members, client: Client) -> None:
    row = published(one)
    metadata = orjson.loads(client.get(METADATA).content)
    feeds = {each["tlp_label"]: each["url"] for each in metadata["distributions"][0]["rolie"]["feeds"]}
    assert set(feeds) == {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT"}
    feed = orjson.loads(client.get(_path(feeds["CLEAR"])).content)["feed"]
    links = {each["rel"]: each["href"] for each in feed["entry"][0]["link"]}
    content = client.get(_path(links["self"])).content
    assert client.get(_path(links["hash"])).content.decode().split()[0] == hashlib.sha512(content).hexdigest()
    assert check_csaf(orjson.loads(content)) == []
    back = read_csaf(content)
    assert (back.key, back.urgency.name, [each.cve for each in back.flaws]) == (
        row.key, "URGENT", ["CVE-2026-12345", "CVE-2026-12346"],
    )  # fmt: skip
    assert back.stated.tlp.name == "CLEAR"


def _path(url: str) -> str:
    return url.removeprefix("http://127.0.0.1:8000")


def test_the_rest_asks_for_a_token_and_metadata_tell_of_nothing_hidden(one: Members, client: Client) -> None:
    published(one)
    before = client.get(METADATA).content
    row = published(one, tlp="AMBER")
    assert client.get(METADATA).content == before
    feed, name = "/.well-known/csaf/amber/feed.json", f"/.well-known/csaf/amber/2026/{row.key.lower()}.json"
    for path in (feed, name, "/.well-known/csaf/amber/2026/niets.json"):
        assert client.get(path).status_code == 401
    program = Client(headers={"authorization": f"Bearer {token_of(one['een'])}"})
    assert row.key in program.get(feed).content.decode()
    assert program.get(name).status_code == 200
    assert program.get(name.replace("amber", "clear")).status_code == 404
    assert program.get("/.well-known/csaf/red/feed.json").status_code == 404
    outside = organisation("GM0001", "gemeente")
    stranger = Client(
        headers={"authorization": f"Bearer {token_of(Persona(person(outside, Role.ISAC_MEMBER), outside))}"}
    )
    for path in (feed, name):
        assert stranger.get(path).status_code == 404
    client.force_login(one["een"].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(feed).status_code == 401, "a session opens no door for programs"


def test_pap_red_and_concepts_go_nowhere(one: Members, client: Client) -> None:
    published(one, pap="RED")
    with acting(one.writer.actor) as me:
        own_advisories.write(me, told())
    assert orjson.loads(client.get("/.well-known/csaf/clear/feed.json").content)["feed"]["entry"] == []


def test_a_newer_version_is_published_with_its_label(one: Members, client: Client, browse: Browse) -> None:
    row = published(one)
    later = one.writer.actor
    with acting(later) as me:
        with pytest.raises(Refused):
            own_advisories.change(me, row.public_id, told(title="Anders"))
        own_advisories.change(me, row.public_id, told(tlp="AMBER", changed="Alleen voor leden"))
        with pytest.raises(Refused):
            own_advisories.publish(me, row.public_id)
    assert orjson.loads(client.get("/.well-known/csaf/clear/feed.json").content)["feed"]["entry"] == []
    page = browse(one["een"]).get(reverse("sharing:own-advisory", args=[row.public_id])).content.decode()
    assert "Alleen voor leden" in page
    document = browse(one["een"]).get(reverse("sharing:own-advisory-csaf", args=[row.public_id])).content
    assert orjson.loads(document)["document"]["tracking"]["version"] == "2"
    with acting(actor(one["een"].user, one["een"].at)) as me, pytest.raises(Denied):
        own_advisories.change(me, row.public_id, told(changed="x"))


def test_from_the_form_to_a_concept(one: Members, browse: Browse) -> None:
    client = browse(one.writer)
    form = {"title": "x", "summary": "y", "products": "Maker; Ding; 1", "tlp": "GREEN", "pap": "GREEN"}
    assert client.post(reverse("sharing:own-advisory-new"), form | {"products": "x"}).status_code == 422
    assert client.post(reverse("sharing:own-advisory-new"), form).status_code == 302
    with every_owner():
        row = OwnAdvisory.objects.get()
    assert browse(one["een"]).get(reverse("sharing:own-advisory", args=[row.public_id])).status_code == 404
