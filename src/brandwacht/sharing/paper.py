"""A product as PDF (PDF/A and PDF/UA), with its label on every sheet."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK
from brandwacht.engines.norms import load_framework
from brandwacht.network import reports
from brandwacht.sharing.models import CircleProduct, ProductState


def product_pdf(product: CircleProduct, *, author: str, moment: datetime) -> bytes:
    """The document; one that was not sent says that it is a concept. Equal content and moment give equal bytes."""
    sent = product.state == ProductState.SENT
    label = product.marking.label
    titles = {each.number: each.title for each in load_framework(FRAMEWORK).controls}
    facts = [
        [_("Nummer"), product.name],
        [_("Voor"), "; ".join(product.addressed) or _("nog niet gekozen")],
        [_("Wie dit mag lezen"), f"{label}. {product.marking.who_may_see}"],
        [_("Wat een lezer ermee mag"), f"{product.permission.label}. {product.permission.what_is_allowed}"],
    ]
    if sent and product.settled_at and product.sent_at:
        facts.append([_("Vastgesteld"), f"{product.settled_by}, {_day(product.settled_at)}"])
        facts.append([_("Verzonden"), _day(product.sent_at)])
    if product.changed:
        facts.append([_("Wat er anders is"), product.changed])
    data = {
        "subtitle": f"{product.get_kind_display()}, {product.organisation.full_name}",
        "mark": "" if sent else _("Concept: dit is niet vastgesteld en niet verzonden."),
        "tlp": label,
        "ink": product.marking.colour,
        "head": product.name,
        "footer": f"{label} · {product.title}",
        "facts_head": [_("Gegeven"), _("Wat")],
        "facts": facts,
        "parts": [
            {"title": part["title"], "lines": [line for line in part["text"].splitlines() if line.strip()]}
            for part in product.parts
        ],
        "controls_title": _("Welke maatregelen hierbij passen"),
        "controls_head": ["BIO2", _("Vraag van de norm")],
        "controls": [[number, titles.get(number, "")] for number in product.controls],
        "techniques_title": _("Technieken van de aanvaller (MITRE ATT&CK)"),
        "techniques_head": [_("Nummer"), _("Techniek")],
        "techniques": [[number, name] for number, name in product.techniques],
    }
    return reports.pdf(
        "brandwacht.sharing", "product.typ", data, title=product.title, author=author, moment=moment
    )  # fmt: skip


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")
