"""Joint themes: what the programme bureau makes of bottlenecks that several regions share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.baseline.models import JointTheme
from brandwacht.baseline.queries import national
from brandwacht.baseline.services.progress import READABLE
from brandwacht.engines.norms.progress import Moment, load_dataset
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import OrganisationKind
from brandwacht.network.policy import Owner
from brandwacht.network.queries import organisations
from brandwacht.network.services import access
from brandwacht.network.usecase import use_case

MAKE = "baseline.theme.make"
SHARED_BY = 2
"""A theme is joint when at least so many named its bottlenecks."""


def make_theme(actor: Actor, moment: Moment, *, title: str, text: str, kinds: Sequence[str]) -> JointTheme:
    """Make a theme of kinds of bottleneck that at least two named in what they released for a moment."""
    with use_case(actor, MAKE) as case:
        case.require(Owner(actor.organisation_id))
        if not title.strip():
            raise Refused(_("Geef het thema een naam."), "title")
        known = {kind.key for kind in load_dataset().bottlenecks}
        if not kinds or set(kinds) - known:
            raise Refused(_("Kies uit welke knelpunten dit thema bestaat."), "kinds")
        named = sum(bool(report.bottlenecks & set(kinds)) for report in national.reports(actor).get(moment.key, []))
        if named < SHARED_BY:
            raise Refused(
                _("Minder dan twee organisaties noemden dit. Een gezamenlijk thema is van meer dan één."), "kinds"
            )
        row = JointTheme(
            organisation_id=actor.organisation_id,
            title=title.strip()[:200],
            text=text.strip(),
            kinds=sorted(set(kinds)),
            moment=moment.key,
            based_on=named,
            made_at=actor.now,
            made_by=actor.name,
        )
        row.save()
        case.audit(row, {"knelpunten": row.kinds, "genoemd": named})
    return row


def publish_theme(actor: Actor, public_id: Any) -> JointTheme:
    """Let every region and the institute read a theme."""
    with use_case(actor, MAKE) as case:
        row = case.get(JointTheme, public_id, see="baseline.progress.see")
        if row.published_at is not None:
            raise Refused(_("Dit thema is al gepubliceerd."))
        row.published_at = actor.now
        row.save()
        readers = [
            each
            for each in organisations(OrganisationKind.REGION, OrganisationKind.INSTITUTE)
            if each.pk != actor.organisation_id
        ]
        purpose = _("Gezamenlijk thema: %(title)s") % {"title": row.title[:150]}
        ends_at = actor.now + READABLE
        access.give_one_thing(actor, GrantKind.SNAPSHOT, readers, row.public_id, purpose, ends_at, action=MAKE)
        case.audit(row, {"gepubliceerd": True})
    return row


def close_theme(actor: Actor, public_id: Any) -> JointTheme:
    """Say that a theme is done; who may read it still can."""
    with use_case(actor, MAKE) as case:
        row = case.get(JointTheme, public_id, see="baseline.progress.see")
        if row.closed_at is not None:
            raise Refused(_("Dit thema is al afgerond."))
        row.closed_at = actor.now
        row.save()
        case.audit(row, {"afgerond": True})
    return row
