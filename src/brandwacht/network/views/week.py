"""Deze week: the few things that ask for this person now, and why those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network import queries, ranking
from brandwacht.network.actor import Actor, actor_for
from brandwacht.network.errors import Refused
from brandwacht.network.forms import GiveForm, PostponeForm, add_refusal
from brandwacht.network.menu import navigation
from brandwacht.network.models import Action, ActionState, User
from brandwacht.network.panels import PanelContent, panels_for
from brandwacht.network.policy import Owner, decide, visible
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.services import actions
from brandwacht.network.wording import capped

FIRST = 3
ON_ACTION = "network.Action"
"""Rooms hang their own buttons on an action with panels of this kind, place "knoppen"."""


@dataclass(frozen=True, slots=True)
class Card:
    """One action on the page: why it stands there, and what may be done with it here."""

    action: Action
    why: str
    late_elsewhere: bool
    room_url: str
    later: PostponeForm | None
    give: GiveForm | None
    buttons: list[PanelContent]


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The ranked actions of the actor, at most seven, and what was finished this week."""
    if not request.assignments:
        return render(request, "network/no_role.html")
    return _page(request)


def _page(request: ActorRequest, refused: tuple[UUID, forms.Form] | None = None) -> HttpResponse:
    actor = request.actor
    waiting = list(queries.my_actions(actor)[: queries.CAP + 1])
    every = bool(request.GET.get("alles"))
    ranked = ranking.rank(waiting, actor.now, None if every else ranking.SHOWN)
    others = queries.with_others(actor)
    given = list(others[: queries.CAP + 1]) if every else []
    count = len(given) if every else queries.capped_count(others)
    people = _people(actor, ranked)
    context = {
        "todos": [_card(actor, each, people, refused) for each in ranked],
        "summary": summary(len(waiting), [each.thing.effort for each in ranked[:FIRST]]),
        "more": capped(len(waiting) - len(ranked), queries.CAP) if len(waiting) > len(ranked) else "",
        "every": every,
        "others": given,
        "with_others": capped(count, queries.CAP) if count else "",
        "panels": panels_for("week", actor, None).get("verhaal", []),
        "undo": _just_changed(request, actor),
    } | _quiet(actor)
    return render(request, "network/week.html", context, status=422 if refused else 200)


def _people(actor: Actor, ranked: list[ranking.Ranked[Action]]) -> list[User]:
    """To whom the actor may give one of these actions; nobody is looked up where none can be given."""
    if not any(actions.can_give(each.thing) for each in ranked):
        return []
    if not decide(actor, "action.give", Owner(actor.organisation_id)):
        return []
    return [user for user in queries.colleagues(actor, "people.see") if user.pk != actor.user_id]


def _card(
    actor: Actor, ranked: ranking.Ranked[Action], people: list[User], refused: tuple[UUID, forms.Form] | None
) -> Card:
    action = ranked.thing
    said = refused[1] if refused and refused[0] == action.public_id else None
    later = said if isinstance(said, PostponeForm) else None
    give = said if isinstance(said, GiveForm) else None
    if later is None and actions.can_wait(action, actor.now):
        later = PostponeForm(auto_id=f"later-{action.public_id}-%s")
    if give is None and people and actions.can_give(action):
        give = GiveForm(auto_id=f"geef-{action.public_id}-%s", colleagues=people)
    return Card(
        action,
        ranked.why,
        action.owner_id is not None and action.owner_id != actor.user_id,
        "/" + urlsplit(action.path).path.strip("/").split("/")[0],
        later,
        give,
        panels_for(ON_ACTION, actor, action).get("knoppen", []),
    )


def summary(count: int, efforts: list[int]) -> str:
    """The sentence that answers: how many actions there are, and what the first of them cost together (minutes)."""
    if not count:
        return _("U heeft nu geen acties.")
    shown = capped(count, queries.CAP)
    first = ngettext("U heeft %(n)s actie.", "U heeft %(n)s acties.", count) % {"n": shown}
    minutes = sum(efforts)
    rough = minutes if minutes < 10 else round(minutes / 5) * 5
    time_needed = ngettext("%(n)d minuut", "%(n)d minuten", rough) % {"n": rough}
    if rough >= 90 or rough == 60:
        time_needed = _("%(n)s uur") % {"n": f"{round(rough / 30) / 2:g}".replace(".", ",")}
    if len(efforts) == 1:
        return f"{first} {_('Die kost ongeveer %(time)s.') % {'time': time_needed}}"
    if len(efforts) == count:
        return f"{first} {_('Samen kosten ze ongeveer %(time)s.') % {'time': time_needed}}"
    return f"{first} {_('De eerste drie kosten samen ongeveer %(time)s.') % {'time': time_needed}}"


def _quiet(actor: Actor) -> dict[str, Any]:
    """What needs nothing now: finished since Monday, and put off."""
    today = actor.today
    monday = timezone.make_aware(datetime.combine(today - timedelta(days=today.weekday()), time.min))
    mine = Action.objects.filter(visible(actor, "action.see"))
    later = mine.filter(state=ActionState.LATER, later_until__gt=today).order_by("later_until", "pk")
    done = mine.filter(state=ActionState.DONE, done_at__gte=monday).order_by("-done_at", "-pk")
    return {"finished": list(done[:10]), "postponed": list(later[:10])}


def _just_changed(request: ActorRequest, actor: Actor) -> Action | None:
    """The action that the person finished, put off or gave away a moment ago, so that it can be undone."""
    public_id = public_id_in(request.GET.get("net", ""))
    if public_id is None:
        return None
    mine = Action.objects.filter(visible(actor, "action.do"), public_id=public_id).select_related("owner")
    return mine.filter(~Q(state=ActionState.OPEN) | ~Q(given_by="")).first()


def _back(action: Action) -> HttpResponse:
    return redirect(f"/?{urlencode({'net': str(action.public_id)})}")


@require_POST
def finish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The person says that the action is done."""
    return _back(actions.finish(request.actor, public_id))


@require_POST
def reopen(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Undo: the action waits again."""
    action = actions.reopen(request.actor, public_id)
    messages.success(request, _("“%(title)s” staat weer bij uw acties.") % {"title": action.title})
    return redirect("week:home")


@require_POST
def postpone(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Put an action off until a date, with the reason; a refusal shows the page again with what was typed."""
    actor = request.actor
    form = PostponeForm(request.POST, auto_id=f"later-{public_id}-%s")
    if form.is_valid():
        try:
            return _back(actions.postpone(actor, public_id, form.cleaned_data["until"], form.cleaned_data["reason"]))
        except Refused as error:
            add_refusal(form, error)
    return _page(request, (public_id, form))


@require_POST
def give(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Give an action to a colleague; a refusal shows the page again."""
    actor = request.actor
    try:
        return _back(actions.give(actor, public_id, request.POST.get("colleague", "")))
    except Refused as error:
        people = [user for user in queries.colleagues(actor, "people.see") if user.pk != actor.user_id]
        form = GiveForm(request.POST, auto_id=f"geef-{public_id}-%s", colleagues=people)
        if form.is_valid() or error.field not in form.errors:
            add_refusal(form, error)
    return _page(request, (public_id, form))


@require_POST
def take_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Undo the giving: the action is with the person again."""
    action = actions.take_back(request.actor, public_id)
    messages.success(request, _("“%(title)s” staat weer bij uw acties.") % {"title": action.title})
    return redirect("week:home")


@require_POST
def switch(request: ActorRequest) -> HttpResponse:
    """Act for another organisation at which the person has a role; stays in the same room where that exists there."""
    code = request.POST.get("organisation", "")
    assignments = [a for a in request.assignments if a.organisation.code == code]
    if not assignments:
        raise Refused(_("U heeft bij deze organisatie geen rol. Vraag de beheerder daar om een rol."))
    request.session["organisation"] = code
    chosen = assignments[0].organisation
    messages.success(request, _("U werkt nu voor %(name)s.") % {"name": chosen.full_name})
    actor = request.actor
    there = actor_for(request.user, chosen, assignments, actor.now, actor.origin)
    room = "/" + request.POST.get("next", "").strip("/").split("/")[0]
    return redirect(room if any(item.url == room for item in navigation(there, "")) else "week:home")
