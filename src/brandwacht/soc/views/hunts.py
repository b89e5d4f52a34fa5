"""Searching in logs: the question, its run, and the result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Organisation
from brandwacht.network.pages import enter
from brandwacht.network.policy import may_anywhere
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries
from brandwacht.soc.forms.hunts import COLUMN_NAMES, FIELDS, LINES, SQL, HuntForm, NameForm, initial_of, lines_in
from brandwacht.soc.histogram import Histogram, counts_of, histogram
from brandwacht.soc.hunts import Query
from brandwacht.soc.models import HuntRun
from brandwacht.soc.queries.hunts import PAGE, Row
from brandwacht.soc.services import hunting
from brandwacht.soc.store import columns
from brandwacht.soc.store.results import Standing
from brandwacht.soc.views import tabs_for

SHORT = 160
"""Characters of a value in the table; the whole of it is on the page of the row."""
MORE_LINES = 3
LOWER = (columns.EXACT, columns.ADDRESS, columns.MANY)


@require_http_methods(["GET", "POST"])
def asking(request: ActorRequest) -> HttpResponse:
    """The question: by fields or in SQL; what was kept; what ran last."""
    actor = request.actor
    enter(actor, "soc.hunt")
    organisations = queries.searchable(actor)
    mode = SQL if (request.POST or request.GET).get("wijze") == SQL else FIELDS
    if request.method != "POST":
        return _asking(request, _prefilled(request, organisations, mode), organisations)
    count = lines_in(request.POST)
    if "meer" in request.POST:
        sent = request.POST.dict() | {"organisaties": request.POST.getlist("organisaties")}
        form = HuntForm(initial=sent, organisations=organisations, mode=mode, lines=count + MORE_LINES)
        return _asking(request, form, organisations)
    form = HuntForm(request.POST, organisations=organisations, mode=mode, lines=count)
    if form.is_valid():
        saved = public_id_in(request.POST.get("bewaard", ""))
        try:
            run = hunting.start_hunt(actor, form.query(), form.owner_ids(), saved=saved)
        except Refused as error:
            add_refusal(form, error)
        else:
            return redirect("soc:hunt-run", run.public_id)
    return _asking(request, form, organisations, status=422)


def _prefilled(request: ActorRequest, organisations: list[Organisation], mode: str) -> HuntForm:
    """The form, filled from an earlier search (``uit``), a saved one (``bewaard``), or the address itself."""
    earlier, saved = (public_id_in(request.GET.get(name, "")) for name in ("uit", "bewaard"))
    if earlier or saved:
        run = queries.hunt_run(request.actor, earlier) if earlier else None
        query = Query.from_json(run.query if run else queries.saved_hunt(request.actor, saved).query)
        mode = SQL if query.sql else FIELDS
        lines = max(LINES, len(query.lines) + 1)
        initial = initial_of(query, run.reach if run else [])
        return HuntForm(initial=initial, organisations=organisations, mode=mode, lines=lines)
    initial = {key: value for key, value in request.GET.items() if value}
    return HuntForm(initial=initial, organisations=organisations, mode=mode, lines=lines_in(request.GET))


def _asking(
    request: ActorRequest, form: HuntForm, organisations: list[Organisation], status: int = 200
) -> HttpResponse:
    actor = request.actor
    latest = list(queries.hunt_runs(actor).order_by("-started_at", "-id")[: queries.LATEST])
    saved = public_id_in(request.GET.get("bewaard", ""))
    context = {
        "tabs": tabs_for(actor, "hunt"),
        "form": form,
        "mode": form.mode,
        "by_fields": form.mode == FIELDS,
        "organisations": organisations,
        "saved": queries.saved_hunts(actor).order_by("name"),
        "saved_id": saved,
        "latest": latest,
        "columns": _described_columns(),
        "json_example": "raw->>'$.Event.EventData.LogonType'",
        "has_events": queries.has_events(organisations),
        "traces": queries.traces(actor).order_by("-at", "-id")[: queries.LATEST],
        "may_see_store": may_anywhere(actor, "soc.store.see"),
    }
    return render(request, "soc/hunt.html", context, status=status)


def _described_columns() -> list[tuple[str, str]]:
    """The columns of the table ``events`` with what they are."""
    lower = _("kleine letters")
    found = [
        (c.name, f"{COLUMN_NAMES[c.name]} ({lower})" if c.holds in LOWER else str(COLUMN_NAMES[c.name]))
        for c in columns.COLUMNS
    ]
    return [*found, ("received", _("Wanneer Brandwacht het kreeg")), ("batch, number", _("Plaats in de levering"))]


@require_GET
def result(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A search: how far it is, or what it found."""
    run = queries.hunt_run(request.actor, public_id)
    return _result(request, run, NameForm())


def _result(request: ActorRequest, run: HuntRun, name_form: NameForm, status: int = 200) -> HttpResponse:
    actor = request.actor
    context: dict[str, Any] = {
        "run": run,
        "query": Query.from_json(run.query),
        "crumbs": [(_("Waakzaam"), reverse("soc:list")), (_("Zoeken in logs"), reverse("soc:hunt")), (run.title, None)],
        "name_form": name_form,
        "again_url": f"{reverse('soc:hunt')}?{urlencode({'uit': str(run.public_id)})}",
    }
    try:
        organisations = queries.reached(actor, run)
    except Refused as error:
        return render(request, "soc/hunt_run.html", context | {"withdrawn": error.message}, status=status)
    note_listing(actor, "soc.hunt", {organisation.pk for organisation in organisations})
    standing = queries.hunt_standing(run, actor.now)
    context |= {"organisations": organisations, "standing": standing, "several": len(organisations) > 1}
    if standing is not None and not (run.running and standing.state == "bezig"):
        context |= _shown(request, run, standing)
    return render(request, "soc/hunt_run.html", context, status=status)


def _shown(request: ActorRequest, run: HuntRun, standing: Standing) -> dict[str, Any]:
    """The rows of the page that was asked for, and the timeline."""
    start = int(given) if (given := request.GET.get("vanaf", "0")).isdecimal() and len(given) < 7 else 0
    sort = request.GET.get("sort", "")
    rows = queries.result_rows(request.actor, run, start, PAGE, sort)
    names = standing.columns
    by_fields = not run.query.get("sql")
    kept = [n for n, name in enumerate(names) if not by_fields or _worth(name, n, rows, len(run.reach))]
    query = request.GET.copy()
    query["vanaf"] = str(start + PAGE)
    return {
        "heads": [(f"k{n}", str(COLUMN_NAMES.get(names[n], names[n])) if by_fields else names[n]) for n in kept],
        "rows": [(row.number, [_cell(names[n], row.values[n]) for n in kept]) for row in rows],
        "next_url": f"?{query.urlencode()}" if start + PAGE < standing.rows else "",
        "timeline": _timeline(request, run, standing),
        "shown_from": start + 1,
        "shares": [(o, standing.owners.get(o.code, 0)) for o in queries.reached(request.actor, run)],
        "by_fields": by_fields,
    }


def _worth(name: str, number: int, rows: list[Row], organisations: int) -> bool:
    """Whether a column of a search by fields is worth its place: it says something in these rows."""
    if name == "raw" or (name == "organisation" and organisations < 2) or name == "log_source":
        return False
    return name == "time" or any(row.values[number] not in (None, "") for row in rows)


def _cell(name: str, value: Any) -> dict[str, Any]:
    if name == "time" and isinstance(value, str):
        try:
            return {"moment": datetime.fromisoformat(value).replace(tzinfo=UTC)}
        except ValueError:
            pass
    text = "" if value is None else str(value)
    if name == "channel":
        text = text.removeprefix("Microsoft-Windows-").removesuffix("/Operational")
    return {"text": text if len(text) <= SHORT else f"{text[:SHORT]}…", "number": isinstance(value, int | float)}


def _timeline(request: ActorRequest, run: HuntRun, standing: Standing) -> Histogram | None:
    if not run.query.get("sql"):
        return histogram({int(bar): count for bar, count in standing.bars.items()}, standing.step)
    if "time" not in standing.columns:
        return None
    place = standing.columns.index("time")
    moments = [row[place] for row in queries.all_rows(request.actor, run) if isinstance(row[place], str)]
    return histogram(counts_of(moments, standing.step), standing.step)


@require_GET
def standing(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far a search is; when it has ended, the browser is told to load the page again."""
    run = queries.hunt_run(request.actor, public_id)
    found = queries.hunt_standing(run, request.actor.now)
    answer = render(request, "soc/_hunt_standing.html", {"run": run, "standing": found})
    if not run.running:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def stop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask for the end of a search."""
    run = hunting.stop_hunt(request.actor, public_id)
    messages.info(request, _("Het zoeken stopt. Wat al gevonden is, blijft staan."))
    return redirect("soc:hunt-run", run.public_id)


@require_POST
def save(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Keep the question of a search under a name; an existing one when ``bewaard`` names it."""
    run = queries.hunt_run(request.actor, public_id)
    form = NameForm(request.POST)
    if form.is_valid():
        existing = run.saved.public_id if run.saved and request.POST.get("wijzig") else None
        try:
            saved = hunting.save_hunt(request.actor, Query.from_json(run.query), form.cleaned_data["naam"], existing)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Bewaard als “%(name)s”.") % {"name": saved.name})
            return redirect("soc:hunt")
    return _result(request, run, form, status=422)


@require_POST
def remove(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Remove a saved search."""
    name = hunting.remove_saved(request.actor, public_id)
    messages.success(request, _("“%(name)s” is verwijderd. Eerdere resultaten blijven staan.") % {"name": name})
    return redirect("soc:hunt")


@require_GET
def row(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """One row with everything that is in it."""
    actor = request.actor
    run = queries.hunt_run(actor, public_id)
    found = queries.result_row(actor, run, number)
    note_listing(actor, "soc.hunt", {organisation.pk for organisation in queries.reached(actor, run)})
    standing = queries.hunt_standing(run, actor.now)
    names = standing.columns if standing else []
    facts = [
        (str(COLUMN_NAMES.get(name, name)), name, _whole(name, value))
        for name, value in zip(names, found.values, strict=False)
        if value not in (None, "") and name != "raw"
    ]
    raw = found.values[names.index("raw")] if "raw" in names else None
    run_url = reverse("soc:hunt-run", args=[run.public_id])
    context = {
        "run": run,
        "number": number + 1,
        "facts": facts,
        "raw": _indented(raw) if isinstance(raw, str) else "",
        "around": _around(dict(zip(names, found.values, strict=False))),
        "crumbs": [
            (_("Waakzaam"), reverse("soc:list")),
            (_("Zoeken in logs"), reverse("soc:hunt")),
            (run.title, run_url),
            (_("Rij %(n)d") % {"n": number + 1}, None),
        ],
    }
    return render(request, "soc/hunt_row.html", context)


def _whole(name: str, value: Any) -> dict[str, Any]:
    return _cell(name, value) if name == "time" else {"text": str(value)}


def _around(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Searches that follow from a row: (words, address)."""
    steps = {
        "host": "host.name",
        "user_name": "user.name",
        "source_ip": "source.ip",
        "destination_ip": "destination.ip",
    }
    found = []
    for name, ecs in steps.items():
        if value := values.get(name):
            address = urlencode({"f0": ecs, "o0": "is", "v0": value})
            what = _("Zoek alles met %(field)s %(value)s") % {"field": COLUMN_NAMES[name], "value": value}
            found.append((what, f"{reverse('soc:hunt')}?{address}"))
    return found


def _indented(text: str) -> str:
    try:
        return orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
    except ValueError:
        return text


@require_GET
def export(request: ActorRequest, public_id: UUID, form: str) -> HttpResponseBase:
    """Every row that was kept, as CSV or as JSON lines."""
    actor = request.actor
    run = queries.hunt_run(actor, public_id)
    standing = queries.hunt_standing(run, actor.now)
    if standing is None or form not in ("csv", "jsonl"):
        raise NotFound
    rows = queries.all_rows(actor, run)
    note_listing(actor, "soc.hunt", {organisation.pk for organisation in queries.reached(actor, run)})
    name = f"zoeken-{actor.organisation_code}-{run.started_at:%Y-%m-%d-%H%M}"
    if form == "csv":
        return csv_response(name, standing.columns, rows)
    answer = StreamingHttpResponse(_lines(standing.columns, rows), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{name}.jsonl"'
    answer["Cache-Control"] = "no-store"
    return answer


def _lines(names: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    for values in rows:
        yield orjson.dumps(dict(zip(names, values, strict=False))) + b"\n"
