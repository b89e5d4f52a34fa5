"""The use cases of products: write one in parts, settle it, send it, and write the next version beside it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.baseline.documents import check_document
from brandwacht.engines.intel import PAP, TLP, UnknownTlp
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.sharing.circle import circle_for, free_number
from brandwacht.sharing.content import LONGEST_TEXT, LONGEST_TITLE, refuse_victims, techniques_of
from brandwacht.sharing.models import Body, CircleProduct, ImportedPicture, ProductKind, ProductState
from brandwacht.sharing.paper import product_pdf
from brandwacht.sharing.policies.products import (
    ADD_PICTURE,
    EXPORT_PICTURE,
    EXPORT_PRODUCT,
    SEE_PICTURE,
    SEE_PRODUCT,
    SEND_PRODUCT,
    WRITE_PRODUCT,
)
from brandwacht.sharing.queries import products as queries
from brandwacht.sharing.tasks.products import tell_product

MOST_PARTS: Final = 20


@dataclass(frozen=True, slots=True)
class ProductText:
    """What somebody typed. ``parts`` are titles with their texts; parts without any text are left out."""

    kind: str
    title: str
    tlp: str
    pap: str
    bodies: Iterable[str]
    parts: Iterable[tuple[str, str]]
    techniques: Iterable[str] = ()
    changed: str = ""


def write(actor: Actor, text: ProductText) -> CircleProduct:
    """A new product as a concept. Raises ``Refused`` on the first field that is wrong."""
    with use_case(actor, WRITE_PRODUCT) as case:
        circle = circle_for(actor, WRITE_PRODUCT)
        case.require(Owner(circle.pk))
        product = CircleProduct(
            organisation=circle, series=uuid.uuid4(), number=free_number(CircleProduct, circle.pk),
            written_by=actor.name, written_by_organisation_id=actor.organisation_id, written_at=actor.now,
        )  # fmt: skip
        _fill(actor, product, text)
        product.save()
        case.audit(product, _detail(product))
    return product


def change(actor: Actor, public_id: Any, text: ProductText) -> CircleProduct:
    """Write a version anew that was not sent; one that was settled is a concept again."""
    with use_case(actor, WRITE_PRODUCT) as case:
        product = _unsent(case.get(CircleProduct, public_id, see=SEE_PRODUCT))
        _fill(actor, product, text)
        product.state, product.settled_by, product.settled_at = ProductState.DRAFT, "", None
        product.save()
        case.audit(product, _detail(product))
    return product


def settle(actor: Actor, public_id: Any) -> CircleProduct:
    """Settle a concept: this is what will be sent. It says to whom it is addressed, and something."""
    with use_case(actor, SEND_PRODUCT) as case:
        product = _unsent(case.get(CircleProduct, public_id, see=SEE_PRODUCT))
        if not product.parts or not product.bodies:
            raise Refused(_("Schrijf minstens één deel en kies voor wie het is. Daarna kunt u het vaststellen."))
        product.state, product.settled_by, product.settled_at = ProductState.SETTLED, actor.name, actor.now
        product.save()
        case.audit(product, _detail(product) | {"vastgesteld": True})
    return product


def send(actor: Actor, public_id: Any) -> CircleProduct:
    """Send what was settled: from now on the circle reads it, its PDF is kept, and nothing of it changes any more."""
    with use_case(actor, SEND_PRODUCT) as case:
        product = case.get(CircleProduct, public_id, see=SEE_PRODUCT)
        if product.state != ProductState.SETTLED:
            raise Refused(_("Verzenden kan alleen wat is vastgesteld en nog niet is verzonden."))
        product.state, product.sent_by, product.sent_at = ProductState.SENT, actor.name, actor.now
        product.document = product_pdf(product, author=actor.name, moment=actor.now)
        product.sha256 = hashlib.sha256(product.document).hexdigest()
        product.save()
        case.audit(product, _detail(product) | {"aan": product.bodies, "sha256": product.sha256})
        tell_product.enqueue(product.organisation_id, str(product.public_id))
    return product


def next_version(actor: Actor, public_id: Any) -> CircleProduct:
    """A concept of the next version beside the newest one, which was sent and stays as it is."""
    with use_case(actor, WRITE_PRODUCT) as case:
        old = case.get(CircleProduct, public_id, see=SEE_PRODUCT)
        newest = queries.versions(actor, old)[0]
        if newest.state != ProductState.SENT:
            raise Refused(_("Er is al een nieuwe versie in bewerking: versie %(n)d.") % {"n": newest.version})
        product = CircleProduct(
            organisation_id=old.organisation_id, series=old.series, version=newest.version + 1, number=old.number,
            kind=newest.kind, title=newest.title, tlp=newest.tlp, pap=newest.pap, bodies=newest.bodies,
            parts=newest.parts, attack=newest.attack, controls=newest.controls, measures=newest.measures,
            written_by=actor.name, written_by_organisation_id=actor.organisation_id, written_at=actor.now,
        )  # fmt: skip
        product.save()
        case.audit(product, _detail(product))
    return product


def export(actor: Actor, public_id: Any) -> tuple[CircleProduct, bytes]:
    """The PDF: of what was sent the very bytes that were kept, else one marked as a concept. PAP:RED does not leave."""
    with use_case(actor, EXPORT_PRODUCT) as case:
        product = case.get(CircleProduct, public_id, see=SEE_PRODUCT, lock=False)
        sent = product.state == ProductState.SENT
        content = bytes(product.document) if sent else product_pdf(product, author=actor.name, moment=actor.now)
        case.audit(product, _detail(product) | {"vorm": "PDF"})
    return product, content


def add_picture(
    actor: Actor,
    *,
    title: str,
    source: str,
    on: date,
    tlp: str,
    pap: str,
    text: str = "",
    content: bytes | None = None,
    filename: str = "",
) -> ImportedPicture:
    """Keep a threat picture of another party: its text, or its document of at most 10 MB, or both.

    Raises ``Refused``, on the field, for what is missing, TLP:RED and a kind of file that is not kept.
    """
    with use_case(actor, ADD_PICTURE) as case:
        circle = circle_for(actor, ADD_PICTURE)
        case.require(Owner(circle.pk))
        title, source, text = " ".join(title.split()), " ".join(source.split()), text.strip()
        if not title or not source:
            raise Refused(_("Vul in hoe het heet en van wie het is."), "title" if not title else "source")
        if not text and content is None:
            raise Refused(_("Voeg het bestand toe, of plak de tekst."), "file")
        if len(text) > LONGEST_TEXT * 5:
            raise Refused(_("Deze tekst is te lang. Voeg het stuk als bestand toe."), "text")
        if on > actor.today:
            raise Refused(_("De dag van het beeld ligt in de toekomst."), "on")
        picture = ImportedPicture(
            organisation=circle, title=title[:LONGEST_TITLE], source=source[:120], on=on, tlp=marking_of(tlp).name,
            pap=permission_of(pap).name, text=text, added_by=actor.name, added_at=actor.now,
        )  # fmt: skip
        if content is not None:
            document = check_document(filename, content)
            picture.filename, picture.media_type, picture.content = document.filename, document.media_type, content
            picture.sha256 = hashlib.sha256(content).hexdigest()
        picture.save()
        case.audit(picture, {"van": picture.source, "tlp": picture.marking.label, "sha256": picture.sha256})
    return picture


def open_picture(actor: Actor, public_id: Any) -> ImportedPicture:
    """A picture with its document, and a line in the circle's chain that the actor took it."""
    with use_case(actor, EXPORT_PICTURE) as case:
        picture = case.get(ImportedPicture, public_id, see=SEE_PICTURE, lock=False)
        if not picture.filename:
            raise Refused(_("Bij dit beeld is geen bestand."))
        case.audit(picture, {"sha256": picture.sha256})
    return picture


def marking_of(text: str) -> TLP:
    """The label that was chosen; raises ``Refused`` when it is none, or TLP:RED."""
    try:
        label = TLP.parse(text)
    except UnknownTlp as error:
        raise Refused(str(error), "tlp") from error
    if label is TLP.RED:
        raise Refused(_("TLP:RED is voor personen. Kies TLP:AMBER+STRICT, of maak er een waarschuwing van."), "tlp")
    return label


def permission_of(text: str) -> PAP:
    """The level that was chosen; raises ``Refused`` when it is none."""
    if text not in PAP.__members__:
        raise Refused(_("Kies wat een lezer ermee mag doen (PAP)."), "pap")
    return PAP[text]


def _unsent(product: CircleProduct) -> CircleProduct:
    if product.state == ProductState.SENT:
        raise Refused(_("Dit is verzonden en verandert niet meer. Maak een nieuwe versie."))
    return product


def _fill(actor: Actor, product: CircleProduct, text: ProductText) -> None:
    title = " ".join(text.title.split())
    if text.kind not in ProductKind.values:
        raise Refused(_("Kies wat voor product dit is."), "kind")
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(_("Geef het product een titel van hoogstens %(n)d tekens.") % {"n": LONGEST_TITLE}, "title")
    parts = [{"title": " ".join(head.split()), "text": body.strip()} for head, body in text.parts]
    parts = [each for each in parts if each["title"] or each["text"]]
    if len(parts) > MOST_PARTS or any(len(each["text"]) > LONGEST_TEXT for each in parts):
        raise Refused(_("Hoogstens %(n)d delen van elk %(most)d tekens.") % {"n": MOST_PARTS, "most": LONGEST_TEXT})
    for number, each in enumerate(parts, start=1):
        if not each["title"] or len(each["title"]) > LONGEST_TITLE:
            raise Refused(_("Geef deel %(n)d een kop van hoogstens 200 tekens.") % {"n": number}, f"title_{number}")
    bodies = list(dict.fromkeys(text.bodies))
    if any(each not in Body.values for each in bodies):
        raise Refused(_("Kies voor wie dit is."), "bodies")
    techniques = techniques_of(each.upper() for each in text.techniques)
    whole = "\n".join(f"{each['title']}\n{each['text']}" for each in parts)
    refuse_victims(actor, {"title": title, "what": whole, "changed": text.changed})
    product.kind, product.title, product.bodies, product.parts = text.kind, title, bodies, parts
    product.tlp, product.pap = marking_of(text.tlp).name, permission_of(text.pap).name
    product.attack, product.changed = techniques, " ".join(text.changed.split())[:300]


def _detail(product: CircleProduct) -> dict[str, Any]:
    return {"nummer": product.number, "versie": product.version, "tlp": product.marking.label}
