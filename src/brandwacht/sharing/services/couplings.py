"""The use cases of couplings: set one up, let it run or stand still, ask for a try or a run, and end it.

What it does when it runs stands in ``coupling_runs``. The chain holds what was set, and never the secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network import vault
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.outgoing import address_error
from brandwacht.network.policy import Owner, decide, owners
from brandwacht.network.usecase import use_case
from brandwacht.sharing.couplings.asking import origin
from brandwacht.sharing.models import Coupling, CouplingKind, CouplingState, Direction, NationalNode, Party
from brandwacht.sharing.policies.couplings import SEE_COUPLING, SET_COUPLING, START_COUPLING
from brandwacht.sharing.policies.objects import WRITE_OBJECT

RHYTHMS: Final = (15, 60, 240, 1440)
"""Minutes between two runs."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What somebody sets. An empty ``secret`` keeps the one that is there; ``collection`` and ``group`` name one of
    those that a try found.
    """

    name: str
    address: str
    login: str = ""
    secret: str = ""
    party: str = Party.OTHER
    for_circle: bool = False
    for_node: bool = False
    highest_tlp: str = TLP.GREEN.name
    distribution: int = 0
    trust: int = 50
    every: int = 60
    collection: str = ""
    group: str = ""


def owners_for(actor: Actor) -> list[Organisation]:
    """For whom the actor may make a coupling: the circles that they coordinate, and their own organisation."""
    return list(Organisation.objects.filter(pk__in=owners(actor, SET_COUPLING)).order_by("kind", "code"))


def circle_of(actor: Actor, owner: Organisation) -> Organisation:
    """Whose objects a coupling of this owner is about; raises ``Refused`` when that is no one circle."""
    if owner.kind == OrganisationKind.CIRCLE:
        return owner
    doors = {grant.owner_id for grant in actor.grants if grant.kind is GrantKind.CIRCLE}
    found = list(Organisation.objects.filter(pk__in=doors, kind=OrganisationKind.CIRCLE)[:2])
    if len(found) != 1:
        raise Refused(
            _("Uw organisatie zit in meer dan één kring; dat kan nog niet.")
            if found
            else _("Uw organisatie zit niet in een kring. Vraag de kring om toegang.")
        )
    return found[0]


def make(actor: Actor, owner: Organisation, kind: str, direction: str, setting: Setting) -> Coupling:
    """A new coupling, which stands still until somebody starts it."""
    with use_case(actor, SET_COUPLING) as case:
        case.require(Owner(owner.pk))
        if kind not in CouplingKind.values or direction not in Direction.values:
            raise Refused(_("Kies een soort en een richting."))
        if kind == CouplingKind.MISP_FEED and direction == Direction.PUSH:
            raise Refused(
                _("Naar een MISP-feed kan niets worden gebracht: zo'n feed haalt de ander. Kies “Halen”."), "direction"
            )
        row = Coupling(
            organisation=owner, circle=circle_of(actor, owner), kind=kind, direction=direction, made_at=actor.now,
            made_by=actor.name,
        )  # fmt: skip
        _set(row, setting)
        row.save()
        case.audit(row, _told(row) | {"gemaakt": True})
    return row


def change(actor: Actor, public_id: Any, setting: Setting) -> Coupling:
    """Set it otherwise. Where it got to is forgotten when it now reads from, or brings to, another place.

    A member's coupling works with the rights of whoever started it. When somebody else aims it otherwise it stands
    still, until somebody with a seat starts it again.
    """
    with use_case(actor, SET_COUPLING) as case:
        row = case.get(Coupling, public_id, see=SEE_COUPLING)
        before, aim = (row.address, row.place, row.for_circle, row.for_node), _aim(row)
        if row.secret and not setting.secret and origin(row.address) != origin(setting.address.strip()):
            raise Refused(_("Dit is een andere server. Vul het wachtwoord of token van die server in."), "secret")
        _set(row, setting)
        if (row.address, row.place, row.for_circle, row.for_node) != before:
            row.position = {}
        if not row.of_circle and actor.user_id != row.started_by_id and (setting.secret or _aim(row) != aim):
            row.state, row.started_by, row.next_at = CouplingState.PAUSED, None, None
        row.failures, row.last_error = 0, ""
        row.save()
        case.audit(
            row,
            _told(row)
            | {"stand": row.get_state_display(), "wachtwoord": _("nieuw") if setting.secret else _("zelfde")},
        )
    return row


def _aim(row: Coupling) -> tuple[object, ...]:
    """What decides what goes where."""
    return (
        row.address, row.login, row.place, row.party, row.highest_tlp, row.distribution, row.group_uuid,
        row.for_circle, row.for_node,
    )  # fmt: skip


def start(actor: Actor, public_id: Any) -> Coupling:
    """Let it run, from now on. A member's coupling works under the seat of whoever starts it."""
    with use_case(actor, START_COUPLING) as case:
        row = case.get(Coupling, public_id, see=SEE_COUPLING)
        if not row.of_circle:
            seat = decide(actor, WRITE_OBJECT, Owner(row.circle_id))
            if not seat:
                raise Refused(seat.reason)
        if row.kind == CouplingKind.TAXII and not row.place:
            raise Refused(_("Kies eerst een verzameling. Klik op “Probeer” om te zien welke er zijn."))
        row.state, row.started_by_id = CouplingState.RUNNING, actor.user_id
        row.next_at, row.failures, row.last_error = actor.now, 0, ""
        row.save()
        case.audit(row, {"stand": row.get_state_display()})
    return row


def pause(actor: Actor, public_id: Any) -> Coupling:
    """Let it stand still; where it got to is kept. A run that is going on stops at its next page."""
    return _stop(actor, public_id, CouplingState.PAUSED)


def end(actor: Actor, public_id: Any) -> Coupling:
    """End it for good: the secret is gone; what it brought stays."""
    return _stop(actor, public_id, CouplingState.ENDED)


def _stop(actor: Actor, public_id: Any, state: CouplingState) -> Coupling:
    from brandwacht.sharing.services.coupling_care import no_longer_asked

    with use_case(actor, SET_COUPLING) as case:
        row = case.get(Coupling, public_id, see=SEE_COUPLING)
        row.state, row.next_at = state, None
        if state == CouplingState.ENDED:
            row.ended_at, row.login, row.secret, row.probe = actor.now, "", "", {}
        row.save()
        no_longer_asked(row, actor)
        case.audit(row, {"stand": row.get_state_display()})
    return row


def ask_run(actor: Actor, public_id: Any) -> Coupling:
    """Ask the worker to run it now."""
    from brandwacht.sharing.tasks.couplings import run_coupling

    with use_case(actor, SET_COUPLING) as case:
        row = case.get(Coupling, public_id, see=SEE_COUPLING)
        if row.state != CouplingState.RUNNING:
            raise Refused(_("Deze koppeling staat stil. Laat die eerst lopen."))
        _offer(row, run_coupling)
        case.audit(row, {"nu": True})
    return row


def ask_probe(actor: Actor, public_id: Any) -> Coupling:
    """Ask the worker to try whether the other end lets us in, and what there is to choose from."""
    from brandwacht.sharing.tasks.couplings import probe_coupling

    with use_case(actor, SET_COUPLING) as case:
        row = case.get(Coupling, public_id, see=SEE_COUPLING)
        row.probing = True
        row.save()
        _offer(row, probe_coupling)
        case.audit(row, {"geprobeerd": True})
    return row


def _offer(row: Coupling, work: Any) -> None:
    code, public_id = row.organisation.code, str(row.public_id)
    transaction.on_commit(lambda: work.enqueue(code, public_id))


def _set(row: Coupling, given: Setting) -> None:
    """Put what was typed on the row; raises ``Refused`` at its field."""
    row.name = given.name.strip()
    if not row.name:
        raise Refused(_("Geef de koppeling een naam, zodat u die herkent."), "name")
    address = given.address.strip()
    if wrong := address_error(address):
        raise Refused(wrong, "address")
    if urlsplit(address).query:
        raise Refused(_("In dit adres hoort geen vraagteken. Een token heeft een eigen veld."), "address")
    if row.kind == CouplingKind.MISP and not (given.secret or row.secret):
        raise Refused(_("Een MISP-server vraagt een sleutel (authkey). Vul die in bij wachtwoord of token."), "secret")
    if not _goes_along(given.login):
        raise Refused(_("In deze naam staat een teken dat niet meegaat. Typ hem opnieuw."), "login")
    if not _goes_along(given.secret):
        raise Refused(_("In dit wachtwoord of token staat een teken dat niet meegaat. Typ het opnieuw."), "secret")
    _check(given)
    if given.for_node:
        _check_node(row, given)
    row.for_node = given.for_node
    moved = bool(row.address) and origin(row.address) != origin(address)
    row.address, row.login = address, given.login.strip()
    row.party, row.for_circle = given.party, given.for_circle or row.of_circle
    row.highest_tlp, row.distribution, row.trust, row.every = (
        given.highest_tlp, given.distribution, given.trust, given.every
    )  # fmt: skip
    if given.secret:
        row.secret = vault.keep(given.secret)
    if moved:
        row.probe, row.place, row.place_name = {}, "", ""
        row.group_number = row.group_uuid = row.group_name = ""
        return
    _choose(row, given)


def _goes_along(text: str) -> bool:
    """Whether a header can hold it: no line ends, nothing beyond Latin-1."""
    return text.isprintable() and max(map(ord, text), default=0) < 256


def _check(given: Setting) -> None:
    try:
        strict = TLP[given.highest_tlp] is TLP.RED
    except KeyError:
        strict = True
    if strict:
        raise Refused(_("Kies hoe vertrouwelijk het hoogstens mag zijn. TLP:RED gaat nooit mee."), "highest_tlp")
    if given.party not in Party.values:
        raise Refused(_("Kies van wie het systeem is."), "party")
    if given.distribution not in range(4) or not 0 <= given.trust <= 100 or given.every not in RHYTHMS:
        raise Refused(_("Kies een van de mogelijkheden."))


def _check_node(row: Coupling, given: Setting) -> None:
    if not row.of_circle or row.kind != CouplingKind.TAXII:
        raise Refused(_("Alleen de kring zelf koppelt het landelijk knooppunt, met TAXII."), "for_node")
    if not NationalNode.objects.filter(organisation_id=row.circle_id).exists():
        raise Refused(_("De kring heeft nog geen landelijk knooppunt. Wijs eerst aan wie het beheert."), "for_node")
    if not row.pulls and TLP[given.highest_tlp].strictness < TLP.AMBER.strictness:
        raise Refused(_("Waarnemingen hebben minstens TLP:AMBER. Kies dat of strenger."), "highest_tlp")


def _choose(row: Coupling, given: Setting) -> None:
    """The collection and the sharing group, out of what a try found; what was chosen before may stay."""
    if given.collection != row.place:
        found = next((each for each in _found(row, "collections") if each["url"] == given.collection), None)
        if given.collection and found is None:
            raise Refused(_("Deze verzameling is niet gevonden. Probeer de koppeling en kies opnieuw."), "collection")
        row.place, row.place_name = (found["url"], found["title"]) if found else ("", "")
    if given.group != row.group_uuid:
        found = next((each for each in _found(row, "groups") if each["uuid"] == given.group), None)
        if given.group and found is None:
            raise Refused(_("Deze deelgroep is niet gevonden. Probeer de koppeling en kies opnieuw."), "group")
        row.group_number, row.group_uuid, row.group_name = (
            (found["number"], found["uuid"], found["name"]) if found else ("", "", "")
        )


def _found(row: Coupling, what: str) -> Iterable[dict[str, str]]:
    found: list[dict[str, str]] = row.probe.get(what, [])
    return found


def _told(row: Coupling) -> dict[str, Any]:
    return {
        "naam": row.name, "soort": row.get_kind_display(), "richting": row.get_direction_display(),
        "adres": row.address, "verzameling": row.place_name, "hoogstens": row.tlp_out.label,
        "systeem": row.get_party_display(), "deelgroep": row.group_name, "elke": row.every,
        "knooppunt": row.for_node,
    }  # fmt: skip
