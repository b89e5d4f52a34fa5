"""What is done with one alert beside judging it: hold, note, ask, answer, tick a step, go on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.usecase import demand, note_use
from brandwacht.soc import queries
from brandwacht.soc.forms.work import AnswerForm, AskForm, AssignForm, NoteForm
from brandwacht.soc.queries.people import colleagues
from brandwacht.soc.services import holding, questions, steps, story
from brandwacht.soc.views.alerts import back, show


@require_GET
def following(request: ActorRequest) -> HttpResponse:
    """Go to the next waiting alert after the one in ``na``; to the queue when there is none."""
    enter(request.actor, "soc.alert.see")
    found = queries.next_waiting(request.actor, public_id_in(request.GET.get("na", "")))
    if found is None:
        messages.success(request, _("Er wacht geen melding meer op u."))
        return redirect("soc:list")
    return redirect("soc:detail", found)


def _do(request: ActorRequest, public_id: UUID, do: Callable[[], object], done: str) -> HttpResponse:
    """Run a use case that asks nothing; what is refused is said on the page as it now is."""
    try:
        do()
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, done)
    return back(request, public_id)


def _held(request: ActorRequest) -> str:
    return request.POST.get("held_by", "")[:40]


@require_POST
def pick_up(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The person takes the alert."""
    return _do(
        request,
        public_id,
        lambda: holding.pick_up(request.actor, public_id, held_by=_held(request)),
        _("U heeft deze melding nu. Collega's zien dat."),
    )


@require_POST
def release(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Nobody has the alert any more."""
    return _do(
        request,
        public_id,
        lambda: holding.release(request.actor, public_id, held_by=_held(request)),
        _("Losgelaten. Een collega kan de melding oppakken."),
    )


@require_POST
def tick(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A step of a playbook was taken, or was not after all."""
    book, step = request.POST.get("draaiboek", ""), request.POST.get("stap", "")
    done = request.POST.get("gedaan") == "1"
    try:
        steps.tick(request.actor, public_id, book, step, done=done)
    except Refused as error:
        messages.warning(request, error.message)
    return HttpResponseRedirect(f"{reverse('soc:detail', args=[public_id])}#stappen")


def _form(
    request: ActorRequest,
    public_id: UUID,
    name: str,
    form: forms.Form,
    do: Callable[[dict[str, str]], object],
    done: str,
    anchor: str,
) -> HttpResponse:
    """Run a use case from a form on the alert; what is refused comes back with what was typed."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except Refused as error:
            if error.field is None:
                messages.warning(request, error.message)
                return redirect("soc:detail", public_id)
            add_refusal(form, error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(f"{reverse('soc:detail', args=[public_id])}#{anchor}")
    return show(request, queries.alert(request.actor, public_id), {name: form})


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Hand the alert to a colleague: a page of its own, since who works here need not be read with every alert."""
    if request.method != "POST":
        alert = queries.alert(request.actor, public_id)
        demand(request.actor, "soc.alert.triage", alert)
        note_use(request.actor, "soc.alert.see", alert)
        people = [user for user in colleagues(request.actor) if user.pk != alert.holder_id]
        context = {"alert": alert, "form": AssignForm(people=people), "people": people}
        return render(request, "soc/assign.html", context)
    chosen = request.POST.get("colleague", "")[:40]
    return _do(
        request,
        public_id,
        lambda: holding.hand_to(request.actor, public_id, chosen, held_by=_held(request)),
        _("Toegewezen."),
    )


@require_POST
def note(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write a note."""
    return _form(
        request,
        public_id,
        "note",
        NoteForm(request.POST, auto_id="note_%s"),
        lambda data: story.add_note(request.actor, public_id, data["text"]),
        _("Opgeschreven."),
        "werk",
    )


@require_POST
def ask(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask the organisation something."""
    return _form(
        request,
        public_id,
        "ask",
        AskForm(request.POST, auto_id="ask_%s"),
        lambda data: questions.ask(request.actor, public_id, data["text"]),
        _("De vraag staat bij de CISO van de organisatie onder Deze week."),
        "vragen",
    )


@require_POST
def answer(request: ActorRequest, public_id: UUID, question_id: UUID) -> HttpResponse:
    """Answer a question about the alert."""
    return _form(
        request,
        public_id,
        f"answer-{question_id}",
        AnswerForm(request.POST, auto_id=f"answer-{question_id}_%s"),
        lambda data: questions.answer(request.actor, question_id, data["answer"]),
        _("Uw antwoord staat bij de melding."),
        "vragen",
    )
