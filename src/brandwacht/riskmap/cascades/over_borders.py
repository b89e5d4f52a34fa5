"""A cascade over the border: each organisation's map in its own scope, and only timelines of shared nodes between.

Every engine run holds one map. What the neighbour's map is called, holds or lacks stays inside ``_Neighbour``: it
speaks of shared nodes by their public ids, and whatever goes wrong there is told in one and the same sentence. The
neighbour's chain gets one line for every node that is used, always, before anything is computed, so that neither
their number nor their time tells what lies behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.engines.cascade import InvalidInput, Outage
from brandwacht.engines.cascade.borders import Link, Side, Timeline, Unsettled, settle
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.policy import Owner, visible
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.riskmap import mapping
from brandwacht.riskmap.cascades.asked import as_json, outages_of
from brandwacht.riskmap.cascades.outcome import outcome
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import CascadeRun, SharedNode, StandIn
from brandwacht.riskmap.queries.borders import shared_keys
from brandwacht.riskmap.words.headline import headline

_OWN = "eigen"


@dataclass(frozen=True, slots=True)
class Question:
    """Outages on the own map that can be played together with the neighbours whose shared nodes it ``followed``.

    ``given`` is by neighbour what the own organisation shares with it, as `_given` tells it; ``own`` is the own side.
    """

    outages: Sequence[Outage]
    horizon: int
    followed: Sequence[StandIn]
    given: Mapping[int, Mapping[UUID, str]]
    register: Register
    own: Side


def question(actor: Actor, outages: Sequence[Mapping[str, Any]], horizon: int) -> Question:
    """What is asked, ready to be worked out; no neighbour is asked anything yet.

    Raises ``Refused`` for outages that the own map cannot play, and when nothing that it follows is shared.
    """
    parsed = outages_of(outages, horizon)
    followed = _followed(actor)
    if not followed:
        raise Refused(_("Geen organisatie deelt nu een onderdeel dat u volgt. Kies eerst wat u volgt."))
    register = mapping.load(actor, actor.organisation_id)
    given = _given(actor, {row.giver_id for row in followed})
    try:
        own = Side(
            register.network, parsed, horizon,
            shared={key for nodes in given.values() for key in nodes.values()},
            stand_ins=[row.node.key for row in followed],
        )  # fmt: skip
    except InvalidInput as error:
        raise Refused(" ".join(error.problems), "nodes") from error
    return Question(parsed, horizon, followed, given, register, own)


def work_out(
    actor: Actor, asked: Question, *, title: str, started_at: datetime, told: Callable[[int], None]
) -> CascadeRun:
    """Play it with the neighbours; returns the run, not yet kept. ``told`` hears the minute that was last agreed on.

    On a neighbour's map nothing else is out: what really goes on there is not told. Raises ``Refused`` when a
    neighbour's part cannot be computed.
    """
    with use_case(actor, "riskmap.run") as case:
        case.require(Owner(actor.organisation_id))
        _note_uses(case, asked.followed)
    agreed = _exchange(asked, actor.now, told)
    found = outcome(asked.register, asked.own.run(agreed))
    result = found.to_json() | {
        "border": [
            {
                "node": row.node.key,
                "name": row.node.name,
                "giver": row.giver.full_name,
                "steps": agreed[row.node.key],
            }
            for row in asked.followed
        ]
    }
    return CascadeRun(
        organisation_id=actor.organisation_id, title=title.strip()[:200], headline=headline(asked.outages, found),
        started_at=started_at, ran_at=actor.now, ran_by=actor.name, horizon=asked.horizon, result=result,
        outages=[as_json(outage) for outage in asked.outages], map_fingerprint=asked.register.fingerprint,
    )  # fmt: skip


def keep(actor: Actor, asked: Question, run: CascadeRun) -> None:
    """Keep a run that was worked out."""
    with use_case(actor, "riskmap.run") as case:
        case.require(Owner(actor.organisation_id))
        run.save()
        names = [row.name for row in asked.followed]
        case.audit(run, {"titel": run.title, "uitval": run.outages, "over de grens": names})


def _followed(actor: Actor) -> list[StandIn]:
    """The own stand-ins whose owner still shares what they follow."""
    rows = StandIn.objects.filter(organisation_id=actor.organisation_id).select_related("node", "giver")
    open_now = set(
        SharedNode.objects.filter(visible(actor, "riskmap.shared.see"), public_id__in=[row.shared_ref for row in rows])
        .exclude(organisation_id=actor.organisation_id)
        .values_list("public_id", "organisation_id")
    )
    return [row for row in rows.order_by("pk") if (row.shared_ref, row.giver_id) in open_now]


def _note_uses(case: UseCase, followed: Sequence[StandIn]) -> None:
    """One line per shared node in its owner's chain; each use, not once in ten minutes."""
    rows = SharedNode.objects.filter(public_id__in=[row.shared_ref for row in followed]).order_by(
        "organisation_id", "pk"
    )
    for shared in rows:
        case.require(shared, "riskmap.shared.see")
        case.audit(shared, {"onderdeel": shared.name, "gebruikt": "cascade over de grens"}, "riskmap.shared.see")


def _given(actor: Actor, givers: set[int]) -> dict[int, dict[UUID, str]]:
    """Per neighbour what the own organisation shares with it: keys of own nodes by public id of the sharing."""
    grants = Grant.objects.filter(
        organisation_id=actor.organisation_id, kind=GrantKind.SHARED_NODE, grantee_id__in=givers, grantee_user=None
    )
    keys = shared_keys(actor.organisation_id)
    found: dict[int, dict[UUID, str]] = {giver: {} for giver in givers}
    for grantee, thing in in_force(grants, actor.now).values_list("grantee_id", "thing"):
        if thing is not None and thing in keys:
            found[grantee][thing] = keys[thing]
    return found


class _Neighbour:
    """Another organisation's map as a party of the exchange, known by the public ids of what is shared."""

    def __init__(
        self, giver: Organisation, now: datetime, horizon: int, wanted: Sequence[UUID], told: Sequence[UUID]
    ) -> None:
        with owner_scope(giver.pk):
            register = mapping.load(system_actor(giver, now), giver.pk)
            shared = shared_keys(giver.pk)
            follows = StandIn.objects.filter(organisation_id=giver.pk, shared_ref__in=told)
            self._shared = {str(ref): shared[ref] for ref in wanted if ref in shared}
            self._follows = {str(ref): key for ref, key in follows.values_list("shared_ref", "node__key")}
        self._side = Side(register.network, (), horizon, shared=self._shared.values(), stand_ins=self._follows.values())

    def ahead(self, foreign: Mapping[str, Timeline], since: int) -> dict[str, Timeline]:
        """As ``Party``, by public id."""
        told = {self._follows[ref]: timeline for ref, timeline in foreign.items() if ref in self._follows}
        found = self._side.ahead(told, since)
        return {ref: found[key] for ref, key in self._shared.items()}


def _exchange(asked: Question, now: datetime, told: Callable[[int], None]) -> dict[str, Timeline]:
    """What the own stand-ins do, by own key. Raises ``Refused``, always in the same words."""
    followed, given = asked.followed, asked.given
    links = [Link(str(row.giver_id), str(row.shared_ref), _OWN, row.node.key) for row in followed]
    for giver, nodes in given.items():
        links += [Link(_OWN, key, str(giver), str(ref)) for ref, key in nodes.items()]
    givers = {row.giver_id: row.giver for row in followed}
    try:
        parties = {
            str(pk): _Neighbour(
                giver, now, asked.horizon, [row.shared_ref for row in followed if row.giver_id == pk], list(given[pk])
            )
            for pk, giver in sorted(givers.items())
        }
        agreed = settle({_OWN: asked.own, **parties}, links, told=told)
    except (InvalidInput, Unsettled, KeyError) as error:
        raise Refused(
            _("Wat een andere organisatie deelt, is nu niet door te rekenen. Reken zonder de grens, of vraag het na.")
        ) from error
    return {row.node.key: agreed[str(row.giver_id), str(row.shared_ref)] for row in followed}
