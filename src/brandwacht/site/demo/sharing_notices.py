"""The demo's advisories: what three regions run, advisories that concern them, and how far they are. All made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import yaml

from brandwacht.sharing.models import AdvisoryNotice, RepairState
from brandwacht.sharing.services import advisories, flaws, notices, profile
from brandwacht.sharing.services.escalation import escalate_late
from brandwacht.sharing.services.matching import hold_advisories
from brandwacht.site.demo.stage import CIRCLE, REGION, Stage


def fill(stage: Stage) -> Iterator[str]:
    """Profiles first; then each advisory on its own day, and what the regions did with it."""
    text = resources.files("brandwacht.site.demo").joinpath("data/sharing/adviezen.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    long_ago = stage.now - timedelta(days=20)
    for code, rows in told["producten"].items():
        with stage.as_system(code, long_ago) as me:
            for row in rows:
                profile.add(me, row)
    circle = stage.organisation(CIRCLE)
    with stage.as_system(CIRCLE) as me:
        _facts(me, told, stage.now)
    for row in sorted(told["adviezen"], key=lambda each: -each["dagen"]):
        at = stage.now - timedelta(days=row["dagen"])
        with stage.as_system(CIRCLE, at) as me:
            taken = advisories.take(me, csaf(row, at), f"{row['nummer']}.json")
        hold_advisories(circle.pk, [taken.advisory.public_id], at)
    _handle(stage)
    yield f"Delen: {len(told['adviezen'])} adviezen, met meldingen bij {len(told['producten'])} regio's (demo)."


def _facts(me: Any, told: dict[str, Any], now: datetime) -> None:
    used = [
        {"cveID": cve, "dateAdded": (now - timedelta(days=5)).date().isoformat(), "vulnerabilityName": "Verzonnen"}
        for cve in told["misbruikt"]
    ]
    flaws.take_kev(me, json.dumps({"vulnerabilities": used}).encode())
    lines = [f"{cve},{chance},0.5" for cve, chance in told["kansen"].items()]
    flaws.take_epss(me, "\n".join(["cve,epss,percentile", *lines]).encode())


def csaf(row: dict[str, Any], at: datetime) -> bytes:
    """A made-up advisory in CSAF 2.0, as a publisher would write it."""
    moment = at.isoformat()
    status = {"known_affected": ["P1"]}
    version: dict[str, Any] = {"category": "product_version_range", "name": f"vers:generic/<{row['onder']}"}
    version["product"] = {"product_id": "P1", "name": f"{row['leverancier']} {row['product']} ouder dan {row['onder']}"}
    product = {"category": "product_name", "name": row["product"], "branches": [version]}
    flaw = {
        "cve": row["cve"],
        "title": row["fout"],
        "product_status": status,
        "scores": [{"products": ["P1"], "cvss_v3": {"baseScore": row["ernst"], "vectorString": ""}}],
        "remediations": [{"category": "vendor_fix", "details": row["herstel"], "product_ids": ["P1"]}],
    }
    head = {
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "title": row["titel"],
        "publisher": {"category": "coordinator", "name": "Uitgever (demo)", "namespace": "https://advies.example"},
        "aggregate_severity": {"text": row["urgentie"]},
        "notes": [{"category": "summary", "text": row["wat"]}],
        "distribution": {"tlp": {"label": "WHITE"}},
        "references": [{"summary": "Advies", "url": f"https://advies.example/{row['nummer']}"}],
        "tracking": {
            "id": row["nummer"], "version": "1", "status": "final", "initial_release_date": moment,
            "current_release_date": moment, "revision_history": [],
        },
    }  # fmt: skip
    tree = {"branches": [{"category": "vendor", "name": row["leverancier"], "branches": [product]}]}
    return json.dumps({"document": head, "product_tree": tree, "vulnerabilities": [flaw]}).encode()


def _handle(stage: Stage) -> None:
    """One region is busy with its mail server; the others have not answered what is of today."""
    with stage.as_person("ciso@demo.example", REGION) as me:
        mail = AdvisoryNotice.objects.filter(organisation_id=me.organisation_id, key="DEMO-2026-0398").first()
        if mail is not None:
            notices.set_repair(
                me, mail.public_id, RepairState.BUSY, "Update staat klaar voor het onderhoud van dinsdag"
            )
    escalate_late(stage.now)
