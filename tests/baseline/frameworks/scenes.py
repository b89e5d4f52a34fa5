"""Organisations with answers, for the tests of frameworks."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from brandwacht.baseline.models import FRAMEWORK, ControlAnswer
from brandwacht.baseline.services import keeping
from brandwacht.engines.norms import State, load_framework
from brandwacht.engines.norms.oscal import Assessed, Assessment, Evidence, Party, export_results
from brandwacht.network.models import Organisation
from tests.world import NOW, acting_system


def answered(region: Organisation, *numbers: str, framework: str = FRAMEWORK, state: str = "voldoet", days: int = 400):
    """Answers on these numbers (default the whole norm) that were given so many days before ``NOW``."""
    chosen = numbers or tuple(control.number for control in load_framework(framework).controls)
    at = NOW - timedelta(days=days)
    rows = [
        ControlAnswer(
            organisation_id=region.pk, framework=framework, control=number, state=state, reason="Omdat",
            evidence="Verslag", evidence_valid_to=timezone.localdate(NOW) + timedelta(days=90), answered_at=at,
            answered_by="Vroeger",
        )
        for number in chosen
    ]  # fmt: skip
    with acting_system(region):
        keeping.keep_new(rows)
    return rows


def earlier(region: Organisation) -> None:
    """The whole of BIO2 1.2 answered, more than a year ago."""
    answered(region, framework="bio2-1.2")


def results_of(region: Organisation, *numbers: str, state: str = "voldoet", framework: str = FRAMEWORK) -> bytes:
    """A file of assessment results in which these controls were answered long ago, by every clock."""
    at = NOW - timedelta(days=450)
    said = tuple(Assessed(n, State(state), at, "Elders", evidence=(Evidence("Rapport"),)) for n in numbers)
    assessment = Assessment(framework, Party(region.code, region.name), said)
    return export_results(load_framework(framework), assessment, NOW)
