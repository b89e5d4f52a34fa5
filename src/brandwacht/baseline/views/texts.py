"""Pages of the text of a norm and of the division of the self-assessment that an organisation loads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brandwacht.baseline.forms.frameworks import GroupingForm, NormTextForm
from brandwacht.baseline.queries import frameworks, loaded
from brandwacht.baseline.services import norm_texts
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.pages import require
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services import sheets

_L = TypeVar("_L")


@require_http_methods(["GET", "POST"])
def texts(request: ActorRequest) -> HttpResponse:
    """What was loaded beside the norm; load more."""
    actor = request.actor
    require(actor, norm_texts.LOAD)
    text_form, grouping_form = NormTextForm(), GroupingForm()
    if request.method == "POST" and request.POST.get("doe") == "indeling":
        grouping_form = GroupingForm(request.POST, request.FILES)
        if _load_grouping(request, grouping_form):
            return redirect("baseline:texts")
    elif request.method == "POST":
        text_form = NormTextForm(request.POST, request.FILES)
        if _load_text(request, text_form):
            return redirect("baseline:texts")
    context = {
        "text_form": text_form,
        "grouping_form": grouping_form,
        "loaded": loaded.texts_by_norm(actor),
        "own": frameworks.own_grouping(actor),
        "crumbs": [(_("Andere kaders"), reverse("baseline:frameworks")), (_("Tekst van de norm"), None)],
    }
    status = 422 if text_form.errors or grouping_form.errors else 200
    return render(request, "baseline/frameworks/texts.html", context, status=status)


def _load_text(request: ActorRequest, form: NormTextForm) -> bool:
    done = _loaded(request, form, norm_texts.load_norm_text)
    if done is not None:
        said = {"n": done.texts, "norm": done.framework.title, "version": done.framework.version}
        messages.success(request, _("%(n)d teksten van de %(norm)s %(version)s zijn ingelezen.") % said)
    return done is not None


def _load_grouping(request: ActorRequest, form: GroupingForm) -> bool:
    own = _loaded(request, form, norm_texts.load_grouping)
    if own is not None:
        messages.success(request, _("Uw indeling is ingelezen: %(n)d vragen.") % {"n": len(own.rows)})
    return own is not None


def _loaded(request: ActorRequest, form: Form, load: Callable[[Actor, str, bytes], _L]) -> _L | None:
    """What came of the file of a form; ``None`` when it was refused, which the form then says."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return load(request.actor, file.name, file.read(sheets.MAX_BYTES + 1))
    except Refused as error:
        form.add_error("file", error.message)
        return None


@require_POST
def remove_texts(request: ActorRequest, key: str) -> HttpResponse:
    """Remove the loaded text of one norm."""
    count = norm_texts.remove_norm_text(request.actor, key)
    messages.success(request, _("%(n)d teksten zijn verwijderd.") % {"n": count})
    return redirect("baseline:texts")


@require_POST
def remove_grouping(request: ActorRequest) -> HttpResponse:
    """Go back to our own division."""
    norm_texts.remove_grouping(request.actor)
    messages.success(request, _("De indeling van Brandwacht geldt weer."))
    return redirect("baseline:texts")
