"""Deze week: the few things that ask for this person now."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network import queries
from brandwacht.network.actor import Actor, actor_for
from brandwacht.network.errors import Refused
from brandwacht.network.forms import PostponeForm
from brandwacht.network.menu import navigation
from brandwacht.network.models import Action, ActionState
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import visible
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.services import actions
from brandwacht.network.wording import capped

SHOWN = 7
"""More than seven things at once is no longer a list of what comes first."""

FIRST = 3


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The ranked actions of the actor, at most seven, and what was finished this week."""
    if not request.assignments:
        return render(request, "network/no_role.html")
    return _page(request)


def _page(request: ActorRequest, refused: tuple[UUID, PostponeForm] | None = None) -> HttpResponse:
    actor = request.actor
    waiting = queries.open_actions(actor)
    every = bool(request.GET.get("alles"))
    count = queries.capped_count(waiting)
    shown = list(waiting[: queries.CAP if every else SHOWN])
    todos = []
    for action in shown:
        form = PostponeForm(auto_id=f"later-{action.public_id}-%s")
        if refused and refused[0] == action.public_id:
            form = refused[1]
        todos.append(
            {
                "action": action,
                "room_url": "/" + action.path.strip("/").split("/")[0],
                "later": form,
                "can_wait": form.is_bound or actions.can_wait(action, actor.now),
            }
        )
    context = {
        "todos": todos,
        "summary": summary(count, [a.effort for a in shown[:FIRST]]),
        "more": max(0, count - len(shown)),
        "panels": panels_for("week", request.actor, None).get("verhaal", []),
        "undo": _just_changed(request, actor),
    } | _quiet(actor)
    return render(request, "network/week.html", context, status=422 if refused else 200)


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
    """The action that the person finished or put off a moment ago, so that it can be undone."""
    public_id = public_id_in(request.GET.get("net", ""))
    if public_id is None:
        return None
    mine = Action.objects.filter(visible(actor, "action.do"), public_id=public_id)
    return mine.exclude(state=ActionState.OPEN).first()


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
            form.add_error(error.field, error.message)
    return _page(request, (public_id, form))


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
