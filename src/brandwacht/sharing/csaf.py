"""The circle's own advisories as CSAF 2.1: the document, the ROLIE feed of a label and the metadata of the provider."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.engines.intel import PAP, TLP, Marking
from brandwacht.engines.intel.advisories import (
    Draft,
    DraftFlaw,
    DraftProduct,
    Provider,
    Revision,
    RolieFeed,
    Urgency,
    file_name,
    provider_metadata,
    rolie_feed,
    write_csaf,
)
from brandwacht.network.models import Organisation
from brandwacht.sharing.models import OwnAdvisory

MEDIA: Final = "application/json"
LABELS: Final = {
    "clear": TLP.CLEAR, "green": TLP.GREEN, "amber": TLP.AMBER, "amber-strict": TLP.AMBER_STRICT,
}  # fmt: skip
"""The labels by their name in addresses. There is no RED: that is for persons."""
_SLUGS: Final = {label: slug for slug, label in LABELS.items()}


def provider_of(circle: Organisation) -> Provider:
    """The circle as CSAF names a publisher."""
    return Provider(circle.full_name, settings.SITE_URL)


def document_of(row: OwnAdvisory) -> dict[str, Any]:
    """An advisory with its revisions as a CSAF 2.1 document; raises ``InvalidAdvisory`` with all that is wrong."""
    affected = tuple(DraftProduct(each["vendor"], each["product"], each["version"]) for each in row.products)
    fixed = tuple(
        DraftProduct(each["vendor"], each["product"], each["fixed"]) for each in row.products if each["fixed"]
    )
    flaws = tuple(
        DraftFlaw(cve, row.title, row.summary, affected, fixed, row.advice) for cve in row.cves or [""]
    )  # fmt: skip
    draft = Draft(
        key=row.key,
        title=row.title,
        summary=row.summary,
        urgency=Urgency.URGENT if row.urgent else Urgency.NORMAL,
        marking=Marking(row.marking, PAP[row.pap]),
        revisions=tuple(
            Revision(each["number"], datetime.fromisoformat(each["at"]), each["what"]) for each in row.revisions
        ),
        flaws=flaws,
        links=((_("Meer uitleg"), row.link),) if row.link else (),
    )
    return write_csaf(draft, provider_of(row.organisation))


def bytes_of(row: OwnAdvisory) -> bytes:
    """The published document, the same bytes every time."""
    return orjson.dumps(row.document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def digest_of(row: OwnAdvisory, name: str) -> bytes:
    """The line of the hash file beside a document, as sha512sum writes it."""
    return f"{hashlib.sha512(bytes_of(row)).hexdigest()}  {name}\n".encode()


def address_of(row: OwnAdvisory) -> str:
    """Where programs get the document."""
    year = row.document["document"]["tracking"]["initial_release_date"][:4]
    return settings.SITE_URL + reverse("csaf:document", args=[_SLUGS[row.marking], int(year), file_name(row.key)])


def rolie_of(label: TLP) -> RolieFeed:
    """The ROLIE feed of a label with its addresses."""
    url = settings.SITE_URL + reverse("csaf:rolie", args=[_SLUGS[label]])
    return RolieFeed(label, url, url.removesuffix("feed.json"))


def rolie_document(label: TLP, rows: Sequence[OwnAdvisory], *, now: datetime) -> dict[str, Any]:
    """The ROLIE feed of these published advisories, all with this label."""
    updated = max((row.changed_at for row in rows if row.changed_at is not None), default=now)
    title = _("Beveiligingsadviezen met %(tlp)s") % {"tlp": label.label}
    return rolie_feed(rolie_of(label), [row.document for row in rows], title=title, updated=updated)


def metadata_document(circle: Organisation, *, updated: datetime) -> dict[str, Any]:
    """The metadata of the provider. ``updated`` follows from what is public: another would tell of what is not."""
    feeds = [rolie_of(label) for label in LABELS.values()]
    url = settings.SITE_URL + reverse("csaf:metadata")
    return provider_metadata(provider_of(circle), feeds, url=url, updated=updated)
