"""A run of a coupling: taken by one worker, page by page, each page in one transaction with where it got to.

A worker that dies in between leaves a coupling that goes on after the last page; nothing is lost and nothing counts
twice. Whoever started a member's coupling is looked up anew for each page: a seat that ended stops it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from brandwacht.network import vault
from brandwacht.network.actor import Actor, actor_for, assignments_of, system_actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner, decide
from brandwacht.network.tenancy import owner_scope, tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.sharing.couplings import misp, taxii
from brandwacht.sharing.couplings.asking import Peer, Trouble, Wait
from brandwacht.sharing.models import Coupling, CouplingItem, CouplingKind, CouplingState, NationalNode
from brandwacht.sharing.policies.couplings import RUN_COUPLING
from brandwacht.sharing.policies.objects import WRITE_OBJECT
from brandwacht.sharing.services import coupling_care as care

Clock = Callable[[], datetime]
MOST_PAGES: Final = 200
LONGEST: Final = timedelta(minutes=5)
"""Pages, and time, in one run; what is left comes in the next: no slow server keeps a worker from the others."""
MOST_LINES: Final = 20
"""Lines that are kept of one event or object."""
log = structlog.get_logger(__name__)


def operator_of(row: Coupling) -> Organisation:
    """Who operates the national node that a coupling serves; raises ``Trouble`` when there is none any more."""
    node = NationalNode.objects.filter(organisation_id=row.circle_id).select_related("operator").first()
    if node is None:
        raise Trouble(_("De kring heeft geen landelijk knooppunt meer. Wijs aan wie het beheert."))
    operator: Organisation = node.operator
    return operator


class Stopped(Exception):
    """Somebody let the coupling stand still, or another worker took over."""


@dataclass
class Run:
    """One run: the coupling as last written, who it works for, the other end, and what it counted."""

    row: Coupling
    peer: Peer
    clock: Clock
    lease: datetime
    taken: int = 0
    refused: int = 0
    unfinished: bool = False
    actor: Actor = field(init=False)

    def pages(self) -> Iterator[int]:
        """A number for each page of this run; when they end by themselves there is more to come."""
        until = self.clock() + LONGEST
        for number in range(MOST_PAGES):
            if self.clock() > until:
                break
            yield number
        self.unfinished = True

    def __post_init__(self) -> None:
        self.actor = actor_of(self.row, self.clock())

    @contextmanager
    def step(self) -> Iterator[Coupling]:
        """One page: the coupling, locked; what is written within, and where it got to, is kept together or not."""
        self.actor = actor_of(self.row, self.clock())
        with use_case(self.actor, RUN_COUPLING) as case:
            row = _locked(self.row.pk)
            if row.state != CouplingState.RUNNING or row.busy_at != self.lease:
                raise Stopped
            case.require(row)
            before = (row.taken, row.refused)
            yield row
            row.busy_at = self.clock()
            row.save()
        self.row, self.lease = row, row.busy_at
        self.taken += row.taken - before[0]
        self.refused += row.refused - before[1]

    def tell(
        self,
        row: Coupling,
        key: str,
        told: Sequence[str],
        *,
        good: bool,
        changed: datetime | None = None,
        original: Mapping[str, Any] | None = None,
        tlp: str = "RED",
    ) -> bool:
        """Keep what became of one event or object; whether that is other than what was kept of it before."""
        lines = [line[:300] for line in told[:MOST_LINES]]
        if len(told) > MOST_LINES:
            lines.append(_("En nog %(n)d.") % {"n": len(told) - MOST_LINES})
        item = CouplingItem.objects.filter(coupling=row, key=key[:300]).first()
        if item is None:
            item = CouplingItem(organisation_id=row.organisation_id, coupling=row, key=key[:300])
        elif (item.told, item.good, item.changed) == (lines, good, changed):
            return False
        item.told, item.good, item.changed, item.at = lines, good, changed, self.actor.now
        item.original, item.tlp = original, tlp
        item.save()
        return True


def actor_of(row: Coupling, now: datetime) -> Actor:
    """For whom the coupling works: Brandwacht itself for a circle, for a member whoever started it.

    Raises ``Refused`` when that person has no seat any more.
    """
    if row.of_circle:
        return system_actor(row.organisation, now, "werker")
    user = row.started_by
    if user is not None and user.is_active:
        actor = actor_for(user, row.organisation, assignments_of(user, now), now, "werker")
        if decide(actor, WRITE_OBJECT, Owner(row.circle_id)):
            return actor
    raise Refused(
        _("Wie deze koppeling liet lopen, heeft geen zetel meer in de kring. Laat een ander lid haar opnieuw starten.")
    )


def _locked(pk: int) -> Coupling:
    rows = Coupling.objects.select_for_update(of=("self",)).select_related("organisation", "circle", "started_by")
    found: Coupling = rows.get(pk=pk)
    return found


def run(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Pull or bring what there is; returns how it ended. Does nothing when another worker is at it."""
    organisation = Organisation.objects.get(code=organisation_code)
    with owner_scope(organisation.pk):
        row = _take(public_id, clock())
    if row is None:
        return "niet nodig"
    lease = row.busy_at or clock()
    done: Run | None = None
    how: Callable[..., None]
    try:
        done = Run(row, peer_of(row), clock, lease)
        with tenancy_scope(done.actor.tenancy()):
            _way(row)(done)
        how, result = partial(care.went_well, actor=done.actor, more=done.unfinished), "gelukt"
    except Stopped:
        how, result = _as_it_is, "gestopt"
    except Wait as error:
        how, result = partial(care.must_wait, why=str(error), until=error.until), "wacht"
    except NotFound:
        how, result = partial(care.went_wrong, why=_("De verzameling van de kring is er niet meer.")), "mislukt"
    except (Trouble, Refused, Denied) as error:
        how, result = partial(care.went_wrong, why=str(error)), "mislukt"
    except Exception as error:  # one broken coupling must not take the worker along
        said = _("Er ging iets mis in Brandwacht (%(what)s).") % {"what": type(error).__name__}
        log.exception("coupling failed", coupling=public_id)
        how, result = partial(care.went_wrong, why=said), "mislukt"
    _end(row, done, clock, how)
    return result


def _way(row: Coupling) -> Callable[[Run], None]:
    from brandwacht.sharing.services import coupling_pulls as pulls
    from brandwacht.sharing.services import coupling_pushes as pushes

    ways: dict[tuple[str, bool], Callable[[Run], None]] = {
        (CouplingKind.TAXII, True): pulls.pull_taxii,
        (CouplingKind.MISP, True): pulls.pull_misp,
        (CouplingKind.MISP_FEED, True): pulls.pull_misp_feed,
        (CouplingKind.TAXII, False): pushes.push_taxii,
        (CouplingKind.MISP, False): pushes.push_misp,
    }
    return ways[row.kind, row.pulls]


def peer_of(row: Coupling) -> Peer:
    """The other end with its secret; raises ``Refused`` when that can not be read any more."""
    return Peer(row.address, row.login, vault.use(row.secret) if row.secret else "")


def _take(public_id: str, now: datetime) -> Coupling | None:
    """The coupling, when it runs and no other worker is at it."""
    free = Q(busy_at__isnull=True) | Q(busy_at__lt=now - care.STALE)
    rows = Coupling.objects.filter(free, public_id=public_id, state=CouplingState.RUNNING)
    if not rows.update(busy_at=now):
        # Whoever is at it may have died: then it is offered again once its lease is over.
        busy = Coupling.objects.filter(public_id=public_id, state=CouplingState.RUNNING, busy_at__isnull=False)
        busy.filter(next_at__gt=F("busy_at") + care.STALE).update(next_at=F("busy_at") + care.STALE)
        return None
    found: Coupling = Coupling.objects.select_related("organisation", "circle", "started_by").get(public_id=public_id)
    return found


def _as_it_is(_row: Coupling, now: datetime) -> None:
    """Nothing to keep of a run that somebody stopped; the lease is given back."""


def _end(row: Coupling, done: Run | None, clock: Clock, how: Callable[..., None]) -> None:
    """Keep how the run ended, unless another worker took over; the chain holds what came or went."""
    lease = done.lease if done is not None else row.busy_at
    with owner_scope(row.organisation_id), transaction.atomic():
        held = _locked(row.pk)
        if held.busy_at != lease:
            return
        held.busy_at = None
        if held.state == CouplingState.RUNNING:
            how(held, now=clock())
        held.save()
        if done is not None and done.taken + done.refused:
            with use_case(done.actor.at(clock()), RUN_COUPLING) as case:
                case.audit(held, {"overgenomen": done.taken, "geweigerd": done.refused})


def probe(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Try whether the other end lets us in, and keep what it says and what there is to choose from."""
    organisation = Organisation.objects.get(code=organisation_code)
    with owner_scope(organisation.pk):
        row = Coupling.objects.get(public_id=public_id)
        found: dict[str, Any] = {"good": False}
        try:
            found = {"good": True} | _tried(row, peer_of(row), clock())
        except (Trouble, Refused, Wait) as error:
            found["says"] = str(error)
        except Exception as error:  # else the page would wait for ever
            found["says"] = _("Er ging iets mis in Brandwacht (%(what)s).") % {"what": type(error).__name__}
            log.exception("probe failed", coupling=public_id)
        with transaction.atomic():
            held = _locked(row.pk)
            if held.state == CouplingState.ENDED:
                return "beëindigd"
            held.probe = found if found["good"] else held.probe | found
            held.probing, held.probed_at = False, clock()
            held.save()
    return str(found["says"])


def _tried(row: Coupling, peer: Peer, now: datetime) -> dict[str, Any]:
    if row.kind == CouplingKind.TAXII:
        offered = [each for each in taxii.discover(peer, now) if (each.can_read if row.pulls else each.can_write)]
        if not offered:
            raise Trouble(
                _("De server biedt geen verzameling waaruit wij mogen lezen.")
                if row.pulls
                else _("De server biedt geen verzameling waarin wij mogen schrijven.")
            )
        told = _("De server laat ons binnen. Aantal verzamelingen om uit te kiezen: %(n)d.") % {"n": len(offered)}
        return {"says": told, "collections": [{"url": each.url, "title": each.title} for each in offered[:200]]}
    if row.kind == CouplingKind.MISP_FEED:
        entries = misp.manifest(peer, now)
        return {"says": _("De feed is te lezen. Aantal gebeurtenissen: %(n)d.") % {"n": len(entries)}}
    told = _("De MISP-server laat ons binnen (versie %(version)s).") % {"version": misp.version(peer, now) or "?"}
    groups = [] if row.pulls else misp.groups(peer, now)
    return {
        "says": told,
        "groups": [{"number": each.number, "uuid": each.uuid, "name": each.name} for each in groups[:200]],
    }
