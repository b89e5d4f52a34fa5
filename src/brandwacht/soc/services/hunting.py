"""Searching in stored events: start, stop, save; and what remains to be written when a search has ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from brandwacht.network import audit
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import every_owner
from brandwacht.network.usecase import use_case
from brandwacht.soc.hunts import Query, title_of
from brandwacht.soc.models import HuntRun, HuntState, HuntTrace, SavedHunt
from brandwacht.soc.store import layout, process, results
from brandwacht.soc.store.columns import COLUMNS, SCHEMA
from brandwacht.soc.store.conditions import condition
from brandwacht.soc.store.reading import damaged_among

log = structlog.get_logger(__name__)

ROWS: Final = 10_000
"""Rows of a result that are kept."""
SIZE: Final = 24 * 1024 * 1024
"""Bytes of a result that are kept."""
AT_ONCE, OF_ONE = 4, 2
"""Searches at the same time on this installation, and of one person."""
SHOWN: Final = (
    "time", "organisation", "log_source", "kind", "channel", "event_id", "host", "user_name", "source_ip",
    "destination_ip", "process_executable", "process_command_line", "file_path", "dns_question_name", "raw",
)  # fmt: skip
"""What is kept of an event that was found by fields."""
VIEW: Final = (
    *(column.name for column in COLUMNS if column.name != "raw"), "received", "batch", "number", "record_id", "fields",
    "raw",
)  # fmt: skip
"""The columns of ``events`` in SQL."""
BARS: Final = 60
STEPS: Final = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 86400, 7 * 86400, 28 * 86400)
ENDED: Final = {
    results.DONE: HuntState.DONE,
    results.STOPPED: HuntState.STOPPED,
    results.FAILED: HuntState.FAILED,
}

Work = Callable[[], None]


def in_background(work: Work) -> None:
    """Do it in a thread of this process: the page does not wait for it."""
    threading.Thread(target=work, daemon=True).start()


def start_hunt(
    actor: Actor,
    query: Query,
    owner_ids: Iterable[int],
    *,
    saved: Any = None,
    background: Callable[[Work], None] = in_background,
) -> HuntRun:
    """Search in the events of these organisations; returns the run, which goes on by itself.

    Raises ``Denied`` when the policy does not allow it for one of them, ``Refused`` when the query cannot be used or
    too many searches run. Each organisation finds the search in its audit chain; the text only in the actor's own.
    """
    with use_case(actor, "soc.hunt") as case:
        ids = sorted(set(owner_ids))
        for owner_id in ids:
            case.require(Owner(owner_id))
        case.require(Owner(actor.organisation_id), "soc.hunt.runs")
        if not ids:
            raise Refused(_("Kies in welke organisaties u zoekt."), "organisaties")
        since, until = query.span(actor.now)
        where, values = condition(query.lines) if not query.sql else ("", [])
        _room_for(actor)
        codes = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "code"))
        run = HuntRun(
            organisation_id=actor.organisation_id,
            saved=SavedHunt.objects.filter(public_id=saved).first() if saved else None,
            query=query.to_json(),
            title=title_of(query),
            reach=sorted(codes.values()),
            by=actor.name,
            started_at=actor.now,
        )
        files = files_between(run.reach, since, until)
        run.files = len(files)
        run.save()
        _leave_traces(actor, run, ids)
        case.audit(run, {"zoekvraag": run.title, "in": run.reach, "van": since.isoformat(), "tot": until.isoformat()})
        task = {
            "files": process.newest_first(files),
            "sql": query.sql,
            "where": where,
            "values": values,
            "columns": list(SHOWN),
            "view": [(name, _sql_type(name)) for name in VIEW],
            "narrow": narrowed(query, since, until),
            "step": step_for(until - since),
            "rows": ROWS,
            "size": SIZE,
        }
        folder = results.folder_of(run.public_id)
        transaction.on_commit(lambda: background(partial(_carry_out, run.public_id, folder, task)))
    return run


def stop_hunt(actor: Actor, public_id: Any) -> HuntRun:
    """Ask for the end of a search that runs."""
    with use_case(actor, "soc.hunt.runs") as case:
        run = case.get(HuntRun, public_id)
        if run.running:
            results.ask_to_stop(run.public_id)
            case.audit(run, {"gestopt": True})
    return run


def save_hunt(actor: Actor, query: Query, name: str, public_id: Any = None) -> SavedHunt:
    """Keep a search under a name, or change the one with ``public_id``. Raises ``Refused`` (field "naam")."""
    with use_case(actor, "soc.hunt.runs") as case:
        name = " ".join(name.split())[:120]
        if not name:
            raise Refused(_("Geef de zoekopdracht een naam."), "naam")
        if public_id:
            saved = case.get(SavedHunt, public_id)
        else:
            case.require(Owner(actor.organisation_id))
            saved = SavedHunt(organisation_id=actor.organisation_id, made_by=actor.name, made_at=actor.now)
        if SavedHunt.objects.filter(organisation_id=actor.organisation_id, name=name).exclude(pk=saved.pk).exists():
            raise Refused(_("Er is al een zoekopdracht met deze naam. Kies een andere."), "naam")
        if not query.sql:
            condition(query.lines)
        saved.name, saved.query, saved.changed_at = name, query.to_json(), actor.now
        saved.save()
        case.audit(saved, {"bewaard": name})
    return saved


def remove_saved(actor: Actor, public_id: Any) -> str:
    """Remove a saved search; returns its name. Runs of it stay."""
    with use_case(actor, "soc.hunt.runs") as case:
        saved = case.get(SavedHunt, public_id)
        name = saved.name
        case.audit(saved, {"verwijderd": name})
        saved.delete()
    return name


def settle(public_id: UUID, now: datetime) -> bool:
    """Write down how a search ended: in its run, in the traces and chains of the organisations; ``False`` if it runs.

    Done by Brandwacht itself, when the process ends or, if this program was stopped meanwhile, by the worker.
    """
    standing = results.standing_of(public_id)
    if standing is not None and standing.state == results.RUNNING and not standing.is_silent(now):
        return False
    standing = standing or results.Standing(state=results.FAILED, error=["weg", ""])
    if standing.state == results.RUNNING:
        standing.state, standing.error = results.FAILED, ["onderbroken", ""]
    with every_owner(), transaction.atomic():
        run = HuntRun.objects.select_for_update(of=("self",)).select_related("organisation").get(public_id=public_id)
        if not run.running:
            return True
        bad = damaged_among(map(Path, standing.damaged))
        run.state = ENDED[standing.state]
        run.finished_at = max(now, run.started_at)
        run.found = sum(standing.owners.values()) if not run.query.get("sql") else standing.rows
        run.rows, run.full, run.damaged = standing.rows, standing.full, len(bad)
        run.reason = reason_of(standing)[:1000]
        run.save()
        actor = system_actor(run.organisation, now, "werker")
        facts = [_outcome(run.organisation_id, run, run.found)]
        for trace in HuntTrace.objects.filter(run_ref=public_id).select_related("organisation"):
            trace.hits = _hits(run, standing, trace.organisation.code)
            trace.elsewhere = sum(1 for c, n in standing.owners.items() if n and c != trace.organisation.code)
            trace.save(update_fields=["hits", "elsewhere"])
            if trace.organisation_id != run.organisation_id:
                facts.append(_outcome(trace.organisation_id, run, trace.hits))
        audit.write(actor, facts)
    return True


def settle_all(now: datetime) -> str:
    """Periodic: settle what ended without being written down; returns how many, for the log of periodic work."""
    with every_owner():
        waiting = list(
            HuntRun.objects.filter(state=HuntState.RUNNING, started_at__lt=now - results.SILENT).values_list(
                "public_id", flat=True
            )
        )
    done = sum(settle(public_id, now) for public_id in waiting)
    return _("%(n)d zoekopdracht(en) afgerond") % {"n": done} if done else ""


def reason_of(standing: results.Standing) -> str:
    """Why a search failed, in Dutch; empty when it did not."""
    if not standing.error:
        return ""
    kind, text = standing.error
    told = text.replace(str(layout.root()), "").strip()
    sentences = {
        "sql": _("De opdracht klopt niet. DuckDB zegt:") + f" {told}",
        "geweigerd": told,
        "geheugen": _("De zoekopdracht vraagt te veel geheugen. Kies een kortere periode of minder kolommen."),
        "grens": _("De zoekopdracht duurde te lang of gaf te veel. Kies een kortere periode of een scherpere vraag."),
        "onderbroken": _("De zoekopdracht is onderbroken doordat Brandwacht opnieuw startte. Zoek nog een keer."),
        "weg": _("Van deze zoekopdracht is niets bewaard. Zoek nog een keer."),
    }
    return sentences.get(kind, _("De zoekopdracht kon niet worden uitgevoerd.") + f" {told}")


def files_between(codes: Iterable[str], since: datetime, until: datetime) -> list[tuple[str, Path]]:
    """The stored files of these organisations for a period, with their day."""
    first, last = layout.days_between(since.astimezone(UTC), until.astimezone(UTC))
    return [
        (partition.day.isoformat(), path)
        for code in codes
        for partition in layout.partitions(code, first, last)
        for path in layout.live_files(partition.folder)
    ]


def narrowed(query: Query, since: datetime, until: datetime) -> str:
    """The condition that always holds: the period, and the source and kind that were chosen."""
    parts = [f"time >= TIMESTAMP '{_stamp(since)}'", f"time < TIMESTAMP '{_stamp(until)}'"]
    if query.source:
        parts.append(f"contains(lower(log_source), {_quoted(query.source.lower())})")
    if query.kind:
        wanted = _quoted(query.kind.lower())
        parts.append(f"(contains(kind, {wanted}) OR contains(lower(channel), {wanted}))")
    return " AND ".join(parts)


def step_for(span: timedelta) -> int:
    """The width in seconds of the bars of a timeline over ``span``."""
    return next((step for step in STEPS if span.total_seconds() / step <= BARS), STEPS[-1])


def _carry_out(public_id: UUID, folder: Path, task: Mapping[str, Any]) -> None:
    from django.utils import timezone

    try:
        folder.mkdir(mode=0o700, parents=True)
        process.follow(folder, task)
        settle(public_id, timezone.now())
    except Exception:
        log.exception("a search could not be carried out", run=str(public_id))
    finally:
        if threading.current_thread() is not threading.main_thread():
            connection.close()


def _room_for(actor: Actor) -> None:
    mine = HuntRun.objects.filter(organisation_id=actor.organisation_id, by=actor.name, state=HuntState.RUNNING)
    if mine.filter(started_at__gt=actor.now - timedelta(minutes=5)).count() >= OF_ONE:
        raise Refused(_("U heeft al twee zoekopdrachten lopen. Wacht tot er een klaar is, of stop er een."))
    if results.running_now(actor.now) >= AT_ONCE:
        raise Refused(_("Er lopen nu te veel zoekopdrachten tegelijk. Probeer het over een minuut opnieuw."))


def _leave_traces(actor: Actor, run: HuntRun, ids: Sequence[int]) -> None:
    others = [pk for pk in ids if pk != actor.organisation_id]
    traces = [
        HuntTrace(
            organisation_id=pk,
            run_ref=run.public_id,
            by=actor.name,
            by_organisation_id=actor.organisation_id,
            at=actor.now,
        )
        for pk in others
    ]
    HuntTrace.objects.bulk_create(traces)
    facts = [audit.Fact(pk, "soc.hunt", "soc.HuntRun", str(run.public_id), audit.USED) for pk in others]
    audit.write(actor, facts)


def _outcome(owner_id: int, run: HuntRun, hits: int | None) -> audit.Fact:
    detail: dict[str, Any] = {"gezocht_door": run.by, "stand": str(run.state)}
    if hits is not None:
        detail["treffers"] = hits
    return audit.Fact(owner_id, "soc.hunt", "soc.HuntRun", str(run.public_id), audit.USED, detail)


def _hits(run: HuntRun, standing: results.Standing, code: str) -> int | None:
    if not run.query.get("sql"):
        return standing.owners.get(code, 0)
    return run.found if run.reach == [code] else None


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql_type(name: str) -> str:
    kind = str(SCHEMA.field(name).type)
    return {"timestamp[us]": "TIMESTAMP", "int64": "BIGINT", "bool": "BOOLEAN"}.get(kind, "VARCHAR")
