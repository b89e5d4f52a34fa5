"""Rows of stories, exceptions, noise, coverage and patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brandwacht.soc.models import AlertException
from brandwacht.soc.views.exceptions import _mark
from tests.matrix.rows import BOTH, REASON, act, part, thing
from tests.secrets import Secrets

_ABOUT = {"about": "regel:regel-1", "subject": "gebruiker", "how": "gelijk", "value": "een-proef"}
_WHY = {"reason": "Een proef", "owner_name": "K. Bakker", "days": "30"}


def _looked_at(_world: Secrets) -> Mapping[str, Any]:
    """A form whose preview was looked at."""
    row = AlertException(rule_id="regel-1", subject="gebruiker", how="gelijk", value="een-proef")
    return _ABOUT | _WHY | {"doen": "bewaar", "looked": _mark(row)}


_NOT_CERT = {"cert": 403}
ALERTS = (
    part("soc:patterns", right="analyst", stranger=403, word=False, others={"ciso": 403}),
    part("soc:coverage", analyst=200, word=False),
    part("soc:coverage-layer", analyst=200, word=False),
    part("soc:noise", sees="analyst"),
    thing("soc:noise-rule", "=VR17", query="regel=regel-1", sees="analyst", colleague=403, cert=403),
    part("soc:exceptions", sees="analyst"),
    part("soc:exceptions", query="stand=voorgesteld&tekst=geheim", sees="analyst"),
    thing("soc:exception-new", "=VR17", query="regel=regel-1", sees="analyst"),
    act("soc:exception-new", "=VR17", query="regel=regel-1", data=_looked_at, sees="analyst"),
    thing("soc:exception-from-alert", "alert", sees="analyst", **_NOT_CERT),
    act("soc:exception-from-alert", "alert", data=_looked_at, sees="analyst", **_NOT_CERT),
    thing("soc:exception", "exception", sees="analyst"),
    thing("soc:exception", "proposed", sees="analyst"),
    thing("soc:exception-renew", "exception", sees="analyst"),
    act("soc:exception-renew", "exception", data=_looked_at, sees="analyst"),
    act("soc:exception-approve", "proposed", sees="analyst"),
    act("soc:exception-reject", "proposed", data=REASON, sees="analyst"),
    act("soc:exception-end", "exception", data=REASON, sees="analyst"),
    thing("soc:story", "story", sees=BOTH),
    act("soc:story-acknowledge", "story", sees=BOTH),
    act("soc:story-close", "story", data=REASON, sees=BOTH),
    act("soc:take-apart", "alert", sees=BOTH),
)
