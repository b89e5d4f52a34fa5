"""Rows of the network: Deze week and Beheer."""

from __future__ import annotations

from django.utils import timezone

from brandwacht.network.models import Grant
from brandwacht.network.tenancy import every_owner
from tests.matrix.rows import ALL, BOTH, Row, act, make, part, thing, upload, within
from tests.secrets import OWNER, Secrets

_OTHER = {"stranger": 400, "analyst": 400, "cert": 400}
WEEK = (
    Row("week:home", sees=BOTH, **ALL | {"word": True, "left": 200, "ended": 200}),
    Row("week:home", query="alles=1", sees=BOTH, **ALL | {"word": True, "left": 200, "ended": 200}),
    make("week:switch", data={"organisation": OWNER}, **_OTHER | {"colleague": 302}),
    act("week:finish", "action"),
    act("week:reopen", "action"),
    act("week:postpone", "action", data={"until": within(3), "reason": "Een proef"}),
    act("week:give", "action", data=lambda w: {"colleague": str(w.people["admin"].public_id)}),
    act("week:take-back", "action"),
)
_NODE = {"name": "Een proef", "kind": "middel"}
_NEED = {"label": "Een proef", "providers": "los", "needed": 1, "effect": "down"}
_OWN = {"analyst": 200, "cert": 200}
_ALSO = {"stranger": 200, "colleague": 200} | _OWN
_ROLE = {"email": "nieuw@test.example", "name": "Nieuw", "role": "raadslid", "valid_from": within(0)}


def _mandate(world: Secrets) -> dict[str, str]:
    """A new mandate, after the one that the SOC has."""
    with every_owner():
        Grant.objects.filter(pk=world.things["soc_mandate"].pk).update(ended_at=timezone.now())
    return {"grantee": "VR-SOC", "act": "nee", "purpose": "Een proef", "ends_on": within(90)}


BEHEER = (
    part("beheer:home", right="admin", word=False, **_OWN),
    part("beheer:people", right="admin"),
    part("beheer:people", right="admin", query="oud=1"),
    part("beheer:people-new", right="admin", word=False),
    make("beheer:people-new", right="admin", data=_ROLE),
    act("beheer:people-end", "role", right="admin"),
    part("beheer:grants"),
    part("beheer:grant-new", word=False),
    make("beheer:grant-new", data=_mandate),
    thing("beheer:grant", "grant"),
    act("beheer:grant-end", "grant"),
    part("beheer:organisation", word=False),
    make("beheer:organisation", data={"regimes": ["avg"]}),
    part("beheer:tokens", **_ALSO),
    make("beheer:tokens", ok=200, data={"name": "Een proef", "until": within(30)}, **_ALSO),
    act("beheer:token-end", "token"),
    part("beheer:logbook"),
    part("beheer:logbook", query="action=riskmap.run&result=gedaan&since=2020-01-01"),
    part("beheer:logbook-export"),
    make("beheer:logbook-verify"),
    part("beheer:register", **_OWN),
    part("beheer:register", query="q=geheim&state=vitaal", **_OWN),
    part("beheer:register-export", **_OWN),
    part("beheer:node-new", word=False),
    make("beheer:node-new", data=_NODE),
    thing("beheer:node", "node"),
    thing("beheer:node-edit", "node"),
    act("beheer:node-edit", "node", data=_NODE),
    act("beheer:node-confirm", "seen", data={"name": "Een proef", "ours": "ja"}),
    act("beheer:node-remove", "loose"),
    thing("beheer:need-new", "process"),
    act("beheer:need-new", "process", data=_NEED),
    thing("beheer:need", "process", "requirement"),
    act("beheer:need", "process", "requirement", data=_NEED),
    act("beheer:need-remove", "process", "requirement"),
    part("beheer:import", "=middelen", word=False),
    make("beheer:import", "=middelen", data=upload("t.csv", "naam;soort\nEen proef;middel\n")),
    part("beheer:import-template", "=middelen", word=False),
    thing("beheer:import-preview", "import"),
    act("beheer:import-apply", "import"),
)
