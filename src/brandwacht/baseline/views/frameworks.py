"""Pages on which the answers to the one norm are seen through other frameworks, and the step to a newer version."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline.forms.frameworks import ThroughFilterForm
from brandwacht.baseline.models import FRAMEWORK
from brandwacht.baseline.queries import frameworks, upgrades
from brandwacht.baseline.services.upgrades import take_over
from brandwacht.baseline.views.controls import see, tabs_for
from brandwacht.engines.norms import load_framework, score
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response


@require_GET
def chooser(request: ActorRequest) -> HttpResponse:
    """All frameworks with how the organisation stands on each, from the same answers."""
    actor = request.actor
    see(actor)
    main, answers = load_framework(FRAMEWORK), frameworks.present_answers(actor)
    context = {
        "main": main,
        "score": score(main, answers, actor.today),
        "views": frameworks.through_all(actor, answers),
        "cbw": frameworks.falls_under_cbw(actor),
        "earlier": [load_framework(key) for key in upgrades.EARLIER],
        "tabs": tabs_for(actor, "frameworks"),
    }
    return render(request, "baseline/frameworks/chooser.html", context)


def _filters(request: ActorRequest, found: frameworks.Through) -> tuple[ThroughFilterForm, frameworks.ThroughFilters]:
    form = ThroughFilterForm(request.GET, themes=found.framework.themes)
    form.is_valid()  # a filter that is not understood is left out; the form says so
    said = form.cleaned_data
    return form, frameworks.ThroughFilters(said.get("theme", ""), said.get("state", ""), said.get("q", ""))


@require_GET
def through(request: ActorRequest, key: str) -> HttpResponse:
    """The organisation's answers seen through one framework."""
    actor = request.actor
    see(actor)
    found = frameworks.through(actor, key)
    form, filters = _filters(request, found)
    rows = [row for row in found.seen if filters.keeps(row)]
    themes = [
        (theme, part, sum(row.control.theme == theme for row in found.seen))
        for theme, part in found.score.by_theme.items()
    ]
    context = {
        "key": key,
        "found": found,
        "norm": found.framework,
        "main": load_framework(FRAMEWORK),
        "rows": rows,
        "themes": themes,
        "form": form,
        "query": request.GET.urlencode(),
        "self_assessment": key == frameworks.SELF_ASSESSMENT,
        "crumbs": [(_("Andere kaders"), reverse("baseline:frameworks")), (found.framework.title, None)],
    }
    return render(request, "baseline/frameworks/through.html", context)


@require_GET
def through_csv(request: ActorRequest, key: str) -> HttpResponse:
    """Exactly the list on the page, as CSV."""
    see(request.actor)
    found = frameworks.through(request.actor, key)
    _form, filters = _filters(request, found)
    norm, main = found.framework, load_framework(FRAMEWORK)
    header = [
        _("Nummer"), _("Titel"), _("Onderdeel"), _("Antwoord"), _("Berust op"), _("Beantwoord"), _("Dekking"),
        _("Wat overblijft"), _("Bewijs telt tot en met"),
    ]  # fmt: skip
    rows = (
        (
            f"{norm.title} {row.control.number}", row.control.title, row.control.theme, row.state.dutch,
            ", ".join(f"{main.title} {number}" for number in row.sources), f"{row.answered} van {len(row.sources)}",
            row.fit, row.rest, row.answer and row.answer.evidence_valid_to,
        )
        for row in found.seen
        if filters.keeps(row)
    )  # fmt: skip
    return csv_response(f"{norm.key}-{request.actor.organisation_code}", header, rows)


@require_http_methods(["GET", "POST"])
def passage(request: ActorRequest, old: str) -> HttpResponse:
    """What changes from an older version of the norm, what is asked again, and taking over the rest."""
    actor = request.actor
    see(actor)
    if request.method == "POST":
        try:
            count = take_over(actor, old, request.POST.get("seen", ""))
        except Refused as error:
            messages.error(request, error.message)
        else:
            said = ngettext("%(n)d antwoord is overgenomen.", "%(n)d antwoorden zijn overgenomen.", count)
            messages.success(request, said % {"n": count})
        return redirect("baseline:passage", old)
    found = upgrades.passage(actor, old)
    context = {
        "passage": found,
        "taking": found.taking,
        "asked": found.asked,
        "kept": found.kept,
        "may_take": decide(actor, "baseline.upgrade", Owner(actor.organisation_id)),
        "crumbs": [(_("Andere kaders"), reverse("baseline:frameworks")), (_("Overgang"), None)],
    }
    return render(request, "baseline/frameworks/passage.html", context)
