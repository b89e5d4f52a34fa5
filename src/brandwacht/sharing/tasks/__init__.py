"""What the worker does after a warning is sent or withdrawn: mail without content, and actions for the members."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import system_actor
from brandwacht.network.events import RoleGiven
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.circle import Circle, Delivery, delivery, read_circle
from brandwacht.sharing.mailing import address, send
from brandwacht.sharing.models import CircleWarning, WarningReceipt, WarningState

SEAT_KEY = "sharing.seat"
"""The key of the action that asks for a person in an empty seat."""


@task()
def tell(circle_id: int, warning_id: str, state: str, sender_id: int | None) -> int:
    """Tell the members that a warning reached ``state`` ("verzonden", "ingetrokken"); returns the number of mails."""
    return tell_members(circle_id, UUID(warning_id), WarningState(state), sender_id, timezone.now())


def tell_members(circle_id: int, warning_id: UUID, state: WarningState, sender_id: int | None, now: datetime) -> int:
    """As ``tell``, at a given moment. Does nothing when the warning has moved on meanwhile."""
    with owner_scope(circle_id):
        with transaction.atomic():
            rows = CircleWarning.objects.select_for_update(of=("self",)).select_related("organisation")
            warning = rows.get(public_id=warning_id)
            if warning.state != state:
                return 0
            circle = read_circle(circle_id, now)
            if state == WarningState.SENT:
                _put_actions(circle, warning, now)
            else:
                _end_actions(circle, warning, now)
        return _mail(warning, delivery(circle, warning, sender_id))


def action_key(warning: CircleWarning) -> str:
    """The key of the members' action in the action register."""
    return f"sharing.warning:{warning.public_id}"


def _put_actions(circle: Circle, warning: CircleWarning, now: datetime) -> None:
    """Ask each member that did not answer yet. TLP:RED is left out: others read the actions of an organisation too."""
    if warning.marking is TLP.RED:
        return
    answered = set(WarningReceipt.objects.filter(warning=warning).values_list("member_id", flat=True))
    todo = actions.Todo(
        key=action_key(warning),
        title=_("Beoordeel waarschuwing %(name)s (%(tlp)s)") % {"name": warning.name, "tlp": warning.marking.label},
        why=_("Een lid van de kring leest de waarschuwing en antwoordt of die voor uw organisatie geldt."),
        room="sharing",
        path=reverse("sharing:detail", args=[warning.public_id]),
        role=Role.ISAC_MEMBER,
        risk=3,
        effort=15,
    )
    seated = {seat.organisation.pk for seat in circle.seats}
    for member_id in circle.members:
        if member_id not in seated:
            actions.put(member_id, _fill_seat(), now)
        elif member_id not in answered:
            actions.put(member_id, todo, now)


def _fill_seat() -> actions.Todo:
    """What is asked where nobody can read what the circle sends: somebody who can."""
    return actions.Todo(
        key=SEAT_KEY,
        title=_("Wijs iemand aan voor de VR-ISAC"),
        why=_("De kring stuurt waarschuwingen, maar bij uw organisatie kan niemand ze lezen: er is geen lid VR-ISAC."),
        room="sharing",
        path=reverse("beheer:people"),
        role=Role.CISO,
        risk=3,
        effort=15,
    )


def seat_filled(event: RoleGiven) -> None:
    """Somebody became "Lid VR-ISAC": that is no longer asked."""
    if event.assignment.role == Role.ISAC_MEMBER:
        actions.complete(event.assignment.organisation_id, SEAT_KEY, event.by)


def _end_actions(circle: Circle, warning: CircleWarning, now: datetime) -> None:
    me = system_actor(warning.organisation, now, "werker")
    for member_id in circle.members:
        actions.complete(member_id, action_key(warning), me)


def _mail(warning: CircleWarning, to: Delivery) -> int:
    """One mail per person, with nothing of what the warning says: mail is not a place for it."""
    facts = {
        "tlp": warning.marking.label,
        "circle": warning.organisation.name,
        "address": address("sharing:detail", warning.public_id),
    }
    if warning.state == WarningState.SENT:
        subject = _("Waarschuwing van de %(circle)s (%(tlp)s)") % facts
        body = (
            _("Er is een waarschuwing met %(tlp)s van de %(circle)s. Log in om die te lezen:\n\n%(address)s\n") % facts
        )
    else:
        subject = _("Waarschuwing van de %(circle)s is ingetrokken (%(tlp)s)") % facts
        body = (
            _(
                "Een waarschuwing met %(tlp)s van de %(circle)s is ingetrokken. Log in om te lezen waarom:\n\n"
                "%(address)s\n"
            )
            % facts
        )
    return send(subject, body, (person.email for person in to.persons))
