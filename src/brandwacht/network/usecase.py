"""The one way in which things are written: a use case is one transaction that decides first and audits always."""

from __future__ import annotations

import contextvars
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import transaction

from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound
from brandwacht.network.policy import Decision, Owned, decide, rule_for, visible
from brandwacht.network.tenancy import TenantModel

_T = TypeVar("_T", bound=TenantModel)
_denials: contextvars.ContextVar[list[audit.Fact] | None] = contextvars.ContextVar("denials", default=None)
"""What was denied in the outermost use case that runs, and in those within it."""

DENIAL_PAUSE = 600
"""Seconds in which the same denial or use (actor, action, thing) is written once: probing cannot flood a chain."""


class UseCase:
    """The hands of one use case: find, decide, audit."""

    def __init__(self, actor: Actor, action: str, denied: list[audit.Fact]) -> None:
        self.actor = actor
        self.action = action
        self.denied = denied

    def get(self, model: type[_T], public_id: Any, *, see: str | None = None, lock: bool = True) -> _T:
        """The row, locked, that the actor may see (action ``see``, default the use case's own) and act on.

        Raises ``NotFound`` when it is not there or not visible, ``Denied`` when it is visible but not allowed.
        """
        rows = model.objects.filter(visible(self.actor, see or self.action), public_id=public_id)
        if lock:
            rows = rows.select_for_update(of=("self",))
        row = rows.select_related("organisation").first()
        if row is None:
            hidden = model._base_manager.filter(public_id=public_id).first()
            if hidden is not None:
                self._note_denial(hidden, decide(self.actor, see or self.action, hidden))
            raise NotFound
        self.require(row)
        found: _T = row
        return found

    def require(self, thing: Owned, action: str | None = None) -> Decision:
        """Raise ``Denied`` unless the policy allows ``action`` (default the use case's own) on ``thing``."""
        decision = decide(self.actor, action or self.action, thing)
        if not decision:
            self._note_denial(thing, decision, action)
            raise Denied(decision)
        return decision

    def audit(self, thing: TenantModel, detail: Mapping[str, Any] | None = None, action: str | None = None) -> None:
        """Write what was done to ``thing`` in its owner's chain."""
        fact = audit.Fact(
            thing.organisation_id, action or self.action, thing._meta.label, str(thing.public_id), detail=detail or {}
        )
        audit.write(self.actor, [fact])

    def _note_denial(self, thing: Owned, decision: Decision, action: str | None = None) -> None:
        kind = thing._meta.label if isinstance(thing, TenantModel) else "organisatie"
        self.denied.append(
            audit.Fact(
                thing.organisation_id,
                action or self.action,
                kind,
                str(thing.public_id or ""),
                audit.DENIED,
                {"reden": decision.reason},
            )
        )


@contextmanager
def use_case(actor: Actor, action: str) -> Iterator[UseCase]:
    """Open a use case. All of it is one transaction; denials are audited after it, whether or not it is rolled back."""
    rule_for(action)
    outer = _denials.get()
    denials: list[audit.Fact] = [] if outer is None else outer
    mark = _denials.set(denials)
    try:
        with transaction.atomic():
            yield UseCase(actor, action, denials)
    finally:
        _denials.reset(mark)
        if outer is None:
            _write_once(actor, denials)


def demand(actor: Actor, action: str, thing: Owned) -> None:
    """Raise ``Denied``, and audit that, unless the actor may do this: for a page that has no use case of its own."""
    if not decide(actor, action, thing):
        with use_case(actor, action) as case:
            case.require(thing)


def note_use(actor: Actor, action: str, *things: TenantModel) -> None:
    """Audit the reading of other organisations' rows through a grant, in the chains of their owners.

    Reading one's own rows is not written. The same person reading the same thing again, for the same organisation and
    in the same way, is written once in ten minutes.
    """
    foreign = [t for t in things if t.organisation_id != actor.organisation_id]
    _write_once(
        actor,
        [audit.Fact(t.organisation_id, action, t._meta.label, str(t.public_id), audit.USED) for t in foreign],
    )


def note_listing(actor: Actor, action: str, owner_ids: set[int]) -> None:
    """Audit that a list held rows of these owners; once in ten minutes per person, list and owner."""
    foreign = sorted(owner_ids - {actor.organisation_id})
    _write_once(actor, [audit.Fact(pk, action, "lijst", "", audit.USED) for pk in foreign])


def _write_once(actor: Actor, facts: Iterable[audit.Fact]) -> None:
    """Write the facts that this actor did not leave in the last ten minutes.

    All that tells one trace from another is in the key. When the chain can not be written, the next attempt counts as
    the first: nothing was shown without a trace.
    """
    fresh = {key: fact for fact in facts if cache.add(key := _key(actor, fact), 1, DENIAL_PAUSE)}
    try:
        audit.write(actor, fresh.values())
    except Exception:
        cache.delete_many(fresh)
        raise


def _key(actor: Actor, fact: audit.Fact) -> str:
    who = f"{actor.user_id}:{actor.organisation_id}:{actor.origin}"
    return f"trace:{who}:{fact.result}:{fact.owner_id}:{fact.action}:{fact.object_type}:{fact.object_id}"
