"""The first hour of a new CISO: eight questions, and the plan for this week is there."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from brandwacht.baseline.first_hour import CHOICES, first_questions
from brandwacht.baseline.models import Said
from brandwacht.baseline.services.beginning import begin as begin_with
from brandwacht.network.errors import Refused
from brandwacht.network.pages import require
from brandwacht.network.requests import ActorRequest


class BeginForm(forms.Form):
    """One choice per question: who does not know says so."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for asked in first_questions():
            self.fields[_name(asked.control.number)] = forms.ChoiceField(
                label=asked.control.question,
                widget=forms.RadioSelect(),
                choices=[(each.value, each.label) for each in CHOICES],
                error_messages={"required": _("Kies een antwoord. Weet u het niet, kies dan dat.")},
            )

    def said(self) -> dict[str, Said]:
        """What was chosen, by number of the control."""
        numbers = [asked.control.number for asked in first_questions()]
        return {number: Said(self.cleaned_data[_name(number)]) for number in numbers}


def _name(number: str) -> str:
    return f"v-{number.replace('.', '-')}"


@require_http_methods(["GET", "POST"])
def begin(request: ActorRequest) -> HttpResponse:
    """The questions; a POST makes the plan and goes to it."""
    actor = request.actor
    require(actor, "baseline.answer")
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = begin_with(actor, form.said())
        except Refused as error:
            form.add_error(None, error.message)
        else:
            count = len(plan)
            made = ngettext(
                "Uw plan staat klaar: %(n)d actie erbij. Begin bovenaan.",
                "Uw plan staat klaar: %(n)d acties erbij. Begin bovenaan.",
                count,
            )
            messages.success(request, made % {"n": count} if count else _("U had deze vragen al beantwoord."))
            return redirect("week:home")
    context = {"form": form, "count": len(first_questions())}
    return render(request, "baseline/first_hour.html", context, status=422 if form.errors else 200)
