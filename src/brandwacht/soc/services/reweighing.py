"""Adding up the severity of stored alerts again, because an indicator, an exercise or the risk map changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from brandwacht.network.actor import system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.riskmap.queries import exposed_by_node
from brandwacht.soc.models import Alert, AlertRule, AlertState
from brandwacht.soc.services import severity, stories
from brandwacht.soc.services.severity import Criticality, criticality

AT_ONCE: Final = 1000
"""So many open alerts of one owner are looked at in one go, the latest first."""


def reweigh(alert: Alert, hangs: Criticality, *, indicator: int | None = None, exercise: bool | None = None) -> None:
    """Add up one alert again and write it; what is not given stays. The caller holds the owner (``stories.hold``)."""
    before = alert.severity
    severity.apply(alert, AlertRule.objects.filter(alert=alert), hangs, indicator=indicator, exercise=exercise)
    if alert.state == AlertState.ACKNOWLEDGED and alert.severity > before:
        alert.waiting = True  # it became worse than what the analyst confirmed
    alert.save(update_fields=["severity", "severity_sum", "waiting"])
    stories.refresh(alert.story_id)


def follow_the_map(now: datetime) -> str:
    """Add up the open alerts of which the asset means more or less than it did; the result says how many changed."""
    with every_owner():
        owners = list(Organisation.objects.filter(pk__in=Alert.objects.filter(open=True).values("organisation_id")))
    changed = 0
    for owner in owners:
        actor = system_actor(owner, now, "werker")
        with tenancy_scope(actor.tenancy()), transaction.atomic():
            stories.hold(owner.pk)
            rows = Alert.objects.filter(organisation=owner, open=True, asset__confirmed=True, entity_kind="")
            by_asset: dict[int, list[Alert]] = defaultdict(list)
            for alert in rows.select_related("asset").order_by("-last_seen", "-pk")[:AT_ONCE]:
                by_asset[alert.asset_id].append(alert)
            if not by_asset:
                continue
            exposed = exposed_by_node(actor, owner.pk, [alerts[0].asset for alerts in by_asset.values()])
            for pk, alerts in by_asset.items():
                hangs = criticality(exposed[pk], known=True)
                text = severity.asset_part(hangs).text
                for alert in alerts:
                    if all(part["text"] != text for part in alert.severity_sum):
                        reweigh(alert, hangs)
                        changed += 1
    return _("%(n)d melding(en) opnieuw gewogen") % {"n": changed} if changed else ""
