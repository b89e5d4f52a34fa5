"""Suggestions from the national list of vital processes: chosen, they come into the register as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node, NodeKind
from brandwacht.network.policy import Owner
from brandwacht.network.requests import public_id_in
from brandwacht.network.usecase import use_case


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A process that the list names. A date is ``None`` where the source gives none."""

    key: str
    name: str
    category: str
    sector: str
    valid_from: date | None
    valid_to: date | None

    def valid(self, on: date) -> bool:
        """Whether nothing in the list says that it does not hold on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class NationalList:
    """A version of the list, with where it comes from."""

    version: str
    title: str
    publisher: str
    url: str
    read_on: date
    unconfirmed: bool
    note: str
    processes: tuple[Suggestion, ...]

    @property
    def origin(self) -> str:
        """What a node that came from it says about its source."""
        return _("%(title)s (NCTV), versie %(version)s") % {"title": self.title, "version": self.version}


@cache
def national_list() -> NationalList:
    """The list as we ship it."""
    text = resources.files("brandwacht.riskmap").joinpath("data/vitale-processen.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    source = data["bron"]
    return NationalList(
        version=data["versie"],
        title=source["titel"],
        publisher=source["uitgever"],
        url=source["adres"],
        read_on=source["gelezen"],
        unconfirmed=data["te_bevestigen"],
        note=data["toelichting"],
        processes=tuple(
            Suggestion(
                row["sleutel"], row["naam"], row["categorie"], row["sector"], row.get("geldig_van"),
                row.get("geldig_tot"),
            )
            for row in data["processen"]
        ),
    )  # fmt: skip


def not_yet_here(actor: Actor) -> list[Suggestion]:
    """The processes that hold today and of which the actor's register has none with the same key or name."""
    rows = Node.objects.filter(organisation_id=actor.organisation_id).values_list("key", "name")
    known = {text.casefold() for row in rows for text in row}
    today = actor.today
    return [
        each
        for each in national_list().processes
        if each.valid(today) and not {each.key.casefold(), each.name.casefold()} & known
    ]


def take(actor: Actor, keys: Sequence[str]) -> int:
    """Put the chosen processes in the register as drafts; returns how many. Raises ``Refused`` when none was chosen."""
    with use_case(actor, "register.edit") as case:
        case.require(Owner(actor.organisation_id))
        chosen = [each for each in not_yet_here(actor) if each.key in set(keys)]
        if not chosen:
            raise Refused(_("Kies ten minste één proces uit de lijst."))
        made = Node.objects.bulk_create(
            [
                Node(
                    organisation_id=actor.organisation_id, key=each.key, name=each.name, kind=NodeKind.PROCESS,
                    sector=each.sector, category=each.category, draft=True, source=national_list().origin,
                )
                for each in chosen
            ]
        )  # fmt: skip
        case.audit(made[0], {"lijst": national_list().version, "voorstellen": [each.key for each in chosen]})
    return len(chosen)


def settle(actor: Actor, public_ids: Sequence[Any], *, keep: bool) -> int:
    """Take drafts over into the map (``keep``), or out of the register; returns how many there were."""
    with use_case(actor, "register.edit") as case:
        case.require(Owner(actor.organisation_id))
        rows = list(drafts(actor).filter(public_id__in=public_ids))
        if not rows:
            raise Refused(_("Kies ten minste één voorstel."))
        case.audit(rows[0], {"voorstellen": [row.key for row in rows], "overgenomen": keep})
        for row in rows:
            if keep:
                row.draft = False
                row.save(update_fields=["draft"])
            else:
                row.delete()
    return len(rows)


def drafts(actor: Actor) -> Any:
    """The drafts in the actor's own register, by name."""
    return Node.objects.filter(organisation_id=actor.organisation_id, draft=True).order_by("name", "pk")


def ids(texts: Sequence[str]) -> list[Any]:
    """The public ids among these texts; anything else is left out."""
    return [found for text in texts if (found := public_id_in(text)) is not None]
