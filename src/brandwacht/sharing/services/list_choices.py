"""What an author does with an indicator that stands on a warning list, before it is shared: leave it out, or keep it.

Nothing of it goes further without that choice, whoever shares it and by whatever way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.wording import listed as in_words
from brandwacht.sharing.models import CircleWarning, Threat
from brandwacht.sharing.ndn import indicator_key
from brandwacht.sharing.own_traces import own_traces
from brandwacht.sharing.warning_lists import Listed, listed

MAX_WHY: Final = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Keep an indicator, with a reason that readers see; or leave it out."""

    keep: bool
    why: str = ""


def name_of(row: Threat | CircleWarning, hit: Listed) -> str:
    """What a choice about this indicator of this row is called."""
    return str(indicator_key(row.public_id, hit.indicator))


def open_hits(row: Threat | CircleWarning) -> list[Listed]:
    """The indicators that stand on a list, and about which the author chose nothing yet."""
    hits = listed(row.parsed_indicators)
    if not hits:
        return []
    chosen = {(each["kind"], each["value"]) for each in row.kept}
    return [hit for hit in hits if (hit.indicator.kind, hit.indicator.value) not in chosen]


def settle(
    actor: Actor, row: Threat | CircleWarning, choices: Mapping[str, Choice], always: Choice | None = None
) -> None:
    """Apply the choices (by ``name_of``) to a row, unsaved; ``always`` holds for what has none of its own.

    Raises ``Refused`` (field "indicators", or that of the reason) while something is not chosen.
    """
    left_out, hidden = set(), isinstance(row, Threat) and row.pseudonym_id is not None
    for hit in open_hits(row):
        choice = choices.get(name_of(row, hit), always)
        facts = {"value": hit.indicator.defanged, "lists": in_words([f"“{name}”" for name in hit.names[:3]])}
        if choice is None:
            raise Refused(
                _(
                    "%(value)s staat op %(lists)s: een lijst van wat bijna nooit kwaad is. Kies of u het weglaat, of "
                    "houdt met een reden."
                )
                % facts,
                "indicators",
            )
        if not choice.keep:
            left_out.add((hit.indicator.kind.value, hit.indicator.value))
            continue
        why = " ".join(choice.why.split())
        if not why or len(why) > MAX_WHY:
            raise Refused(_("Schrijf in hoogstens 200 tekens op waarom u %(value)s houdt.") % facts, name_of(row, hit))
        if hidden and (found := own_traces(actor, {"reason": why})):
            raise Refused(
                _("In de reden staat “%(word)s”: %(why)s.") % {"word": found[0].word, "why": found[0].why},
                name_of(row, hit),
            )
        each = hit.indicator
        row.kept = [*row.kept, {"kind": each.kind.value, "value": each.value, "lists": list(hit.names), "why": why}]
    if left_out:
        row.indicators = [each for each in row.indicators if (each["kind"], each["value"]) not in left_out]
