"""What the basis hangs on pages of its own and of the network: the first hour, and asking a colleague."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from brandwacht.baseline.models import FRAMEWORK, ControlAnswer
from brandwacht.baseline.panels import ControlRef
from brandwacht.baseline.policies.questions import ASK
from brandwacht.baseline.queries import questions
from brandwacht.baseline.services.first_plan import BEGIN, number_in
from brandwacht.baseline.services.reminders import ASKED_UNPROMPTED
from brandwacht.network.actor import Actor
from brandwacht.network.models import Action, Organisation
from brandwacht.network.panels import PanelContent
from brandwacht.network.policy import Owner, decide
from brandwacht.network.roles import Role


def begin_here(actor: Actor, _thing: Any) -> PanelContent | None:
    """On "Deze week": where a new CISO begins, as long as the organisation answered nothing."""
    if not actor.has(Role.CISO):
        return None
    own = Organisation.objects.filter(pk=actor.organisation_id, kind__in=ASKED_UNPROMPTED)
    answered = ControlAnswer.objects.filter(organisation_id=actor.organisation_id, framework=FRAMEWORK)
    begun = Action.objects.filter(organisation_id=actor.organisation_id, key__startswith=BEGIN)
    if answered.exists() or begun.exists() or not own.exists():
        return None
    return PanelContent("baseline/_begin.html", {"begin_url": reverse("baseline:begin")})


def ask_from_action(actor: Actor, action: Action) -> PanelContent | None:
    """On an action about one question of the norm: ask a colleague."""
    number = number_in(action.key)
    return _button(actor, number) if number else None


def ask_from_control(actor: Actor, control: ControlRef) -> PanelContent | None:
    """On a control of the own organisation: ask a colleague."""
    return _button(actor, control.number) if control.owner_id == actor.organisation_id else None


def asked_about_control(actor: Actor, control: ControlRef) -> PanelContent | None:
    """On a control: of whom it was asked."""
    if control.owner_id != actor.organisation_id or not decide(actor, ASK, Owner(actor.organisation_id)):
        return None
    asked = questions.asked_about(actor, control.number)
    return PanelContent("baseline/questions/_about_control.html", {"asked": asked}) if asked else None


def _button(actor: Actor, number: str) -> PanelContent | None:
    if not decide(actor, ASK, Owner(actor.organisation_id)):
        return None
    return PanelContent(
        "baseline/questions/_action_button.html", {"ask_url": f"{reverse('baseline:ask')}?control={number}"}
    )
