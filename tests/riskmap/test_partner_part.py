"""A partner's signed link reaches nothing but its own part, and what comes in waits for its owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, AuditEntry, Node, Organisation, Requirement
from brandwacht.network.policy import decide, rules, visible
from brandwacht.network.roles import Role
from brandwacht.network.services.tokens import hashed
from brandwacht.network.tenancy import TenantModel, every_owner, tenancy_scope
from brandwacht.riskmap.models import PartnerLink, PartnerProposal, ProposalState, Scenario
from brandwacht.riskmap.register import partner_links, partner_part
from tests.network.rows import tenant_models
from tests.world import acting, actor, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(region: Organisation) -> Iterator[Actor]:
    cache.clear()
    with acting(replace(actor(person(region, Role.RISK_ADVISER), region), now=timezone.now())) as found:
        yield found


@pytest.fixture
def given(me: Actor) -> tuple[PartnerLink, str]:
    """A link to the paging network and the process of alarming, and its token."""
    nodes = [Node.objects.get(key=key).public_id for key in ("p2000", "alarm")]
    return partner_links.give(me, "Gemeente Delft", "", nodes, me.now + timedelta(days=9))


class Browser(Client):
    """A browser whose requests meet no scope but what the site itself opens for them."""

    def request(self, **request: Any) -> Any:
        with scope(tenancy=None):
            return super().request(**request)


def opened(token: str) -> Client:
    """A browser in which the link was opened."""
    browser = Browser()
    answer = browser.post(reverse("riskmap:part-open", args=[token]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("riskmap:part"))
    return browser


def form(browser: Client) -> dict[str, str]:
    """The fields of the partner's page as they stand."""
    filled = browser.get(reverse("riskmap:part")).context["filled"]
    fields = [field for each in filled.part for field in (*each.fields, *each.needs)]
    return {field.name: field.value for field in (*fields, *(field for line in filled.added for field in line))}


def test_the_token_is_kept_as_a_hash_only(given: tuple[PartnerLink, str]) -> None:
    link, token = given
    assert len(token) >= 43
    row = PartnerLink.objects.filter(pk=link.pk).values().get()
    assert token not in repr(row)
    assert token not in repr(list(AuditEntry.objects.values()))
    assert row["token_hash"] == hashed(token)


def test_a_get_changes_nothing_and_the_exchange_cleans_the_address(given: tuple[PartnerLink, str]) -> None:
    link, token = given
    address = reverse("riskmap:part-open", args=[token])
    page = Browser().get(address)
    assert page.status_code == 200
    assert "Alarmering" not in page.content.decode()
    link.refresh_from_db()
    assert link.opened_at is None
    assert not page.cookies.keys() & {partner_links.KIND.cookie}
    answer = Browser().post(address)
    cookie = answer.cookies[partner_links.KIND.cookie]
    assert token not in cookie.value
    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"]) == (reverse("riskmap:part"), "Lax")
    link.refresh_from_db()
    assert link.opened_at is not None


def test_the_page_shows_the_part_and_nothing_else(given: tuple[PartnerLink, str], region: Organisation) -> None:
    html = opened(given[1]).get(reverse("riskmap:part")).content.decode()
    assert "Oproepnetwerk" in html
    assert "Koppeling (papier)" in html  # what its own process needs
    with every_owner():
        others = Node.objects.exclude(key__in=("p2000", "alarm"))
        for node in others:
            assert node.name not in html, node.name
            assert str(node.public_id) not in html
            assert f">{node.key}<" not in html


def test_the_cookie_opens_no_other_page(given: tuple[PartnerLink, str]) -> None:
    browser = opened(given[1])
    node = Node.objects.get(key="p2000")
    for address in (
        reverse("riskmap:map"), reverse("riskmap:register"), reverse("riskmap:partners"), reverse("beheer:register"),
        reverse("riskmap:node", args=[node.public_id]), reverse("riskmap:sheet-csv", args=["middelen"]), "/",
    ):  # fmt: skip
        answer = browser.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(reverse("account_login")), address
    assert browser.get("/api/v1/nodes").status_code in {401, 404}


def test_a_link_may_do_one_thing_to_one_thing(given: tuple[PartnerLink, str], me: Actor) -> None:
    """Over every rule there is and every kind of row: the holder may fill in through its own link, and no more."""
    link = given[0]
    other, _token = partner_links.give(
        me, "Ander", "", [Node.objects.get(key="dc01").public_id], me.now + timedelta(days=9)
    )
    Scenario(organisation_id=link.organisation_id, key="s", name="s").save()
    holder = partner_links.KIND.holder(link, me.now)
    with every_owner():
        rows = [row for model in tenant_models() for row in model.objects.all()[:5]]
    allowed = {(rule, row) for rule in rules() for row in rows if decide(holder, rule, row)}
    assert allowed == {("riskmap.partner.fill", link)}
    assert not decide(holder, "riskmap.partner.fill", other)
    with tenancy_scope(holder.tenancy()):
        assert list(PartnerLink.objects.filter(visible(holder, "riskmap.partner.fill"))) == [link]
        assert not Node.objects.exists()  # the register is out of reach altogether
        assert not Requirement.objects.exists()


def test_without_a_link_there_is_nothing() -> None:
    for name in ("riskmap:part", "riskmap:part-sent"):
        assert Browser().get(reverse(name)).status_code == 404
    assert Browser().post(reverse("riskmap:part"), {"opmerking": "x"}).status_code == 404
    forged = Browser()
    forged.cookies[partner_links.KIND.cookie] = "verzonnen:cookie"
    assert forged.get(reverse("riskmap:part")).status_code == 404
    for method in ("get", "post"):
        assert getattr(Browser(), method)(reverse("riskmap:part-open", args=["verzonnen"])).status_code == 404
    with scope(tenancy=None), pytest.raises(ScopeError):
        PartnerLink.objects.count()


def test_a_post_without_a_csrf_token_is_refused(given: tuple[PartnerLink, str]) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(reverse("riskmap:part-open", args=[given[1]])).status_code == 403
    strict.cookies = opened(given[1]).cookies
    assert strict.post(reverse("riskmap:part"), {"opmerking": "x"}).status_code == 403
    assert not PartnerProposal.objects.exists()


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_an_ended_link_stops_on_the_next_request(given: tuple[PartnerLink, str], me: Actor, how: str) -> None:
    link, token = given
    browser = opened(token)
    if how == "revoked":
        partner_links.revoke(me, link.public_id)
    else:
        PartnerLink.objects.filter(pk=link.pk).update(expires_at=me.now)
    assert browser.get(reverse("riskmap:part")).status_code == 404
    assert browser.post(reverse("riskmap:part"), {"opmerking": "x"}).status_code == 404
    assert Browser().get(reverse("riskmap:part-open", args=[token])).status_code == 404
    with pytest.raises(NotFound):
        partner_links.KIND.exchange(token, timezone.now())
    assert not PartnerProposal.objects.exists()


def test_what_comes_in_waits_and_its_owner_takes_over_what_fits(given: tuple[PartnerLink, str], me: Actor) -> None:
    browser = opened(given[1])
    data = form(browser)
    data |= {"deel-1-repair": "45", "deel-1-owner_name": "Netbeheer", "deel-0-buffer-0": "30", "opmerking": "Klopt zo."}
    data |= {"nieuw-0-node": "Oproepnetwerk", "nieuw-0-label": "Stroom", "nieuw-0-providers": "dc01"}
    # A field that the page does not have is not read: no other node is within reach.
    data |= {"deel-2-repair": "1", "deel-0-key": "gekaapt", "node": str(Node.objects.get(key="dc01").public_id)}
    assert browser.post(reverse("riskmap:part"), data).status_code == 302
    proposal = PartnerProposal.objects.get()
    assert {(line["name"], line["becomes"]) for line in proposal.lines} == {
        ("Oproepnetwerk", "45"), ("Oproepnetwerk", "Netbeheer"), ("Alarmering brandweer, Koppeling (papier)", "30"),
        ("Oproepnetwerk", "Stroom, van dc01, buffer 0 minuten"),
    }  # fmt: skip
    assert Node.objects.get(key="p2000").repair == 120  # nothing counts yet
    waiting = Action.objects.get(key=partner_links.proposal_key(proposal))
    assert waiting.role == Role.RISK_ADVISER
    refused = next(number for number, line in enumerate(proposal.lines) if line["becomes"] == "Netbeheer")
    taken = set(range(len(proposal.lines))) - {refused}
    partner_part.judge(me, proposal.public_id, taken)
    node = Node.objects.get(key="p2000")
    assert (node.repair, node.owner_name) == (45, "")
    assert Requirement.objects.get(label="Koppeling (papier)").autonomy == 30
    assert Requirement.objects.get(label="Stroom").node == node
    waiting.refresh_from_db()
    assert waiting.state == "gedaan"
    with pytest.raises(Refused, match="al beoordeeld"):
        partner_part.judge(me, proposal.public_id, taken)


def test_bad_values_come_back_to_the_partner_and_nothing_is_sent(given: tuple[PartnerLink, str]) -> None:
    browser = opened(given[1])
    data = form(browser) | {"deel-0-repair": "-1", "deel-0-name": "", "nieuw-1-label": "Stroom"}
    answer = browser.post(reverse("riskmap:part"), data)
    assert answer.status_code == 422
    assert answer.context["filled"].faults.keys() == {
        "deel-0-repair", "deel-0-name", "nieuw-1-node", "nieuw-1-providers",
    }  # fmt: skip
    assert browser.post(reverse("riskmap:part"), form(browser)).status_code == 422  # nothing was changed
    assert not PartnerProposal.objects.exists()


def test_an_unknown_provider_tells_its_owner_and_nothing_is_half_written(
    given: tuple[PartnerLink, str], me: Actor
) -> None:
    browser = opened(given[1])
    extra = {"nieuw-0-node": "Oproepnetwerk", "nieuw-0-label": "Stroom", "nieuw-0-providers": "Onbekend onderdeel"}
    # To the partner an unknown name and one of somebody else look the same.
    assert browser.post(reverse("riskmap:part"), form(browser) | extra | {"deel-1-repair": "45"}).status_code == 302
    proposal = PartnerProposal.objects.get()
    with pytest.raises(Refused, match="staat niet in het register"):
        partner_part.judge(me, proposal.public_id, {0, 1})
    assert Node.objects.get(key="p2000").repair == 120
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SENT
    with pytest.raises(Refused, match="waarom"):
        partner_part.judge(me, proposal.public_id, set())
    assert partner_part.judge(me, proposal.public_id, set(), "Klopt niet.").state == ProposalState.REFUSED


def test_a_stranger_judges_and_gives_nothing(given: tuple[PartnerLink, str], region: Organisation) -> None:
    opened(given[1]).post(reverse("riskmap:part"), {"opmerking": "Hallo"})
    proposal = PartnerProposal.objects.get()
    other = organisation("VR01")
    with acting(actor(person(other, Role.CISO), other)) as stranger:
        with pytest.raises(NotFound):
            partner_part.judge(stranger, proposal.public_id, set())
        with pytest.raises(NotFound):
            partner_links.revoke(stranger, given[0].public_id)
    with acting(actor(person(region, Role.MAYOR), region)) as mayor, pytest.raises(Denied):
        partner_links.give(mayor, "X", "", [], mayor.now + timedelta(days=1))


def test_every_tenant_model_is_out_of_reach_but_those_of_a_part(given: tuple[PartnerLink, str], me: Actor) -> None:
    holder = partner_links.KIND.holder(given[0], me.now)
    with tenancy_scope(holder.tenancy()):
        reached = {model.domain for model in tenant_models() if model.objects.exists()}
    assert reached == {"deel"}
    assert issubclass(PartnerLink, TenantModel)
