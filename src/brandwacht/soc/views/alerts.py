"""The queue and the alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.riskmap.queries import exposed_processes
from brandwacht.soc import queries, services
from brandwacht.soc.forms.alerts import AlertFilterForm, ReasonForm, SeenForm
from brandwacht.soc.forms.work import AnswerForm, AskForm, CloseForm, NoteForm
from brandwacht.soc.models import Alert, AlertState, Severity
from brandwacht.soc.playbooks import book
from brandwacht.soc.queries import work
from brandwacht.soc.queries.connecting import to_call
from brandwacht.soc.queries.stories import Others
from brandwacht.soc.services.pipeline import EARLIEST, LATEST
from brandwacht.soc.story import scenes
from brandwacht.soc.views import tabs_for
from brandwacht.soc.wording import first_steps, technique

EVENTS = 25
PROCESSES = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue: the alert, its questions, whether the actor may handle it, and which line comes next.

    ``late``: an answer should have been there. ``story`` are the others of the story that this line stands for.
    """

    alert: Alert
    marks: work.Marks | None
    may: bool
    mine: bool
    late: bool
    following: str
    story: Others | None

    @property
    def after_confirming(self) -> str:
        """The line that comes next once this one is confirmed: of a story, the next alert that waits leads it then."""
        first = self.story.alerts[0] if self.story else None
        return str(first.public_id) if first is not None and first.waiting else self.following


def _rows(request: ActorRequest, alerts: Iterable[Alert]) -> list[Row]:
    actor, listed = request.actor, list(alerts)
    marks = work.marks(actor, listed)
    others = queries.others_of(actor, listed)
    late = {pk for pk, each in marks.items() if each.due is not None and each.due < actor.now}
    after = [*(str(each.public_id) for each in listed[1:]), ""][: len(listed)]
    return [
        Row(
            alert,
            marks.get(alert.pk),
            alert.open and bool(decide(actor, "soc.alert.triage", alert)),
            alert.holder_id is not None and alert.holder_id == actor.user_id,
            alert.pk in late,
            following,
            others.get(alert.story_id) if alert.lead and alert.story_id is not None else None,
        )
        for alert, following in zip(listed, after, strict=True)
    ]


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The queue: what waits first, then by severity and time."""
    actor = request.actor
    enter(actor, "soc.alert.see")
    organisations = queries.owners_shown(actor)
    form = AlertFilterForm.read(request.GET, organisations=organisations)
    order = chosen_order(queries.SORTS, request.GET.get("sort", ""))
    found = page(request, queries.filtered(actor, form.narrowing()), order, among=queries.alerts(actor))
    alerts = found.rows
    waiting = queries.waiting_for(actor)
    told = [*alerts, waiting.first] if waiting.first else alerts  # the sentence on top names one, whatever the filter
    note_listing(actor, "soc.alert.see", {alert.organisation_id for alert in told})
    context = {
        "tabs": tabs_for(actor, "list"),
        "form": form,
        "alerts": alerts,
        "rows": _rows(request, alerts),
        "next_url": found.next_url,
        "newer_url": f"{reverse('soc:newer')}?{urlencode({'sinds': actor.now.isoformat()})}",
        "several": len(organisations) > 1,
        "waiting": waiting,
        "narrowed": any(key in request.GET for key in form.fields),
        "latest": queries.latest_file(actor) if may_anywhere(actor, "soc.sources.see") else None,
        "may_offer": may_anywhere(actor, "soc.ingest"),
    }
    return render(request, "soc/list.html", context)


@require_GET
def newer(request: ActorRequest) -> HttpResponse:
    """A line that says how many alerts were opened since ``sinds``; empty when there are none."""
    try:
        moment = parse_datetime(request.GET.get("sinds", ""))
    except ValueError:
        moment = None
    fits = moment is not None and moment.tzinfo is not None and EARLIEST <= moment < LATEST
    count = queries.opened_since(request.actor, moment) if moment and fits else 0
    text = ngettext("%(n)d nieuwe melding.", "%(n)d nieuwe meldingen.", count) % {"n": count} if count else ""
    return render(request, "soc/_newer.html", {"text": text})


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One alert: why it matters, what was seen, what to do."""
    return show(request, queries.alert(request.actor, public_id))


def show(request: ActorRequest, alert: Alert, refused: Mapping[str, forms.Form] | None = None) -> HttpResponse:
    """The page of an alert; ``refused`` holds a form that was sent and refused, by name."""
    actor = request.actor
    refused = refused or {}
    note_use(actor, "soc.alert.see", alert)
    rules = queries.alert_rules(actor, alert)
    events = page(request, queries.matched_events(actor, alert), ("time", "id"), size=EVENTS)
    others, earlier = queries.beside(actor, alert)
    in_story = [other for other in others if alert.story_id is not None and other.story_id == alert.story_id]
    named = queries.named_in(actor, alert, [rule.rule_id for rule in rules])
    exposed = exposed_processes(actor, alert.asset)
    vital = [process for process in exposed if process.vital]
    decision = decide(actor, "soc.alert.triage", alert)
    done = work.work_on(actor, alert)
    context = {
        "alert": alert,
        "crumbs": [(_("Waakzaam"), reverse("soc:list")), (alert.title, None)],
        "rules": rules,
        "techniques": [technique(number) for number in alert.attack],
        "scenes": scenes(events.rows, rules),
        "from_start": events.first,
        "next_url": events.next_url,
        "named": queries.most_named(named),
        "kept": getattr(alert, "kept", 0),
        "nameless": any(not event.identity for event in events.rows),
        "elsewhere": queries.seen_elsewhere(named),
        "may_except": alert.open and bool(decide(actor, "soc.exception.propose", alert)),
        "exposed": (vital or exposed)[:PROCESSES],
        "exposed_more": max(0, len(vital or exposed) - PROCESSES),
        "has_vital": bool(vital),
        # The playbook has the general steps; here only what it does not know: the advice on one technique.
        "steps": [part for part in first_steps(alert.attack, alert.asset.name) if part.technique],
        "playbooks": work.playbooks(alert, [rule.rule_id for rule in rules], done.steps),
        "book": book(),
        "calls": to_call(actor, alert.organisation) if alert.open else None,
        "entries": done.entries,
        "escalations": done.escalations,
        "questions": [
            (each, refused.get(f"answer-{each.public_id}") or AnswerForm(auto_id=f"answer-{each.public_id}_%s"))
            for each in done.questions
        ],
        "may_answer": bool(decide(actor, "soc.question.answer", alert)),
        "earlier": earlier,
        "others": [other for other in others if other not in in_story],
        "story_others": in_story,
        "close_explained": _close_explained(alert, bool(others)),
        "panels": panels_for("soc.Alert", actor, alert),
        "decision": decision,
        "forms": _forms(alert, refused),
        "failed": next(iter(refused), ""),
        "mine": alert.holder_id is not None and alert.holder_id == actor.user_id,
        "may_end": alert.open,
        "may_reopen": alert.state not in (AlertState.NEW, AlertState.INCIDENT),
    }
    return render(request, "soc/detail.html", context, status=422 if refused else 200)


def _forms(alert: Alert, refused: Mapping[str, forms.Form]) -> dict[str, forms.Form]:
    """The forms of the page by name, those that were refused as they were sent."""
    seen = {"seen": alert.state}
    found: dict[str, forms.Form] = {
        "known": ReasonForm(initial=seen, auto_id="known_%s"),
        "close": CloseForm(initial=seen, auto_id="close_%s"),
        "note": NoteForm(auto_id="note_%s"),
        "ask": AskForm(auto_id="ask_%s"),
    }
    return found | dict(refused)


def _close_explained(alert: Alert, others: bool) -> str:
    """What closing does; of a critical alert among others it asks to look at them first."""
    text = _(
        "De melding verdwijnt uit de wachtrij. Nieuwe gebeurtenissen geven een nieuwe melding. "
        "Terugzetten in de wachtrij kan."
    )
    if alert.severity < Severity.CRITICAL or not others:
        return text
    return (
        text
        + " "
        + _(
            "Let op: binnen 48 uur zijn er bij deze organisatie ook andere meldingen. "
            "Schrijf op waarom deze daar los van staat."
        )
    )


def back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Back to where the button stood: the queue, at the line after this one, or else the alert.

    The fields of the queue's address come along in the form, and the line after this one in the address of its button;
    they are read and written again, never followed as they are.
    """
    if "verder" in request.POST:
        return HttpResponseRedirect(f"{reverse('soc:next')}?{urlencode({'na': str(public_id)})}")
    if "lijst" not in request.POST:
        return redirect("soc:detail", public_id)
    query = QueryDict(request.POST["lijst"][:1000]).urlencode()
    line = public_id_in(request.GET.get("volgende", "")) or public_id
    return HttpResponseRedirect(f"{reverse('soc:list')}?{query}#rij-{line}")


def _seen(request: ActorRequest) -> str | None:
    form = SeenForm(request.POST)
    return (form.cleaned_data["seen"] or None) if form.is_valid() else None


def _simple(request: ActorRequest, public_id: UUID, service: Any, done: str) -> HttpResponse:
    """Run a service that asks no reason; when a colleague was first, say so on the page as it now is."""
    try:
        service(request.actor, public_id, seen=_seen(request))
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, done)
    return back(request, public_id)


def _with_reason(
    request: ActorRequest, public_id: UUID, form: ReasonForm, key: str, service: Any, done: str
) -> HttpResponse:
    # The service decides what is missing; its words replace the form's own, so that there is one rule and one text.
    try:
        judged = {"disposition": request.POST.get("disposition", "")} if "disposition" in form.fields else {}
        service(request.actor, public_id, request.POST.get("reason", "")[:1000], seen=_seen(request), **judged)
    except Refused as error:
        if error.field is None:
            messages.warning(request, error.message)
            return redirect("soc:detail", public_id)
        form.errors[error.field] = form.error_class([error.message])
        return show(request, queries.alert(request.actor, public_id), {key: form})
    messages.success(request, done)
    return back(request, public_id)


@require_POST
def acknowledge(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The person looks into it."""
    return _simple(
        request, public_id, services.acknowledge, _("U onderzoekt deze melding. De melding wacht niet meer.")
    )


@require_POST
def reopen(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Undo."""
    return _simple(request, public_id, services.reopen, _("De melding staat weer in de wachtrij."))


@require_POST
def known(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Known behaviour, with the reason."""
    done = _("Bewaard als bekend gedrag. Uw uitleg staat bij volgende meldingen op dit middel.")
    form = ReasonForm(request.POST, auto_id="known_%s")
    return _with_reason(request, public_id, form, "known", services.mark_known, done)


@require_POST
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Dealt with, with the reason."""
    form = CloseForm(request.POST, auto_id="close_%s")
    return _with_reason(request, public_id, form, "close", services.close, _("De melding is gesloten."))
