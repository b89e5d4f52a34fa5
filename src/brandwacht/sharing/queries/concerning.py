"""What concerns a reader's own organisation, of all that they may see: first on every list, with why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.db.models import F, JSONField, TextField, Value
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.models import Node, Organisation
from brandwacht.network.policy import visible
from brandwacht.network.wording import listed
from brandwacht.sharing.content import mention, squeeze
from brandwacht.sharing.models import ProfileAsset
from brandwacht.sharing.policies.advisories import SEE_ASSET
from brandwacht.sharing.queries.reading import FIELDS, Line, Wanted, joined, line_of, part, whether
from brandwacht.sharing.reading_kinds import KINDS, Kind

RECENT: Final = timedelta(days=90)
MOST_RECENT: Final = 300
"""Things that are looked at, the newest ones, to find which concern the reader's organisation."""
_MORE: Final = ("story", "values_of", "products_of", "named", "sighted")

Seen = Callable[[Actor, frozenset[str]], frozenset[str]]
"""Of these values of indicators those that a room above saw at the actor's own organisation."""
_seen: Final[list[Seen]] = []


def register_seen(seen: Seen) -> None:
    """Let a room above tell which indicators it saw; the same one twice counts once."""
    if seen not in _seen:
        _seen.append(seen)


def concerning(actor: Actor, kinds: Iterable[Kind] = (), own: Organisation | None = None) -> list[Line]:
    """What of these kinds (all by default) concerns the actor's organisation, unread first; things count ninety days.

    A thing concerns it when a product stands in the own register or among what it runs (for who may see that), when the
    organisation saw it or an indicator of it, when the region is named in it, or when the reader is named in it. Three
    queries, and one more without ``own``, the actor's organisation.
    """
    since = actor.now - RECENT
    parts = [_rows(actor, kind).filter(at__gte=since, gone=False) for kind in kinds or KINDS.values()]
    fields = (*FIELDS, *_MORE)
    ordered = joined([each.values_list(*fields) for each in parts]).order_by("-at", "-public_id")
    recent = [dict(zip(fields, each, strict=True)) for each in ordered[:MOST_RECENT]]
    if not recent:
        return []
    products = {product for row in recent for product in row["products_of"]}
    kept, running = _in_register(actor, products), _in_profile(actor, products)
    values = frozenset(each["value"] for row in recent for each in row["values_of"])
    seen: set[str] = set()
    for ask in _seen if values else ():
        seen |= ask(actor, values)
    home = own or Organisation.objects.get(pk=actor.organisation_id)
    found = ((row, _why(row, (kept, running), seen, home)) for row in recent)
    told = [replace(line_of(row), why=listed(why)) for row, why in found if why]
    return sorted(told, key=lambda line: line.is_read)


def _rows(actor: Actor, kind: Kind) -> Any:
    return part(actor, kind, Wanted()).annotate(
        story=F(kind.story) if kind.story else Value("", TextField()),
        values_of=F("indicators") if kind.has_indicators else Value([], JSONField()),
        products_of=F("products") if kind.has_products else Value([], JSONField()),
        named=whether(kind.named(actor)),
        sighted=whether(kind.sighted(actor)),
    )


def _why(
    row: Mapping[str, Any], ours: tuple[Mapping[str, str], Mapping[str, str]], seen: set[str], own: Organisation
) -> list[str]:
    why = []
    told = (_("in uw register: %(what)s"), _("u draait: %(what)s"))
    for names, text in zip(ours, told, strict=True):
        if found := list(dict.fromkeys(names[each] for each in row["products_of"] if each in names)):
            why.append(text % {"what": listed(found)})
            break
    if row["sighted"]:
        why.append(_("uw organisatie zag dit"))
    elif seen.intersection(each["value"] for each in row["values_of"]):
        why.append(_("een kenmerk is bij u gezien"))
    if row["named"]:
        why.append(_("u bent met naam genoemd"))
    text = f"{row['heading']}\n{row['story']}"
    # The cheap look comes first: the longest run of plain letters is in the name however it is spelt.
    longest = max(re.findall(r"[A-Za-z0-9]+", own.name), key=len, default="").lower()
    if longest in text.lower() and mention(own.name, text):
        why.append(_("noemt %(name)s") % {"name": own.full_name})
    return why


def _in_register(actor: Actor, products: Iterable[str]) -> dict[str, str]:
    """By product the first name in the actor's own register that holds it."""
    wanted: Sequence[str] = sorted(products)
    if not wanted:
        return {}
    own = Node.objects.filter(visible(actor, "register.see"), organisation_id=actor.organisation_id)
    return _mentioned(wanted, own.order_by("name").values_list("name", flat=True))


def _in_profile(actor: Actor, products: Iterable[str]) -> dict[str, str]:
    """By product the first name among what the actor's own organisation runs, for who may see that."""
    wanted: Sequence[str] = sorted(products)
    if not wanted:
        return {}
    own = ProfileAsset.objects.filter(visible(actor, SEE_ASSET), organisation_id=actor.organisation_id)
    return _mentioned(wanted, own.filter(ended_at__isnull=True).order_by("name").values_list("name", flat=True))


def _mentioned(wanted: Sequence[str], names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    bare = {product: squeeze(product) for product in wanted}
    for name in names:
        squeezed = squeeze(name)
        for product in wanted:
            if product not in found and bare[product] in squeezed and mention(product, name):
                found[product] = name
    return found
