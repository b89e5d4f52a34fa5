"""Taking an offered delivery of rules over: a person decides, a worker does it, the page shows how far it is.

All of it is one transaction, so what it has done so far is in no table that another process can read, and on SQLite
nobody else writes meanwhile. How far it is, and that somebody asks to stop, therefore stand beside the offered file.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import orjson
from django.utils.translation import gettext as _

from brandwacht.engines.detection import OutdatedForm
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import ContentImport, ContentKind, ImportState
from brandwacht.soc.services.content_imports import PREPARED, Clock, drop_folder, folder_of, preview_of, ready
from brandwacht.soc.services.rule_import import Plan, Prepared, Stopped, make_plan, write
from brandwacht.soc.services.rules import audit_import, result_of

STANDING, STOP = "stand.json", "stop"
PAUSE: Final = 0.5
"""Seconds between two notes of progress."""


class Standing(NamedTuple):
    """How far taking over is: rules written, of how many. ``total`` is 0 while they are compared."""

    done: int = 0
    total: int = 0


def decide(actor: Actor, public_id: Any, *, take: Mapping[str, bool], missing_off: bool) -> ContentImport:
    """Decide that an offered collection is taken over, all of it, and ask a worker to do so.

    ``take`` says per identifier of a rule with an own text whether the delivered text replaces it. Raises ``Refused``
    when it does not wait for a decision.
    """
    from brandwacht.soc.tasks import take_rules

    with use_case(actor, "soc.rules.import") as case:
        row = ready(case, public_id, ContentKind.RULES, "soc.rules.see")
        row.options = {"take": sorted(rule_id for rule_id, yes in take.items() if yes), "missing_off": missing_off}
        row.state, row.reason, row.applied_by, row.seen_at = ImportState.TAKING, "", actor.name, actor.now
        row.save(update_fields=["options", "state", "reason", "applied_by", "seen_at"])
        for name in (STANDING, STOP):
            (folder_of(row) / name).unlink(missing_ok=True)
        case.audit(
            row, {"bestand": row.name, "besluit": "overnemen", "eigen_teksten_vervangen": len(row.options["take"])}
        )
        take_rules.enqueue(actor.organisation_code, str(row.public_id))
    return row


def standing(row: ContentImport) -> Standing:
    """How far taking over is, as the worker noted it last."""
    try:
        done, total = orjson.loads((folder_of(row) / STANDING).read_bytes())
    except (OSError, ValueError):
        return Standing()
    return Standing(int(done), int(total))


def ask_to_stop(actor: Actor, public_id: Any) -> bool:
    """Ask the worker to stop taking over; nothing will have changed. ``False`` when it is not being taken over.

    Nothing is written in the database: that may be waiting for the very work that is to stop. The worker writes in the
    audit chain who asked it.
    """
    rows = ContentImport.objects.filter(visible(actor, "soc.rules.import"), public_id=public_id)
    row = rows.filter(state=ImportState.TAKING).first()
    if row is None:
        return False
    try:
        (folder_of(row) / STOP).write_text(actor.name, encoding="utf-8")
    except FileNotFoundError:  # it was done just now
        return False
    return True


def take_over(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Take the delivery over as Brandwacht itself, as was decided; returns how it ended. For the worker.

    When the rules changed since the preview nothing is written: the page shows anew what it would do.
    """
    actor = system_actor(Organisation.objects.get(code=organisation_code), clock(), "werker")
    with tenancy_scope(actor.tenancy()):
        try:
            with use_case(actor, "soc.rules.import") as case:
                rows = ContentImport.objects.select_for_update(of=("self",))
                row = rows.filter(public_id=public_id, state=ImportState.TAKING).first()
                if row is None:
                    return "niet gevonden"
                _note(row, Standing())
                prepared = _prepared(row)
                # The texts of rules say who decided on them; that the work itself was Brandwacht's is in the chain.
                decider = replace(actor, name=row.applied_by)
                plan = make_plan(decider, prepared, row.collection)
                if plan.fingerprint != row.outcome.get("fingerprint"):
                    case.audit(row, {"bestand": row.name, "niet_verwerkt": "de regels zijn intussen veranderd"})
                    return _back(row, plan, prepared)
                off, takes = row.options["missing_off"], dict.fromkeys(row.options["take"], True)
                write(decider, plan, take=takes, missing_off=off, collection=row.collection, progress=_Teller(row))
                audit_import(case, row.collection, result_of(plan, len(prepared.files), missing_off=off))
                row.state, row.applied_at = ImportState.APPLIED, clock()
                row.save(update_fields=["state", "applied_at"])
                case.audit(row, {"bestand": row.name, "verwerkt": row.kind, "besluit_van": row.applied_by})
        except Stopped as stopped:
            return _undone(actor, public_id, _("Gestopt; er is niets veranderd."), {"gestopt_door": str(stopped)})
        except Refused as error:
            return _undone(actor, public_id, error.message, {"mislukt": error.message})
    drop_folder(row)
    return ImportState.APPLIED


class _Teller:
    """Notes how far it is beside the offered file, and raises ``Stopped`` when somebody asked to stop."""

    def __init__(self, row: ContentImport) -> None:
        self._row, self._told = row, float("-inf")

    def __call__(self, done: int, total: int) -> None:
        stop = folder_of(self._row) / STOP
        if stop.exists():
            raise Stopped(stop.read_text(encoding="utf-8"))
        now = time.monotonic()
        if done == total or now - self._told >= PAUSE:
            self._told = now
            _note(self._row, Standing(done, total))


def _note(row: ContentImport, standing: Standing) -> None:
    target = folder_of(row) / STANDING
    try:
        part = target.with_suffix(".nieuw")
        part.write_bytes(orjson.dumps(list(standing)))
        part.replace(target)
    except OSError:
        pass  # a full disk must not undo the work that it tells of


def _back(row: ContentImport, plan: Plan, prepared: Prepared) -> str:
    row.outcome, row.state = preview_of(plan, len(prepared.files)), ImportState.READY
    row.reason = _("De regels zijn intussen veranderd. Hieronder staat wat er nu zou gebeuren.")
    row.applied_by = ""
    row.save(update_fields=["outcome", "state", "reason", "applied_by"])
    return ImportState.READY


def _undone(actor: Actor, public_id: str, reason: str, told: dict[str, str]) -> str:
    """Nothing was written: it waits for a decision again, with the reason."""
    with use_case(actor, "soc.rules.import") as case:
        row = case.get(ContentImport, public_id, see="soc.rules.see")
        if row.state == ImportState.TAKING:
            row.state, row.reason, row.applied_by = ImportState.READY, reason[:300], ""
            row.save(update_fields=["state", "reason", "applied_by"])
            case.audit(row, {"bestand": row.name} | told)
    return ImportState(row.state)


def _prepared(row: ContentImport) -> Prepared:
    try:
        return Prepared.from_bytes((folder_of(row) / PREPARED).read_bytes())
    except (OSError, ValueError, OutdatedForm) as error:
        raise Refused(_("Dit voorbeeld is niet meer te gebruiken. Bied het bestand opnieuw aan.")) from error
