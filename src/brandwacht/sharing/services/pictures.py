"""Beginning a threat picture: a product that holds what the compiler may see, counted, for people to go on with."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.engines.intel import PAP, TLP
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.sharing.models import CircleProduct, ProductKind, ThreatState, Topic, WarningState
from brandwacht.sharing.picture_content import Source, counted, label_of, parts
from brandwacht.sharing.queries.threats import threats
from brandwacht.sharing.queries.warnings import warnings
from brandwacht.sharing.services import products
from brandwacht.sharing.services.products import ProductText

LONGEST: Final = timedelta(days=3 * 366)


def draft_picture(actor: Actor, first: date, last: date) -> CircleProduct:
    """A concept of the threat picture over these days, both included. Raises ``Refused`` for days that cannot be."""
    if not first < last or last - first > LONGEST or last > actor.today:
        raise Refused(_("Kies een periode van hoogstens drie jaar, die vandaag of eerder eindigt."), "last")
    length = last - first + timedelta(days=1)
    everything = counted(_sources(actor, first - length, last))
    now = [each for each in everything if each.on >= first]
    before = [each for each in everything if each.on < first]
    text = ProductText(
        kind=ProductKind.PICTURE,
        title=_("Dreigingsbeeld van de sector, %(first)d-%(last)d") % {"first": first.year, "last": last.year},
        tlp=label_of(now).name,
        pap=PAP.AMBER.name,
        bodies=[],
        parts=parts(now, before, first, last),
    )
    return products.write(actor, text)


def _sources(actor: Actor, first: date, last: date) -> list[Source]:
    found = []
    start, end = _start(first), _start(last + timedelta(days=1))
    rows = threats(actor).filter(state=ThreatState.SHARED, shared_at__gte=start, shared_at__lt=end)
    for at, topic, tlp, pap, attack in rows.values_list("shared_at", "topic", "tlp", "pap", "attack"):
        found.append(_source(at, str(Topic(topic).label), tlp, pap, attack))
    told = warnings(actor).filter(state=WarningState.SENT, sent_at__gte=start, sent_at__lt=end)
    for at, tlp, attack in told.values_list("sent_at", "tlp", "attack"):
        found.append(_source(at, "", tlp, PAP.AMBER.name, attack))
    return found


def _source(at: Any, topic: str, tlp: str, pap: str, attack: list[str]) -> Source:
    return Source(timezone.localdate(at), topic, TLP[tlp], PAP[pap], tuple(attack))


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())
