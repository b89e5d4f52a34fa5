"""Reads of content on its way in, lists of indicators, and looking back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import owners, visible
from brandwacht.soc.models import ContentImport, IndicatorList, LookBack, LookBackResult, SigmaRule


def content_imports(actor: Actor, kind: str) -> QuerySet[ContentImport]:
    """What was offered of this kind; order it by ``("-offered_at", "-id")``."""
    rows: QuerySet[ContentImport] = ContentImport.objects.filter(visible(actor, "soc.rules.see"), kind=kind)
    return rows.defer("outcome")


def content_import(actor: Actor, public_id: Any) -> ContentImport:
    """One offered file with what taking it over would do; raises ``NotFound``."""
    rows = ContentImport.objects.filter(visible(actor, "soc.rules.see"), public_id=public_id)
    found: ContentImport | None = rows.select_related("indicators").first()
    if found is None:
        raise NotFound
    return found


def indicator_lists(actor: Actor) -> QuerySet[IndicatorList]:
    """The lists of the actor's organisation; order them by ``("-changed_at", "-id")``."""
    rows: QuerySet[IndicatorList] = IndicatorList.objects.filter(visible(actor, "soc.lists.see"))
    return rows


def indicator_list(actor: Actor, public_id: Any) -> IndicatorList:
    """One list; raises ``NotFound``."""
    found = indicator_lists(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def look_backs(actor: Actor, *, rule: SigmaRule | None = None, of: IndicatorList | None = None) -> list[LookBack]:
    """The last times that a rule, or a list, was held against stored events."""
    rows = LookBack.objects.filter(visible(actor, "soc.rules.see"), rule=rule, indicators=of).defer("text")
    return list(rows.order_by("-started_at", "-pk")[:5])


def look_back(actor: Actor, public_id: Any) -> LookBack:
    """One look back; raises ``NotFound``."""
    rows = LookBack.objects.filter(visible(actor, "soc.rules.see"), public_id=public_id)
    found: LookBack | None = rows.select_related("rule", "indicators").first()
    if found is None:
        raise NotFound
    return found


def look_back_results(actor: Actor, of: LookBack) -> list[LookBackResult]:
    """What a look back found, per organisation that the actor may see now."""
    rows = LookBackResult.objects.filter(visible(actor, "soc.look-back"), look_back=of.public_id)
    return list(rows.select_related("organisation").order_by("-matches", "organisation__name", "pk"))


def reach_of_look_back(actor: Actor) -> list[Organisation]:
    """The organisations in whose events the actor may look back, by name."""
    return list(Organisation.objects.filter(pk__in=sorted(owners(actor, "soc.look-back"))).order_by("name"))


def may_switch_off_at(actor: Actor) -> list[Organisation]:
    """The organisations for which the actor may switch off a rule: the own one first."""
    found = Organisation.objects.filter(pk__in=sorted(owners(actor, "soc.rule-off.set"))).order_by("name")
    return sorted(found, key=lambda organisation: organisation.pk != actor.organisation_id)
