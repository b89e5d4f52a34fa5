"""The access matrix: every address and every API operation, what it takes, and what each person gets.

A row names the right role, whose request must succeed. ``sees`` names who else does, through a mandate or a circle, and
finds the secret word there; everybody else gets the status of the row and never the word. People are those of
``tests.secrets``: nobody, somebody who left, a stranger (CISO, administrator, chair and VR-ISAC member of another
region), a colleague without the role (raadslid of the owner), the SOC analyst, the CERT lead, and the owner's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from brandwacht.cert.services import assessment
from brandwacht.network.models import Grant
from brandwacht.network.tenancy import every_owner
from tests.secrets import OWNER, Secrets, fingerprint

Data = Mapping[str, Any] | Callable[[Secrets], Mapping[str, Any]]
BOTH = "analyst cert"


@dataclass(frozen=True)
class Row:
    """One way to ask for one address. ``args`` name things, or hold a text after "=". ``word``: it shows the secret."""

    url: str
    args: tuple[str, ...] = ()
    method: str = "GET"
    query: str = ""
    data: Data = field(default_factory=dict)
    right: str = "ciso"
    ok: int = 200
    sees: str = ""
    stranger: int = 404
    colleague: int = 404
    analyst: int | None = None
    cert: int | None = None
    ended: int = 404
    """What those who see it through a grant get once that grant has ended."""
    ended_cert: int | None = None
    """The same for the CERT lead, whose role has no rights at the own organisation."""
    nobody: int = 302
    left: int = 302
    others: Mapping[str, int] = field(default_factory=dict)
    word: bool = True

    def __str__(self) -> str:
        return f"{self.method} {self.url} {' '.join((*self.args, self.query))}".strip()

    def shut(self, who: str) -> int:
        """The status for this person once every grant has ended."""
        return self.ended_cert if who == "cert" and self.ended_cert is not None else self.ended

    @property
    def finders(self) -> set[str]:
        """Who may find the word."""
        return {self.right, *self.sees.split()}

    def expected(self) -> dict[str, int]:
        """The status by person."""
        through = {who: self.ok if who in self.finders else getattr(self, who) for who in ("analyst", "cert")}
        given = {key: 404 if status is None else status for key, status in through.items()}
        given |= {key: getattr(self, key) for key in ("nobody", "left", "stranger", "colleague")}
        return given | dict(self.others) | {self.right: self.ok}


def thing(url: str, *args: str, **facts: Any) -> Row:
    """A page about one thing of the owner: for others it is not there."""
    return Row(url, args, **facts)


def part(url: str, *args: str, **facts: Any) -> Row:
    """A page that shows everybody their own: strangers theirs, and who has no right to any is refused."""
    usual = {"stranger": 200, "colleague": 403, "analyst": 403, "cert": 403, "ended": 200}
    return Row(url, args, **(usual | facts))


def act(url: str, *args: str, **facts: Any) -> Row:
    """A form that is sent about one thing of the owner."""
    return Row(url, args, method="POST", **({"ok": 302, "word": False} | facts))


def make(url: str, *args: str, **facts: Any) -> Row:
    """A form that makes something new for the own organisation: a stranger makes it for theirs."""
    usual = {"ok": 302, "stranger": 302, "colleague": 403, "analyst": 403, "cert": 403, "word": False}
    return Row(url, args, method="POST", **(usual | facts))


def _in(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def _file(name: str, text: str) -> Data:
    return lambda _world: {"file": SimpleUploadedFile(name, text.encode())}


# --- pages of everybody --------------------------------------------------------------------------------------------

ALL = {"stranger": 200, "colleague": 200, "analyst": 200, "cert": 200, "word": False}
OPEN = ALL | {"nobody": 200, "left": 200}
FACE = (
    Row("style-guide", **ALL),
    Row("accessibility", **OPEN),
    Row("health", **OPEN),
    Row("security-txt", **OPEN),
)

# --- network --------------------------------------------------------------------------------------------------------

_OTHER = {"stranger": 400, "analyst": 400, "cert": 400}
WEEK = (
    Row("week:home", sees=BOTH, **ALL | {"word": True, "left": 200, "ended": 200}),
    Row("week:home", query="alles=1", sees=BOTH, **ALL | {"word": True, "left": 200, "ended": 200}),
    make("week:switch", data={"organisation": OWNER}, **_OTHER | {"colleague": 302}),
    act("week:finish", "action"),
    act("week:reopen", "action"),
    act("week:postpone", "action", data={"until": _in(3), "reason": "Een proef"}),
)
_NODE = {"name": "Een proef", "kind": "middel"}
_NEED = {"label": "Een proef", "providers": "los", "needed": 1, "effect": "down"}
_OWN = {"analyst": 200, "cert": 200}
_ALSO = {"stranger": 200, "colleague": 200} | _OWN
_ROLE = {"email": "nieuw@test.example", "name": "Nieuw", "role": "raadslid", "valid_from": _in(0)}


def _mandate(world: Secrets) -> dict[str, str]:
    """A new mandate, after the one that the SOC has."""
    with every_owner():
        Grant.objects.filter(pk=world.things["soc_mandate"].pk).update(ended_at=timezone.now())
    return {"grantee": "VR-SOC", "act": "nee", "purpose": "Een proef", "ends_on": _in(90)}


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
    make("beheer:tokens", ok=200, data={"name": "Een proef", "until": _in(30)}, **_ALSO),
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
    make("beheer:import", "=middelen", data=_file("t.csv", "naam;soort\nEen proef;middel\n")),
    part("beheer:import-template", "=middelen", word=False),
    thing("beheer:import-preview", "import"),
    act("beheer:import-apply", "import"),
)

# --- soc ------------------------------------------------------------------------------------------------------------

_LOG = _file("proef.jsonl", '{"EventID": 1, "Channel": "Security"}\n')
_REASON = {"reason": "Een proef"}
WATCH = (
    part("soc:list", sees=BOTH, ended_cert=403),
    part("soc:list", query="ernst=0&stand=alle&waar=geheim&techniek=T1003", sees=BOTH, ended_cert=403),
    part("soc:newer", query="sinds=2020-01-01T00:00:00%2B00:00", colleague=200, word=False, **_OWN),
    part("soc:rules", analyst=200),
    part("soc:rules", query="tekst=geheim", analyst=200),
    act("soc:rule-switch", "rule", data={"aan": "0"}),
    part("soc:sources", sees="analyst"),
    make("soc:sources", data=lambda w: _LOG(w) | {"organisation": OWNER}, sees="analyst", stranger=422, ended=422),
    thing("soc:source", "file", sees="analyst"),
    thing("soc:source-row", "file", sees="analyst"),
    thing("soc:detail", "alert", sees=BOTH),
    thing("soc:detail", "closed", sees=BOTH),
    act("soc:acknowledge", "alert", sees=BOTH),
    act("soc:known", "alert", data=_REASON, sees=BOTH),
    act("soc:close", "alert", data=_REASON, sees=BOTH),
    act("soc:reopen", "closed", sees=BOTH),
)

# --- cert -----------------------------------------------------------------------------------------------------------

_ASSESS = {"phase": "warm", "scenario": "eigen_organisatie", "severity": 2, "facts": ["significant"]}
_CALL = _ASSESS | {"title": "Een proef", "node1": "los"}
_ELSEWHERE = {"query": f"organisatie={OWNER}", "stranger": 404, "colleague": 403, "ended": 404, "ended_cert": 403}
INCIDENTS = (
    part("cert:list", sees=BOTH, ended_cert=403),
    part("cert:list", query="stand=alle&tekst=geheim", sees=BOTH, ended_cert=403),
    part("cert:new", sees="cert", analyst=200, ended=403),
    part("cert:new", sees=BOTH, **_ELSEWHERE),
    make("cert:new", data=_CALL, sees=BOTH, **_ELSEWHERE),
    act("cert:open-from-alert", "alert", data={"title": "Een proef", "facts": ["significant"]}, sees=BOTH),
    thing("cert:detail", "incident", sees=BOTH),
    act(
        "cert:assess", "incident", sees="cert", analyst=403,
        data=lambda w: _ASSESS | {"seen": assessment(w.things["incident"])},
    ),
    act("cert:move", "incident", data={"state": "ingedamd"}, sees="cert", analyst=403),
    act("cert:activate", "incident", sees="cert", analyst=403),
    act("cert:note", "incident", data={"text": "Een proef"}, sees=BOTH),
    thing("cert:hit", "incident", sees=BOTH),
    act("cert:hit", "incident", data={"node1": "los", "state": "down", "duration": ""}, sees=BOTH),
    act("cert:not-hit", "incident", "hit", sees=BOTH),
    act("cert:clock-done", "incident", "=cbw_melding", data={"note": "Een proef"}, sees="cert", analyst=403),
    act("cert:clock-undo", "incident", "=avg_melding_ap", sees="cert", analyst=403),
)  # fmt: skip

# --- sharing: the circle's, opened by its own grants -----------------------------------------------------------------

_WARNING = {"title": "Een proef", "tlp": "AMBER", "what": "Een proef"}
CIRCLE = (
    part("sharing:list", sees="cert", stranger=403, ended=403),
    part("sharing:list", query="q=geheim", sees="cert", stranger=403, ended=403),
    part("sharing:new", right="cert", stranger=403, ended=403, others={"ciso": 403}, word=False),
    make("sharing:new", right="cert", data=_WARNING, stranger=403, ended=403, others={"ciso": 403}),
    thing("sharing:detail", "warning", sees="cert"),
    thing("sharing:detail", "red", right="cert", others={"ciso": 404}),
    thing("sharing:detail", "draft", right="cert", others={"ciso": 404}),
    thing("sharing:edit", "draft", right="cert", others={"ciso": 404}),
    act("sharing:edit", "draft", right="cert", data=_WARNING, others={"ciso": 404}),
    thing("sharing:send", "draft", right="cert", others={"ciso": 404}),
    act(
        "sharing:send", "draft", right="cert", others={"ciso": 404},
        data=lambda w: {"fingerprint": fingerprint(w.things, w.people["cert"])},
    ),
    act("sharing:withdraw", "warning", right="cert", data=_REASON, others={"ciso": 403}),
    act("sharing:answer", "warning", data={"answer": "onderzocht"}, cert=403),
    thing("sharing:stix", "warning", sees="cert"),
    thing("sharing:stix", "red", right="cert", others={"ciso": 404}),
)  # fmt: skip

# --- risk map -------------------------------------------------------------------------------------------------------

_MAP = {"sees": BOTH, "colleague": 404}
_THAT = {"query": f"organisatie={OWNER}", "stranger": 404, "ended": 404}
_ASK = {"node1": "dc", "state": "down", "duration": "", "horizon": "1440"}
RISK = (
    part("riskmap:map", **_MAP),
    part("riskmap:map", **_MAP | _THAT),
    part("riskmap:picture", **_MAP),
    part("riskmap:picture", **_MAP | _THAT),
    part("riskmap:nodes-csv", **_MAP),
    part("riskmap:nodes-csv", **_MAP | _THAT),
    thing("riskmap:node", "process", sees=BOTH),
    part("riskmap:what-if", ended_cert=403, **_MAP),
    part("riskmap:what-if", **_MAP | _THAT),
    make("riskmap:what-if", data=_ASK, stranger=422, ended=422, ended_cert=403, **_MAP),
    make("riskmap:what-if", data=_ASK, **_MAP | _THAT),
    thing("riskmap:run", "run", sees=BOTH),
    thing("riskmap:run-csv", "run", sees=BOTH),
    thing("riskmap:run-svg", "run", sees=BOTH),
    act("riskmap:keep", "run", data={"name": "Een proef"}, analyst=403, cert=403),
    act("riskmap:play-scenario", "scenario", sees=BOTH),
    act("riskmap:remove-scenario", "scenario", analyst=403, cert=403),
)

# --- baseline -------------------------------------------------------------------------------------------------------

_MEASURE = {"title": "Een proef", "owner_name": "K. Bakker", "due": _in(20), "cost": "100"}
BASIS = (
    part("baseline:list", word=False),
    part("baseline:export"),
    part("baseline:reference", word=False),
    part("baseline:control", "=5.01"),
    make(
        "baseline:control", "=5.01",
        data=lambda w: {"state": "voldoet_niet", "seen": w.things["answer"].answered_at.isoformat()},
    ),
    part("baseline:measures"),
    part("baseline:measures", query="state=alle&board=on"),
    part("baseline:measures-export"),
    part("baseline:measure-new", query="control=5.01"),
    make("baseline:measure-new", data=_MEASURE),
    thing("baseline:measure", "measure", colleague=403, analyst=403, cert=403),
    act("baseline:measure-move", "measure", data={"state": "do"}),
    thing("baseline:measure-change", "measure", colleague=403, analyst=403, cert=403),
    act("baseline:measure-change", "measure", data=_MEASURE, colleague=403, analyst=403, cert=403),
)  # fmt: skip

# --- governance -----------------------------------------------------------------------------------------------------

BOARD = (part("governance:board", right="chair"), Row("governance:powers", right="chair", **ALL))

# --- log-in: pages of allauth, about the own account of the caller. They read no row of an organisation, so a row per
# address is enough: what a GET gives nobody, and somebody who is logged in. What is closed leads nowhere. -----------

_CLOSED = (404, 404)
LOGIN: Mapping[str, tuple[int, int]] = {
    "account/login/": (200, 302),
    "account/logout/": (302, 200),
    "account/signup/": (200, 302),  # says that nobody signs up
    "account/inactive/": (200, 200),
    "account/reauthenticate/": (302, 200),
    "account/email/": _CLOSED,
    "account/confirm-email/": _CLOSED,
    "account/confirm-email/<str:key>/": _CLOSED,
    r"account/^confirm-email/(?P<key>[-:\w]+)/$": _CLOSED,
    "account/login/code/confirm/": _CLOSED,
    "account/password/change/": (302, 200),
    "account/password/set/": (302, 302),
    "account/password/reset/": (200, 200),
    "account/password/reset/done/": (200, 200),
    "account/password/reset/key/done/": (200, 200),
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (200, 200),  # says that the link is not valid
    "account/2fa/": (302, 200),
    "account/2fa/authenticate/": (302, 302),
    "account/2fa/reauthenticate/": (302, 302),
    "account/2fa/totp/activate/": (302, 302),
    "account/2fa/totp/deactivate/": (302, 404),
    "account/2fa/recovery-codes/": (302, 404),
    "account/2fa/recovery-codes/generate/": (302, 302),
    "account/2fa/recovery-codes/download/": (302, 404),
    "account/2fa/webauthn/": (302, 200),
    "account/2fa/webauthn/add/": (302, 302),
    "account/2fa/webauthn/login/": (302, 302),
    "account/2fa/webauthn/reauthenticate/": (302, 302),
    "account/2fa/webauthn/keys/<int:pk>/edit/": (302, 302),
    "account/2fa/webauthn/keys/<int:pk>/remove/": (302, 302),
    "account/3rdparty/": _CLOSED,
    "account/3rdparty/signup/": _CLOSED,
    "account/3rdparty/login/cancelled/": (200, 200),
    "account/3rdparty/login/error/": (302, 401),
    "account/social/signup/": _CLOSED,
    "account/social/connections/": _CLOSED,
    "account/social/login/cancelled/": (302, 301),
    "account/social/login/error/": (302, 301),
    "account/oidc/^(?P<provider_id>[^/]+)/login/": _CLOSED,  # no provider is set
    "account/oidc/^(?P<provider_id>[^/]+)/login/callback/": _CLOSED,
}

PAGES = (*FACE, *WEEK, *BEHEER, *WATCH, *INCIDENTS, *CIRCLE, *RISK, *BASIS, *BOARD)

# --- API: as a program with a token; in a list everybody finds what is theirs, which may be nothing -------------------

_CALLER = {"nobody": 401, "left": 401}
_LIST = _CALLER | ALL | {"word": True, "ended": 200}
_REFUSED = {"colleague": 403, "analyst": 403, "cert": 403}
_POST = {"method": "POST", "ok": 201, "word": False}
_OUTAGE = {"title": "Een proef", "outages": [{"node": "dc"}]}


def api(path: str, *args: str, **facts: Any) -> Row:
    """An operation on one thing of the owner."""
    return Row(path, args, **(_CALLER | facts))


API = (
    Row("/organisations", **_LIST | {"word": False}),
    Row("/nodes", sees=BOTH, **_LIST),
    api("/nodes/{nodeId}", "node", sees=BOTH),
    Row("/actions", **_LIST),
    api("/actions/{actionId}/completion", "action", method="POST"),
    Row("/alerts", sees=BOTH, **_LIST),
    api("/alerts/{alertId}", "alert", sees=BOTH),
    api("/alerts/{alertId}/acknowledgement", "alert", method="POST", sees=BOTH),
    api("/alerts/{alertId}/closure", "alert", method="POST", data=_REASON, sees=BOTH),
    Row("/rules", **_LIST),
    Row("/ingest-files", sees="analyst", **_LIST),
    Row("/incidents", sees=BOTH, **_LIST),
    api("/incidents/{incidentId}", "incident", sees=BOTH),
    api("/incidents/{incidentId}/notes", "incident", data={"text": "Een proef"}, sees=BOTH, **_POST),
    Row("/scenarios", sees=BOTH, **_LIST),
    Row("/cascade-runs", sees=BOTH, **_LIST),
    api("/cascade-runs", data=_OUTAGE, stranger=400, **_POST | _REFUSED | {"analyst": 400}),
    api("/cascade-runs/{runId}", "run", sees=BOTH),
    Row("/controls", **_LIST | _REFUSED),
    api("/controls/{number}", "=5.01", stranger=200, **_REFUSED),
    api("/controls/{number}/answers", "=5.01", data={"state": "voldoet_niet"}, stranger=201, **_POST | _REFUSED),
    Row("/measures", **_LIST),
    api(
        "/measures", data={"title": "Een proef", "ownerName": "K. Bakker", "due": _in(9)}, stranger=201,
        **_POST | _REFUSED,
    ),
    api("/measures/{measureId}", "measure"),
    Row("/warnings", sees="cert", **_LIST),
    api("/warnings/{warningId}", "warning", sees="cert"),
    api("/warnings/{warningId}", "red", right="cert", others={"ciso": 404}),
    api("/warnings/{warningId}", "draft", right="cert", others={"ciso": 404}),
    api("/warnings/{warningId}/bundle", "warning", sees="cert"),
    api("/warnings/{warningId}/bundle", "red", right="cert", others={"ciso": 404}),
    api("/warnings/{warningId}/answers", "warning", data={"answer": "onderzocht"}, cert=403, **_POST),
    Row("/powers", **_LIST | {"word": False}),
    Row("/figures", right="chair", **_LIST | _REFUSED | {"word": False}),
    Row("/openapi.json", **OPEN),
)  # fmt: skip
