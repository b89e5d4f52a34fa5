"""The pages of "Ziet iemand dit?" and of pseudonyms."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.intel import TLP
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.forms.threats import QuestionForm
from brandwacht.sharing.models import Topic
from brandwacht.sharing.policies.threats import ANSWER_QUESTION, ASK, CLOSE_QUESTION, SEE_QUESTION
from brandwacht.sharing.queries import questions as queries
from brandwacht.sharing.services import pseudonyms as pseudonym_services
from brandwacht.sharing.services import questions as services
from brandwacht.sharing.services.reading import mark_read
from brandwacht.sharing.views.common import crumbs, sign_first, tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The questions, newest first, each with two buttons."""
    actor = request.actor
    enter(actor, SEE_QUESTION)
    if (first := sign_first(actor)) is not None:
        return first
    part = page(request, queries.questions(actor), queries.ORDER)
    note_listing(actor, SEE_QUESTION, {each.organisation_id for each in part.rows})
    may, done = queries.answerable(actor, part.rows), queries.answered(actor, part.rows)
    context = {
        "tabs": tabs_for(actor, "questions"),
        "rows": [
            {
                "question": each,
                "outcome": queries.outcome(each),
                "done": each.pk in done,
                "may_answer": each.pk in may - done,
            }
            for each in part.rows
        ],
        "next_url": part.next_url,
        "asks": may_anywhere(actor, ASK),
    }
    return render(request, "sharing/questions/list.html", context)


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One question, and what may be seen of the answers."""
    actor = request.actor
    question = queries.question(actor, public_id)
    note_listing(actor, SEE_QUESTION, {question.organisation_id})
    mark_read(actor, question)
    mine = queries.my_answer(actor, question)
    context = {
        "crumbs": crumbs("questions", _("Vraag")),
        "question": question,
        "outcome": queries.outcome(question),
        "mine": mine,
        "may_answer": bool(decide(actor, ANSWER_QUESTION, question)) and (mine is None or mine.member_id is not None),
        "may_close": question.closed_at is None and bool(decide(actor, CLOSE_QUESTION, question)),
    }
    return render(request, "sharing/questions/detail.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Ask the circle."""
    actor = request.actor
    enter(actor, ASK)
    if (first := sign_first(actor)) is not None:
        return first
    possible = pseudonym_services.possible(circle_for(actor, ASK).pk)
    initial = {"tlp": TLP.AMBER.name, "topic": Topic.PHISHING}
    form = QuestionForm(request.POST or None, initial=initial, pseudonyms=possible)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.ask(
                actor, text=data["text"], tlp=data["tlp"], topic=data["topic"], indicators=data["indicators"],
                pseudonymous=bool(data.get("pseudonymous")),
            )  # fmt: skip
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw vraag staat bij de kring. Antwoorden ziet u vanaf drie."))
            return redirect("sharing:questions")
    context = {"crumbs": crumbs("questions", _("Nieuwe vraag")), "form": form}
    return render(request, "sharing/questions/new.html", context, status=422 if form.is_bound else 200)


@require_POST
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Yes or no, with or without a name: one click."""
    given = request.POST.get("answer", "")
    if given not in ("ja", "nee", "ja-anoniem", "nee-anoniem"):
        raise Refused(_("Kies ja of nee."))
    services.answer(request.actor, public_id, seen=given.startswith("ja"), by_name=not given.endswith("-anoniem"))
    messages.success(request, _("Uw antwoord is geteld."))
    return redirect("sharing:question", public_id)


@require_POST
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Close one's own question."""
    services.close(request.actor, public_id)
    messages.success(request, _("De vraag is gesloten."))
    return redirect("sharing:question", public_id)
