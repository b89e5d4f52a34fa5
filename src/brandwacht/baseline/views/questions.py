"""The CISO's side of questions that were put to somebody: asking, reminding, taking back, and deciding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.forms.questions import AskForm, RefuseForm, TakeOverForm
from brandwacht.baseline.models import AskedQuestion, AskedState, Said
from brandwacht.baseline.policies.questions import ASK
from brandwacht.baseline.queries import answers_of, questions
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services import asking
from brandwacht.baseline.services.answers import NEVER
from brandwacht.baseline.services.evidence import COUNTS_FOR
from brandwacht.baseline.views.controls import tabs_for
from brandwacht.network.attachments import attachment
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """What was asked of whom, and what waits for a decision."""
    actor = request.actor
    require(actor, ASK)
    rows = questions.asked(actor)
    context = {
        "tabs": tabs_for(actor, "asked-list"),
        "waiting": list(rows.filter(state=AskedState.ANSWERED)[:50]),
        "open": rows.filter(state=AskedState.OPEN).count(),
        "page": page(request, rows.exclude(state=AskedState.ANSWERED), ("-asked_at", "-pk")),
    }
    return render(request, "baseline/questions/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Put a question to somebody."""
    actor = request.actor
    require(actor, ASK)
    first = {"control": request.GET.get("control", ""), "due": actor.today + asking.USUAL}
    form = AskForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            question = asking.ask(actor, said.pop("control"), **said)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De vraag gaat naar %(person)s.") % {"person": question.person})
            return redirect("baseline:asked", question.public_id)
    context = {"form": form, "crumbs": _crumbs(_("Nieuwe vraag"))}
    return render(request, "baseline/questions/ask.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One question: what was asked, what was said, and what may be done now."""
    return _detail(request, questions.asked_question(request.actor, public_id))


@require_POST
def remind(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Send a new link."""
    question = asking.remind(request.actor, public_id)
    messages.success(request, _("%(person)s krijgt een nieuwe link.") % {"person": question.person})
    return redirect("baseline:asked", public_id)


@require_POST
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take the question back."""
    question = asking.withdraw(request.actor, public_id)
    messages.success(request, _("De link van %(person)s werkt niet meer.") % {"person": question.person})
    return redirect("baseline:asked-list")


@require_POST
def take_over(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make an answer of it."""
    actor = request.actor
    question = questions.asked_question(actor, public_id)
    form = TakeOverForm(request.POST, files=questions.files_of(actor, question))
    if form.is_valid():
        said = form.cleaned_data
        try:
            asking.take_over(
                actor, public_id, state=said["state"], reason=said["reason"], files=said.get("attached", []),
                valid_to=said.get("valid_to"), risk_analysis=said["risk_analysis"],
                seen=said["seen"],
            )  # fmt: skip
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het antwoord op vraag %(number)s is bewaard.") % {"number": question.control})
            return redirect("baseline:control", question.control)
    return _detail(request, question, take=form)


@require_POST
def refuse(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Do not take it over."""
    question = questions.asked_question(request.actor, public_id)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            asking.refuse(request.actor, public_id, form.cleaned_data["word"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("U nam het antwoord niet over. Wat erbij zat, is gewist."))
            return redirect("baseline:asked", public_id)
    return _detail(request, question, no=form)


@require_GET
def file(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A file that came with an answer, as a download."""
    found = asking.open_file(request.actor, public_id)
    return attachment(bytes(found.content), found.filename, found.media_type, plain="bij-antwoord")


def _detail(
    request: ActorRequest, question: AskedQuestion, take: TakeOverForm | None = None, no: RefuseForm | None = None
) -> HttpResponse:
    actor = request.actor
    files = questions.files_of(actor, question)
    waits = question.state == AskedState.ANSWERED
    before = answers_of(actor, actor.organisation_id).filter(control=question.control).first() if waits else None
    if waits and take is None:
        take = TakeOverForm(files=files, initial=_proposal(question, files, before))
    context: dict[str, Any] = {
        "question": question,
        "control": find_control(question.control),
        "files": files,
        "waits": waits,
        "before": before,
        "take": take,
        "no": no or RefuseForm(),
        "may_answer": decide(actor, "baseline.answer", Owner(actor.organisation_id)),
        "crumbs": _crumbs(question.person),
    }
    status = 422 if (take and take.errors) or (no and no.errors) else 200
    return render(request, "baseline/questions/detail.html", context, status=status)


def _proposal(question: AskedQuestion, files: list[Any], before: Any) -> dict[str, Any]:
    assert question.answered_at is not None  # noqa: S101 - it waits for a decision
    seen = before.answered_at if before else NEVER
    return {
        "state": Said(question.choice).as_answer,
        "reason": asking.proposed_reason(question),
        "attached": [str(file.public_id) for file in files],
        "valid_to": timezone.localdate(question.answered_at) + COUNTS_FOR,
        "seen": seen.isoformat(),
    }


def _crumbs(last: str) -> list[tuple[str, str | None]]:
    return [
        (_("Basis op orde"), reverse("baseline:list")), (_("Uitgezet"), reverse("baseline:asked-list")), (last, None),
    ]  # fmt: skip
