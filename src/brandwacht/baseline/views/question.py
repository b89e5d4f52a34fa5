"""The page behind a link: one question, answered on a phone. Nothing here needs or uses a log-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline.documents import MAX_BYTES
from brandwacht.baseline.forms.questions import FillForm
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services import answering
from brandwacht.network import link_pages
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.services.signed_links import LinkGone


def _gone(request: HttpRequest, why: LinkGone) -> HttpResponse:
    return render(request, "baseline/questions/gone.html", {"why": why.reason}, status=404)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link as it stands in the mail."""
    try:
        answering.question_of(answering.KIND.find(token, timezone.now()))
    except LinkGone as why:
        return _gone(request, why)
    return link_pages.open_link(
        request, answering.KIND, token, template="baseline/questions/open.html", home="baseline:question", gone=_gone
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest) -> HttpResponse:
    """The question; a POST sends the answer."""
    try:
        link = link_pages.holding(request, answering.KIND)
        question = answering.question_of(link)
        form = FillForm(request.POST, request.FILES) if request.method == "POST" else FillForm()
        if form.is_bound and form.is_valid():
            said = form.cleaned_data
            files = [(each.name, each.read(MAX_BYTES + 1)) for each in said["attached"]]
            try:
                answering.answer(link, said["choice"], said["words"], files, timezone.now())
            except Refused as error:
                add_refusal(form, error)
            else:
                return redirect("baseline:question-thanks")
    except LinkGone as why:
        return _gone(request, why)
    context = {
        "owner": link.organisation,
        "question": question,
        "control": find_control(question.control),
        "form": form,
        "again": bool(request.FILES),
    }
    return render(request, "baseline/questions/fill.html", context, status=422 if form.errors else 200)


@login_not_required
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens now; the page is the same for everybody."""
    return render(request, "baseline/questions/thanks.html")
