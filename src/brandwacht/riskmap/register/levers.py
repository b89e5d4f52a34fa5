"""Levers in the cold phase: questions to private parties and advice on permits, each with its legal ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import day_after
from brandwacht.network.models import Node
from brandwacht.network.periodic import Job
from brandwacht.network.policy import Owner, visible
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.tenancy import every_owner
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.models import Lever, LeverKind, LeverState

EFFORT = 20


@dataclass(frozen=True, slots=True)
class Ground:
    """Something that a question or advice can rest on; a summary of ours, to be confirmed by a lawyer."""

    key: str
    kinds: tuple[str, ...]
    name: str
    told: str
    source: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """A version of the file of legal grounds."""

    version: str
    unconfirmed: bool
    grounds: tuple[Ground, ...]

    def ground(self, key: str) -> Ground | None:
        """The ground with this key."""
        return next((each for each in self.grounds if each.key == key), None)


@cache
def grounds() -> Grounds:
    """The grounds as we ship them."""
    text = resources.files("brandwacht.riskmap").joinpath("data/grondslagen.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    return Grounds(
        data["versie"],
        data["te_bevestigen"],
        tuple(
            Ground(row["sleutel"], tuple(row["soorten"]), row["naam"], row["uitleg"], row["bron"])
            for row in data["grondslagen"]
        ),
    )


@dataclass(frozen=True, slots=True)
class LeverDraft:
    """A question or advice to be; ``node`` is the public id of what it is about in the register, if anything."""

    kind: LeverKind
    party: str
    subject: str
    text: str
    basis: str
    sent_on: date
    due: date
    node: Any = None


def levers(actor: Actor) -> QuerySet[Lever]:
    """The questions and advices that the actor may see: what waits first, then the newest."""
    rows = Lever.objects.filter(visible(actor, "riskmap.lever.see")).select_related("node", "organisation")
    return rows.order_by("-sent_on", "-pk")


def lever(actor: Actor, public_id: Any) -> Lever:
    """One of them; ``NotFound`` when it is not there for this actor."""
    found = levers(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def send(actor: Actor, draft: LeverDraft) -> Lever:
    """Write down a question or advice that was sent, and wait for its answer."""
    with use_case(actor, "riskmap.lever") as case:
        case.require(Owner(actor.organisation_id))
        for name, text, ask in (
            ("party", draft.party, _("Schrijf op aan wie dit gericht is.")),
            ("subject", draft.subject, _("Geef een onderwerp.")),
            ("text", draft.text, _("Schrijf op wat u vraagt of adviseert.")),
        ):
            if not text.strip():
                raise Refused(ask, name)
        ground = grounds().ground(draft.basis)
        if ground is None or draft.kind not in ground.kinds:
            raise Refused(_("Kies een grondslag die bij deze soort hoort."), "basis")
        if draft.sent_on > actor.today:
            raise Refused(_("Deze dag is nog niet geweest."), "sent_on")
        if draft.due < draft.sent_on:
            raise Refused(_("Kies een dag na de dag van verzenden."), "due")
        node = None
        if draft.node:
            node = Node.objects.filter(organisation_id=actor.organisation_id, public_id=draft.node).first()
            if node is None:
                raise Refused(_("Dit onderdeel staat niet meer in het register."), "node")
        row = Lever(
            organisation_id=actor.organisation_id, kind=draft.kind, party=draft.party.strip(), node=node,
            subject=draft.subject.strip(), text=draft.text.strip(), basis=ground.key,
            basis_version=grounds().version, sent_on=draft.sent_on, due=draft.due, written_by=actor.name,
        )  # fmt: skip
        row.save()
        case.audit(row, {"soort": row.kind, "aan": row.party, "grondslag": row.basis})
        _ask(row, actor.now)
    return row


def answer(actor: Actor, public_id: Any, state: LeverState, answered_on: date, text: str) -> Lever:
    """Write down what came of it: an answer, a part of one, or a refusal with its reason."""
    with use_case(actor, "riskmap.lever") as case:
        row = case.get(Lever, public_id, see="riskmap.lever.see")
        if state == LeverState.OPEN:
            raise Refused(_("Kies wat eruit kwam."), "state")
        if not text.strip():
            raise Refused(_("Schrijf op wat er geantwoord is, of waarom er geweigerd werd."), "answer")
        if not row.sent_on <= answered_on <= actor.today:
            raise Refused(_("Kies een dag tussen het verzenden en vandaag."), "answered_on")
        row.state, row.answered_on, row.answer = state, answered_on, text.strip()
        row.save()
        case.audit(row, {"aan": row.party, "uitkomst": row.state})
        actions.complete(row.organisation_id, _key(row), actor)
    return row


def _key(row: Lever) -> str:
    return f"riskmap.vraag.{row.public_id}"


def _ask(row: Lever, now: datetime) -> bool:
    """Ask to go after an answer from the day on which it is due; returns whether it did."""
    if row.state != LeverState.OPEN or row.due > timezone.localdate(now):
        return False
    title = _("Vraag na bij %(party)s: %(subject)s") % {"party": row.party, "subject": row.subject}
    todo = actions.Todo(
        _key(row), title[:200], "riskmap", reverse("riskmap:lever", args=[row.public_id]),
        _("De dag waarop u antwoord vroeg, is er. Leg ook een weigering vast."), role=Role.RISK_ADVISER,
        effort=EFFORT, due=day_after(row.due),
    )  # fmt: skip
    actions.put(row.organisation_id, todo, now)
    return True


def remind(now: datetime) -> str:
    """Ask to go after every answer that is due. Periodic work."""
    with every_owner():
        rows = Lever.objects.filter(state=LeverState.OPEN, due__lte=timezone.localdate(now)).order_by("pk")
        asked = sum(_ask(row, now) for row in rows)
    return _("%(n)d antwoord(en) gevraagd") % {"n": asked} if asked else ""


ANSWERS_DUE = Job("riskmap-vragen", "dag", remind)
