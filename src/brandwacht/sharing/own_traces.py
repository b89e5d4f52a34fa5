"""What in a contribution tells who wrote it: the contributor's own names, domains, addresses and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.models import Node, NodeKind, Organisation, User
from brandwacht.network.policy import visible
from brandwacht.sharing.content import PLACES, is_machine, mention, squeeze

SMALL = 8
"""A circle with fewer members than this is small: with what one knows of the others, guessing is easy."""
SHORTEST_NAME = 4  # letters of a part of a person's name that says something


@dataclass(frozen=True, slots=True)
class Trace:
    """A word in one of the texts (a field, and its Dutch name), and what it tells."""

    field: str
    place: str
    word: str
    why: str


def own_traces(actor: Actor, texts: Mapping[str, str]) -> list[Trace]:
    """Where these texts hold something of the actor's own; each word once per text."""
    found: dict[tuple[str, str], Trace] = {}
    squeezed = {field: squeeze(text) for field, text in texts.items()}
    for name, why, alone in _names(actor):
        short = squeeze(name)
        for field, text in texts.items():
            # The cheap look comes first: a register has thousands of machines.
            word = mention(name, text, alone=alone) if short and short in squeezed[field] else ""
            if word:
                found.setdefault((field, word.casefold()), Trace(field, str(PLACES.get(field, field)), word, why))
    return list(found.values())


def _names(actor: Actor) -> Iterator[tuple[str, str, bool]]:
    """What to look for, why it tells, and whether it must stand alone."""
    organisation = Organisation.objects.get(pk=actor.organisation_id)
    yield organisation.name, _("de naam van uw organisatie"), False
    yield organisation.code, _("de code van uw organisatie"), True
    for part in organisation.name.replace("-", " ").split():
        if len(part) >= SHORTEST_NAME:
            yield part, _("een deel van de naam van uw organisatie"), True
    user = User.objects.filter(pk=actor.user_id).first()
    if user is not None:
        yield user.email, _("uw e-mailadres"), False
        yield user.email.partition("@")[2], _("het domein van uw e-mailadres"), False
        yield user.name, _("uw naam"), True
        for part in user.name.split():
            if len(part) >= SHORTEST_NAME:
                yield part, _("een deel van uw naam"), True
    assets = Node.objects.filter(visible(actor, "register.see"), organisation_id=actor.organisation_id)
    rows = assets.filter(kind=NodeKind.ASSET).order_by().values_list("name", "names__value")
    for name in sorted({name for row in rows for name in row if name and is_machine(name)}):
        yield name, _("een machine of adres uit uw register"), True
