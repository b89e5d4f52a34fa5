"""Reads of the step from an older version of the norm: what would carry over, and what is asked again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from brandwacht.baseline.models import FRAMEWORK, ControlAnswer
from brandwacht.baseline.queries.answers import require_see
from brandwacht.baseline.queries.frameworks import ANSWERABLE, as_engine, rows_on
from brandwacht.engines.norms import Change, Framework, Step, Upgrade, crosswalk, load_framework, plan_upgrade
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound

EARLIER = tuple(key for key in ANSWERABLE if key != FRAMEWORK)
"""The frameworks from which answers can be taken over into the present one."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The step of the actor's organisation from ``old`` to the present norm.

    ``rows`` are the old answers and ``present`` the new ones, both by number. ``taking`` are the steps whose answer
    would go over now: a question that has an answer already keeps it. ``asked`` are the steps that somebody has to
    answer, and ``kept`` those that have their own answer.
    """

    old: Framework
    new: Framework
    upgrade: Upgrade
    rows: dict[str, ControlAnswer]
    present: dict[str, ControlAnswer]

    @property
    def taking(self) -> list[Step]:
        """The steps whose answer would go over."""
        return [step for step in self.upgrade.steps if not step.ask and step.control.number not in self.present]

    @property
    def asked(self) -> list[Step]:
        """The steps that somebody has to answer."""
        return [step for step in self.upgrade.asked if step.control.number not in self.present]

    @property
    def kept(self) -> list[Step]:
        """The steps that have an answer of their own already."""
        return [step for step in self.upgrade.steps if step.control.number in self.present]

    @property
    def counts(self) -> list[tuple[Change, int]]:
        """How many controls changed in which way."""
        changes = [step.change for step in self.upgrade.steps]
        return [(change, changes.count(change)) for change in Change if change in changes]

    @property
    def fingerprint(self) -> str:
        """What the person has before them: it differs once any answer in it does."""
        given = sorted((row.framework, row.control, row.answered_at.isoformat()) for row in self._all())
        return hashlib.sha256(repr((self.old.fingerprint, self.new.fingerprint, given)).encode()).hexdigest()

    def _all(self) -> list[ControlAnswer]:
        return [*self.rows.values(), *self.present.values()]


def passage(actor: Actor, old_key: str) -> Passage:
    """What the step from this framework would be. Raises ``Denied``, and ``NotFound`` for another key. Two queries."""
    require_see(actor, actor.organisation_id)
    if old_key not in EARLIER:
        raise NotFound
    old, new = load_framework(old_key), load_framework(FRAMEWORK)
    rows = {row.control: row for row in rows_on(actor, old_key)}
    present = {row.control: row for row in rows_on(actor, FRAMEWORK)}
    answers = [as_engine(row) for row in rows.values()]
    return Passage(old, new, plan_upgrade(old, new, crosswalk(old_key, FRAMEWORK), answers), rows, present)
