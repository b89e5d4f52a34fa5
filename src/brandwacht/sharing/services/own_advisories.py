"""The use cases of the circle's own security advisories: write one, publish it, and publish a newer version."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.engines.intel.advisories import InvalidAdvisory
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE, refuse_victims
from brandwacht.sharing.csaf import bytes_of, document_of
from brandwacht.sharing.models import OwnAdvisory
from brandwacht.sharing.policies.products import EXPORT_OWN_ADVISORY, SEE_OWN_ADVISORY, WRITE_OWN_ADVISORY
from brandwacht.sharing.services.products import marking_of, permission_of

MOST_PRODUCTS: Final = 50
MOST_CVES: Final = 50


@dataclass(frozen=True, slots=True)
class AdvisoryText:
    """What somebody typed. ``products`` has a line each: leverancier; product; getroffen versie; opgelost in."""

    title: str
    summary: str
    advice: str
    tlp: str
    pap: str
    products: str
    cves: str = ""
    link: str = ""
    urgent: bool = False
    changed: str = ""


def write(actor: Actor, text: AdvisoryText) -> OwnAdvisory:
    """A new advisory as a concept. Raises ``Refused`` on the first field that is wrong."""
    with use_case(actor, WRITE_OWN_ADVISORY) as case:
        circle = circle_for(actor, WRITE_OWN_ADVISORY)
        case.require(Owner(circle.pk))
        row = OwnAdvisory(
            organisation=circle, key=_free_key(circle, actor.today.year), written_by=actor.name, written_at=actor.now
        )  # fmt: skip
        _fill(actor, row, text)
        row.save()
        case.audit(row, {"nummer": row.key, "tlp": row.marking.label})
    return row


def change(actor: Actor, public_id: Any, text: AdvisoryText) -> OwnAdvisory:
    """Write a concept anew; of what was published this is a newer version, and it is published at once.

    So the label of a row and of the document that programs get never differ.
    """
    with use_case(actor, WRITE_OWN_ADVISORY) as case:
        row = case.get(OwnAdvisory, public_id, see=SEE_OWN_ADVISORY)
        _fill(actor, row, text)
        if row.published_at is not None:
            what = " ".join(text.changed.split())
            if not what or len(what) > 300:
                raise Refused(_("Schrijf in hoogstens 300 tekens op wat er anders is."), "changed")
            _publish(actor, row, what)
        row.save()
        case.audit(row, {"nummer": row.key, "tlp": row.marking.label, "versie": len(row.revisions)})
    return row


def publish(actor: Actor, public_id: Any) -> OwnAdvisory:
    """Publish a concept: members read it, and programs get it as far as its label allows."""
    with use_case(actor, WRITE_OWN_ADVISORY) as case:
        row = case.get(OwnAdvisory, public_id, see=SEE_OWN_ADVISORY)
        if row.published_at is not None:
            raise Refused(_("Dit advies is al gepubliceerd."))
        _publish(actor, row, _("Eerste versie."))
        row.published_at = actor.now
        row.save()
        case.audit(row, {"nummer": row.key, "tlp": row.marking.label, "gepubliceerd": True})
    return row


def export(actor: Actor, public_id: Any) -> tuple[OwnAdvisory, bytes]:
    """The published CSAF document; who takes it is written in the circle's chain. PAP:RED does not leave."""
    with use_case(actor, EXPORT_OWN_ADVISORY) as case:
        row = case.get(OwnAdvisory, public_id, see=SEE_OWN_ADVISORY, lock=False)
        case.audit(row, {"nummer": row.key, "tlp": row.marking.label, "vorm": "CSAF 2.1"})
    return row, bytes_of(row)


def _publish(actor: Actor, row: OwnAdvisory, what: str) -> None:
    row.revisions = [
        *row.revisions, {"number": len(row.revisions) + 1, "at": actor.now.isoformat(), "what": what}
    ]  # fmt: skip
    row.changed_at = actor.now
    try:
        row.document = document_of(row)
    except InvalidAdvisory as error:
        raise Refused(str(error)) from error


def _fill(actor: Actor, row: OwnAdvisory, text: AdvisoryText) -> None:
    row.title, row.summary, row.advice = " ".join(text.title.split()), text.summary.strip(), text.advice.strip()
    if not row.title or len(row.title) > LONGEST_TITLE:
        raise Refused(_("Geef het advies een titel van hoogstens %(n)d tekens.") % {"n": LONGEST_TITLE}, "title")
    if not row.summary or max(len(row.summary), len(row.advice)) > LONGEST_TEXT:
        raise Refused(_("Schrijf in hoogstens %(n)d tekens op wat er is.") % {"n": LONGEST_TEXT}, "summary")
    row.tlp, row.pap, row.urgent = marking_of(text.tlp).name, permission_of(text.pap).name, text.urgent
    row.link = text.link.strip()
    if row.link and not row.link.startswith("https://"):
        raise Refused(_("Een verwijzing begint met https://."), "link")
    row.cves = _cves(text.cves)
    row.products = _products(text.products)
    told = {"title": row.title, "what": row.summary, "advice": row.advice}
    refuse_victims(actor, told | {"changed": text.changed, "products": text.products})


def _cves(text: str) -> list[str]:
    found = list(dict.fromkeys(each.upper() for each in re.split(r"[,;\s]+", text) if each))
    for each in found:
        if not re.fullmatch(r"CVE-\d{4}-\d{4,10}", each):
            raise Refused(
                _("“%(what)s” is geen CVE-nummer. Schrijf CVE-2026-12345.") % {"what": each[:30]},
                "cves",
            )
    if len(found) > MOST_CVES:
        raise Refused(_("Noem hoogstens %(n)d zwakke plekken.") % {"n": MOST_CVES}, "cves")
    return found


def _products(text: str) -> list[dict[str, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [" ".join(each.split()) for each in line.split(";")]
        if not 3 <= len(cells) <= 4 or not all(cells[:3]) or max(map(len, cells)) > 120:
            raise Refused(
                _("Regel %(n)d: schrijf leverancier; product; versie; opgelost in.") % {"n": number},
                "products",
            )
        vendor, product, version, fixed = [*cells, ""][:4]
        if fixed == version:
            raise Refused(_("Regel %(n)d: de getroffen versie is ook de opgeloste.") % {"n": number}, "products")
        found.append({"vendor": vendor, "product": product, "version": version, "fixed": fixed})
    if not 1 <= len(found) <= MOST_PRODUCTS:
        raise Refused(_("Noem 1 tot %(n)d producten.") % {"n": MOST_PRODUCTS}, "products")
    return found


def _free_key(circle: Organisation, year: int) -> str:
    """A key that the circle has not used; its number is drawn at random, so that keys tell nothing about others."""
    taken = set(OwnAdvisory._base_manager.filter(organisation_id=circle.pk).values_list("key", flat=True))
    while (key := f"{circle.code}-{year}-{10_000 + secrets.randbelow(90_000)}") in taken:
        pass
    return key
