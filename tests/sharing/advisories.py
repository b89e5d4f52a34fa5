"""Advisories and profiles in a few words each, for the tests of advisories, profiles and notices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.core import mail
from django.core.mail import EmailMessage
from django_tasks_db.models import DBTaskResult

from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import AdvisoryNotice, ProfileAsset, SecurityAdvisory
from brandwacht.sharing.services import advisories, profile
from brandwacht.sharing.services.matching import hold_advisories, hold_profile
from brandwacht.sharing.services.notice_actions import tell_cert, tell_region
from tests.sharing.conftest import Persona
from tests.world import NOW, acting, acting_system, mandate, organisation, person


def csaf(
    key: str = "NCSC-2026-0412",
    *,
    version: str = "1",
    tlp: str = "WHITE",
    title: str = "Kwetsbaarheid in FortiOS",
    product: str = "FortiOS",
    below: str = "7.2.9",
    cves: tuple[str, ...] = ("CVE-2026-1111",),
    word: str = "Urgent",
    changed: str = "2026-11-20T10:00:00Z",
    summary: str = "Een aanvaller kan zonder inloggen opdrachten uitvoeren.",
    category: str = "csaf_security_advisory",
) -> bytes:
    """A CSAF 2.0 advisory of made-up content: versions of one product below some version."""
    status = {"known_affected": ["P1"]}
    flaws = [
        {
            "cve": cve, "title": "Fout in de inlogpagina", "product_status": status,
            "scores": [{"products": ["P1"], "cvss_v3": {"baseScore": 9.8, "vectorString": "CVSS:3.1/AV:N"}}],
            "remediations": [{"category": "vendor_fix", "details": f"Installeer {below}.", "product_ids": ["P1"]}],
        }
        for cve in cves
    ]  # fmt: skip
    named: dict[str, Any] = {"name": f"vers:generic/<{below}", "category": "product_version_range"}
    named["product"] = {"name": f"{product} {below}", "product_id": "P1"}
    vendor = {"category": "vendor", "name": "Fortinet"}
    tree = {"branches": [vendor | {"branches": [{"category": "product_name", "name": product, "branches": [named]}]}]}
    head = {
        "category": category, "csaf_version": "2.0", "title": title,
        "publisher": {"category": "coordinator", "name": "NCSC (verzonnen)", "namespace": "https://ncsc.example"},
        "aggregate_severity": {"text": word}, "notes": [{"category": "summary", "text": summary}],
        "distribution": {"tlp": {"label": tlp}} if tlp else {"text": "Zonder label."},
        "tracking": {
            "id": key, "version": version, "status": "final", "initial_release_date": "2026-11-20T10:00:00Z",
            "current_release_date": changed, "revision_history": [],
        },
    }  # fmt: skip
    return orjson.dumps({"document": head, "product_tree": tree, "vulnerabilities": flaws})


class Sector:
    """A circle with its CERT and regions by code, each with a CISO; the first two gave the CERT a mandate."""

    def __init__(self, *codes: str) -> None:
        self.circle, cert = organisation("VR-ISAC", "kring"), organisation("VR-CERT", "landelijk")
        mandate(self.circle, cert, GrantKind.CIRCLE, act=True)
        self.cert = Persona(person(cert, Role.CERT_LEAD, name="Leider"), cert)
        self.cisos: dict[str, Persona] = {}
        for number, code in enumerate(codes):
            region = organisation(code)
            mandate(self.circle, region, GrantKind.CIRCLE)
            if number < 2:
                mandate(region, cert, GrantKind.CERT_MANDATE, act=True)
            self.cisos[code] = Persona(person(region, Role.CISO, name=f"Ciso {code}"), region)

    def at(self, code: str) -> Organisation:
        """A region."""
        return self.cisos[code].at

    def runs(self, code: str, version: str = "7.2.4", **facts: str) -> ProfileAsset:
        """A product that a region runs."""
        with acting(self.cisos[code].actor) as me:
            return profile.add(me, {"product": "FortiOS", "vendor": "Fortinet", "version": version} | facts)

    def take(self, content: bytes, *, at: Any = NOW) -> advisories.Taken:
        """Take in an advisory, and hold it against the profiles as the worker does."""
        with acting_system(self.circle, at) as me:
            taken = advisories.take(me, content, "proef.json")
        hold_advisories(self.circle.pk, [taken.advisory.public_id], at)
        return taken

    def profile_changed(self, code: str, *, at: Any = NOW) -> int:
        """Hold a profile against all advisories as the worker does."""
        return hold_profile(self.at(code).pk, at)


def mailed(now: Any = NOW) -> list[EmailMessage]:
    """The mails that wait in the queue, sent now; what waited is gone."""
    mail.outbox.clear()
    ways = {"tell_notices": tell_region, "tell_late": tell_cert}
    for row in DBTaskResult.objects.order_by("enqueued_at"):
        if (way := ways.get(row.task_path.rpartition(".")[2])) is not None:
            given = [
                [UUID(one) for one in each] if isinstance(each, list) else each for each in row.args_kwargs["args"]
            ]
            way(*given, now)
    DBTaskResult.objects.all().delete()
    return list(mail.outbox)


def notices() -> dict[str, AdvisoryNotice]:
    """Every notice by code of its organisation; for a database with one advisory."""
    with every_owner():
        return {each.organisation.code: each for each in AdvisoryNotice.objects.select_related("organisation")}


def the_advisory() -> SecurityAdvisory:
    """The one advisory there is."""
    with every_owner():
        return SecurityAdvisory.objects.get()
