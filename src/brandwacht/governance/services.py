"""The writes of governance: the figures of the day."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from brandwacht.baseline.models import ControlAnswer
from brandwacht.governance import queries
from brandwacht.governance.models import BoardFigure
from brandwacht.governance.policy import RECORD
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.periodic import Job
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case


def record_figures(actor: Actor) -> list[BoardFigure]:
    """Write today's figures of the actor's organisation; written twice on a day, the last stands."""
    with use_case(actor, RECORD) as case:
        case.require(Owner(actor.organisation_id))
        values = queries.todays_values(actor)
        figures = []
        for key, value in values.items():
            figure, _made = BoardFigure.objects.update_or_create(
                organisation_id=actor.organisation_id, key=key, on=actor.today, defaults={"value": value}
            )
            figures.append(figure)
        case.audit(figures[0], {str(key): value for key, value in values.items()})
    return figures


def _record_everywhere(now: datetime) -> str:
    # Which organisations answered anything is asked over all owners; what they answered is read in their own scope.
    answering = ControlAnswer._base_manager.order_by().values_list("organisation_id", flat=True).distinct()
    organisations = Organisation.objects.filter(pk__in=list(answering))
    for organisation in organisations:
        with owner_scope(organisation.pk):
            record_figures(system_actor(organisation, now, "werker"))
    return _("cijfers van %(n)d organisaties") % {"n": len(organisations)}


DAILY = Job("governance.figures", "dag", _record_everywhere)
