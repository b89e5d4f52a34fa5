"""The dossier of an organisation that connects to the watch, restricted to what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import QuerySet
from django.utils import timezone

from brandwacht.baseline.queries import SEE as BASIS_SEE
from brandwacht.baseline.queries import standing
from brandwacht.baseline.queries.conditions import ConditionCheck, condition_check
from brandwacht.engines.norms import Score
from brandwacht.network.actor import Actor, GrantFact
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.policy import Owner, decide, owners, visible
from brandwacht.network.queries import grants_given, in_force
from brandwacht.soc.models import (
    ConnectContact,
    ConnectDecision,
    ConnectSource,
    ContactMoment,
    DecisionKind,
    IsolationAgreement,
    SourceState,
)

SEE = "soc.connect.see"
REFUSALS_SHOWN = 20
CALLS_SHOWN = 3
WORK_FROM, WORK_UNTIL, SATURDAY = 8, 18, 5
"""Hours between which "overdag" holds, from Monday until ``SATURDAY``."""


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source of the checklist."""

    key: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A kind of source, and what the organisation said about it, if anything."""

    kind: SourceKind
    said: ConnectSource | None

    @property
    def state(self) -> SourceState:
        """Where it stands."""
        return SourceState(self.said.state) if self.said else SourceState.OPEN


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything of one organisation. ``score`` is ``None`` for whoever may not see its basis.

    ``check`` holds the latest report that the organisation released to the reader against the conditions. ``given`` are
    its mandates in force for whoever may see them; ``held`` the one that the actor itself uses.
    """

    organisation: Organisation
    given: Sequence[Grant]
    held: GrantFact | None
    score: Score | None
    check: ConditionCheck
    decision: ConnectDecision | None
    decisions: Sequence[ConnectDecision]
    refusals: Sequence[ConnectDecision]
    sources: Sequence[SourceRow]
    contacts: Sequence[ConnectContact]
    agreements: Sequence[IsolationAgreement]
    today: date

    @property
    def in_force(self) -> bool:
        """Whether the condition is settled: it is met, or a transitional decision runs."""
        return self.decision is not None and (self.decision.until is None or self.decision.until >= self.today)

    @property
    def connected(self) -> int:
        """How many kinds of source are connected."""
        return sum(row.state == SourceState.CONNECTED for row in self.sources)

    @property
    def to_connect(self) -> int:
        """How many kinds of source there are that the organisation has."""
        return sum(row.state != SourceState.NOT_THERE for row in self.sources)

    @property
    def missing(self) -> list[str]:
        """What the dossier lacks, as keys: "besluit", "contact", "nacht", "afspraak", "bronnen"."""
        moments = {contact.moment for contact in self.contacts}
        found = [] if self.in_force else ["besluit"]
        if not self.contacts:
            found.append("contact")
        elif not moments & {"altijd", "nacht"}:
            found.append("nacht")
        if not self.agreements:
            found.append("afspraak")
        if any(row.state == SourceState.OPEN for row in self.sources):
            found.append("bronnen")
        return found


@cache
def source_kinds() -> tuple[SourceKind, ...]:
    """The checklist of kinds of source, from ``data/aansluiten.yaml``."""
    path = files("brandwacht.soc") / "data" / "aansluiten.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["bronnen"]
    return tuple(SourceKind(row["sleutel"], row["naam"], row["waarom"]) for row in rows)


def connectable(actor: Actor) -> list[Organisation]:
    """The organisations whose dossier the actor may see, the own one first, then by name.

    Who watches over others has a mandate of them and connects to nobody: its own is left out.
    """
    found = list(Organisation.objects.filter(pk__in=sorted(_reach(actor))).order_by("name"))
    return sorted(found, key=lambda each: each.pk != actor.organisation_id)


def _reach(actor: Actor) -> frozenset[int]:
    reach = owners(actor, SEE)
    watches = any(grant.kind == GrantKind.SOC_MANDATE for grant in actor.grants)
    return frozenset(reach - {actor.organisation_id} if watches else reach)


def organisation_of(actor: Actor, code: str, own: Organisation | None = None) -> Organisation:
    """The organisation with this code whose dossier the actor may see; raises ``NotFound``.

    ``own`` is the actor's organisation, when it was read already.
    """
    reach = _reach(actor)
    if own is not None and own.code == code and own.pk in reach:
        return own
    found = Organisation.objects.filter(pk__in=sorted(reach), code=code).first()
    if found is None:
        raise NotFound
    return found


def basis(actor: Actor, organisation: Organisation) -> Score | None:
    """How the organisation stands on the norm today; ``None`` for whoever may not see its answers."""
    if not decide(actor, BASIS_SEE, Owner(organisation.pk)):
        return None
    return standing(actor, organisation.pk, actor.today)


def dossier(actor: Actor, organisation: Organisation) -> Dossier:
    """The dossier of an organisation that ``organisation_of`` gave. Nine queries at most."""
    own = organisation.pk == actor.organisation_id
    given: QuerySet[Grant] | Sequence[Grant] = ()
    if own and decide(actor, "grant.see", Owner(organisation.pk)):
        given = in_force(grants_given(actor), actor.now).filter(
            kind__in=[GrantKind.SOC_MANDATE, GrantKind.CERT_MANDATE]
        )
    rows = list(_of(ConnectDecision, actor, organisation).order_by("-recorded_at", "-pk")[:100])
    conditions = [row for row in rows if row.kind != DecisionKind.REFUSAL]
    said = {row.key: row for row in _of(ConnectSource, actor, organisation)}
    return Dossier(
        organisation=organisation,
        given=list(given),
        held=next((grant for grant in actor.grants if grant.owner_id == organisation.pk), None),
        score=basis(actor, organisation),
        check=condition_check(actor, organisation.pk, "soc", _transition(conditions)),
        decision=conditions[0] if conditions else None,
        decisions=conditions[1:],
        refusals=[row for row in rows if row.kind == DecisionKind.REFUSAL][:REFUSALS_SHOWN],
        sources=[SourceRow(kind, said.get(kind.key)) for kind in source_kinds()],
        contacts=list(_of(ConnectContact, actor, organisation).order_by("position", "pk")),
        agreements=list(_of(IsolationAgreement, actor, organisation).select_related("node").order_by("what", "pk")),
        today=actor.today,
    )


def _transition(conditions: Sequence[ConnectDecision]) -> date | None:
    """The last day of the transitional decision, when that is the latest decision."""
    latest = conditions[0] if conditions else None
    return latest.until if latest is not None and latest.kind == DecisionKind.TRANSITION else None


@dataclass(frozen=True, slots=True)
class Calls:
    """Whom to call at an organisation now, the first one first; nobody when the dossier names nobody for this hour."""

    organisation: Organisation
    contacts: Sequence[ConnectContact]


def to_call(actor: Actor, organisation: Organisation) -> Calls | None:
    """Whom its dossier names for the actor's moment; ``None`` for who may not see the dossier. One query."""
    if not decide(actor, SEE, Owner(organisation.pk)):
        return None
    rows = _of(ConnectContact, actor, organisation).filter(moment__in=[ContactMoment.ALWAYS, _moment(actor.now)])
    return Calls(organisation, list(rows.order_by("position", "pk")[:CALLS_SHOWN]))


def _moment(now: datetime) -> ContactMoment:
    """Whether people are at work or at home; a public holiday is not known here and counts as any day."""
    local = timezone.localtime(now)
    at_work = local.weekday() < SATURDAY and WORK_FROM <= local.hour < WORK_UNTIL
    return ContactMoment.DAY if at_work else ContactMoment.NIGHT


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the list: how far an organisation is."""

    organisation: Organisation
    decision: ConnectDecision | None
    connected: int
    contacts: int
    agreements: int
    in_force: bool


def standings(actor: Actor) -> list[Standing]:
    """How far each organisation is of which the actor may see the dossier. Five queries, whatever their number."""
    today = actor.today
    latest: dict[int, ConnectDecision] = {}
    decided = ConnectDecision.objects.filter(visible(actor, SEE)).exclude(kind=DecisionKind.REFUSAL)
    for row in decided.order_by("recorded_at", "pk"):
        latest[row.organisation_id] = row
    connected = _count(ConnectSource.objects.filter(visible(actor, SEE), state=SourceState.CONNECTED))
    contacts = _count(ConnectContact.objects.filter(visible(actor, SEE)))
    agreements = _count(IsolationAgreement.objects.filter(visible(actor, SEE)))
    found = []
    for each in connectable(actor):
        decision = latest.get(each.pk)
        found.append(
            Standing(
                each,
                decision,
                connected.get(each.pk, 0),
                contacts.get(each.pk, 0),
                agreements.get(each.pk, 0),
                decision is not None and (decision.until is None or decision.until >= today),
            )
        )
    return found


def _count(rows: QuerySet[Any]) -> dict[int, int]:
    found: dict[int, int] = {}
    for owner_id in rows.values_list("organisation_id", flat=True):
        found[owner_id] = found.get(owner_id, 0) + 1
    return found


def _of(model: Any, actor: Actor, organisation: Organisation) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(visible(actor, SEE), organisation_id=organisation.pk)
    return rows
