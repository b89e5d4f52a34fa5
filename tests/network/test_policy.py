"""The policy: decide and visible agree for every rule, and grants are the only doors."""

from __future__ import annotations

import pytest
from django.apps import apps

from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Action, Grant, Node, RoleAssignment
from brandwacht.network.policy import decide, rules, visible
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import TenantModel, every_owner
from tests.world import NOW, actor, asset, mandate, organisation, person

pytestmark = pytest.mark.django_db

MODEL_OF = {"register": Node, "mensen": RoleAssignment, "toegang": Grant, "acties": Action}


def test_every_rule_is_about_a_domain_that_some_model_has() -> None:
    domains = {m.domain for m in apps.get_models() if issubclass(m, TenantModel)}
    assert {rule.domain for rule in rules().values()} <= domains


@pytest.mark.parametrize("role", list(Role))
def test_decide_and_visible_agree(role: Role) -> None:
    ours, theirs, soc = organisation("VR17"), organisation("VR15"), organisation("VR-SOC", "landelijk")
    mandate(ours, soc, GrantKind.SOC_MANDATE, act=True)
    single = asset(theirs, "OPEN")
    mandate(theirs, soc, GrantKind.CERT_MANDATE, thing=single.public_id)
    asset(theirs, "DICHT")
    asset(ours, "DC01")
    other = person(ours, Role.CISO)
    with every_owner():
        for key, owner, who in (("a", None, Role.CISO), ("b", other, Role.CISO), ("c", None, role)):
            Action(
                organisation=ours, key=key, title=key, room="soc", path="/", role=who, owner=owner, created_at=NOW
            ).save()
    for home in (ours, theirs, soc):
        me = actor(person(home, role), home)
        for rule in rules().values():
            model = MODEL_OF.get(rule.domain)
            if model is None:
                continue
            with every_owner():
                rows = list(model.objects.all())
                seen = set(model.objects.filter(visible(me, rule.action)).values_list("pk", flat=True))
            allowed = {row.pk for row in rows if decide(me, rule.action, row)}
            assert seen == allowed, rule.action


def test_an_ended_grant_works_no_longer() -> None:
    ours, soc = organisation("VR17"), organisation("VR-SOC", "landelijk")
    node = asset(ours, "DC01")
    grant = mandate(ours, soc, GrantKind.SOC_MANDATE)
    analyst = person(soc, Role.SOC_ANALYST)
    assert decide(actor(analyst, soc), "register.see", node)
    with every_owner():
        grant.ended_at = NOW
        grant.save()
    refused = decide(actor(analyst, soc), "register.see", node)
    assert not refused
    assert "mandaat" in refused.reason


def test_nobody_gets_nothing() -> None:
    assert not decide(None, "register.see", asset(organisation("VR17"), "DC01"))
