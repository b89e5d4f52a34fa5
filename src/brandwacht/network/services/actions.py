"""The action register: rooms put actions in under their own key and end them there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.network import queries
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.menu import room_label
from brandwacht.network.models import Action, ActionState
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case


@dataclass(frozen=True, slots=True)
class Todo:
    """What a room asks of somebody. ``risk`` 1-4, ``effort`` minutes, ``path`` the page where it is done.

    ``effort`` is the estimate for this kind of action; every kind states its own. ``closes_itself``: the room ends
    the action once the work is done there; otherwise the person says so.
    """

    key: str
    title: str
    room: str
    path: str
    why: str = ""
    role: Role = Role.CISO
    owner_id: int | None = None
    risk: int = 2
    effort: int = field(kw_only=True)
    due: datetime | None = None
    closes_itself: bool = True


def put(organisation_id: int, todo: Todo, now: datetime) -> Action:
    """Put or renew an action of an organisation, inside the use case of the room that asks for it.

    The use case has decided; the register itself is written as the owner's, since a mandate never opens it.

    An action that was done or put off and is asked for again comes back only when its due moment changed.
    """
    with owner_scope(organisation_id), transaction.atomic():
        action = Action.objects.filter(organisation_id=organisation_id, key=todo.key).first()
        if action is None:
            action = Action(organisation_id=organisation_id, key=todo.key, created_at=now)
        elif action.due != todo.due:
            action.state, action.done_at, action.done_by = ActionState.OPEN, None, ""
        for name in ("title", "why", "room", "path", "risk", "effort", "due", "closes_itself"):
            setattr(action, name, getattr(todo, name))
        if todo.owner_id is not None or not action.given_by:  # what was given to a colleague stays there
            action.owner_id, action.given_by, action.given_at = todo.owner_id, "", None
        action.role = todo.role
        action.save()
    return action


def complete(organisation_id: int, keys: str | Collection[str], actor: Actor) -> None:
    """End the action with this key, or with each of these, because what was asked is done; no error for none.

    One query, however many keys.
    """
    wanted = [keys] if isinstance(keys, str) else list(keys)
    with owner_scope(organisation_id):
        Action.objects.filter(organisation_id=organisation_id, key__in=wanted).exclude(state=ActionState.DONE).update(
            state=ActionState.DONE, done_at=actor.now, done_by=actor.name
        )


def reopen_by_key(organisation_id: int, key: str) -> None:
    """Open the action with this key again, because what it asked turned out not to be done."""
    with owner_scope(organisation_id):
        Action.objects.filter(organisation_id=organisation_id, key=key).update(
            state=ActionState.OPEN, done_at=None, done_by=""
        )


def finish(actor: Actor, public_id: Any) -> Action:
    """The person says that the action is done; refused when the page where it is done has to show that."""
    with use_case(actor, "action.do") as case:
        action = case.get(Action, public_id)
        if action.closes_itself:
            raise Refused(
                _("U kunt dit niet zelf afvinken. Rond “%(title)s” af in %(room)s; dan verdwijnt de actie vanzelf.")
                % {"title": action.title, "room": room_label(action.room)}
            )
        action.state, action.done_at, action.done_by = ActionState.DONE, actor.now, actor.name
        action.save()
        case.audit(action)
    return action


def reopen(actor: Actor, public_id: Any) -> Action:
    """Undo: the action is open again."""
    with use_case(actor, "action.do") as case:
        action = case.get(Action, public_id)
        action.state, action.done_at, action.done_by = ActionState.OPEN, None, ""
        action.later_until, action.later_reason = None, ""
        action.save()
        case.audit(action, {"heropend": True})
    return action


def can_wait(action: Action, now: datetime) -> bool:
    """Whether a day is left to put the action off to: it has no due moment, or one after today."""
    return action.due is None or timezone.localdate(action.due) > timezone.localdate(now)


def postpone(actor: Actor, public_id: Any, until: date, reason: str) -> Action:
    """Put an action off until a date, with the reason."""
    with use_case(actor, "action.do") as case:
        action = case.get(Action, public_id)
        if not reason.strip():
            raise Refused(_("Schrijf op waarom dit later kan."), "reason")
        if until <= actor.today:
            raise Refused(_("Kies een dag na vandaag."), "until")
        if action.due and until > timezone.localdate(action.due):
            day = date_format(timezone.localtime(action.due), "j F Y")
            if action.due <= actor.now:
                late = _("Dit moest op %(day)s klaar zijn en is al te laat; uitstellen kan niet meer. Doe het nu.")
                raise Refused(late % {"day": day}, "until")
            if not can_wait(action, actor.now):
                raise Refused(_("Dit moet vandaag klaar zijn; uitstellen kan niet meer. Doe het nu."), "until")
            raise Refused(_("Dit moet uiterlijk op %(day)s klaar zijn; kies een eerdere dag.") % {"day": day}, "until")
        action.state, action.later_until, action.later_reason = ActionState.LATER, until, reason.strip()
        action.save()
        case.audit(action, {"tot": until.isoformat(), "waarom": reason.strip()})
    return action


def give(actor: Actor, public_id: Any, colleague_id: str) -> Action:
    """Give an action to a colleague, who finds it on the own "Deze week". Raises ``Refused`` on the field.

    ``colleague_id`` is a public id. Only where the room named nobody: who does a measure, or takes over a shift, is
    changed where that was decided.
    """
    with use_case(actor, "action.do") as case:
        action = case.get(Action, public_id)
        case.require(action, "action.give")
        if not can_give(action):
            raise Refused(_("Deze actie heeft al een eigenaar. Wijzig dat in %(room)s.") % {
                "room": room_label(action.room)}, "colleague")  # fmt: skip
        colleague = next((u for u in queries.colleagues(actor, "people.see") if str(u.public_id) == colleague_id), None)
        if colleague is None:
            raise Refused(_("Deze collega heeft nu geen rol bij uw organisatie. Kies iemand anders."), "colleague")
        if colleague.pk == actor.user_id:
            raise Refused(_("Dat bent u zelf. Kies een collega."), "colleague")
        action.owner, action.given_by, action.given_at = colleague, actor.name, actor.now
        action.save()
        case.audit(action, {"aan": str(colleague.public_id)}, action="action.give")
    return action


def can_give(action: Action) -> bool:
    """Whether the room left open who does it, or somebody gave it away before."""
    return action.owner_id is None or bool(action.given_by)


def take_back(actor: Actor, public_id: Any) -> Action:
    """Undo: the action is nobody's in particular again. One that was not given stays as it was."""
    with use_case(actor, "action.do") as case:
        action = case.get(Action, public_id)
        case.require(action, "action.give")
        if action.given_by:
            action.owner, action.given_by, action.given_at = None, "", None
            action.save()
            case.audit(action, {"terug": True}, action="action.give")
    return action
