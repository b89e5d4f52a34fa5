"""The writes of measures, scales and the likelihood of scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import CLASSES, InvalidData, InvalidMeasure, Measure, apply, check_measures, read_scales
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import MeasureKind, RiskMeasure, ScaleVersion, Scenario, ScenarioChance
from brandwacht.riskmap.reckoning.spending import steps

MOST: Final = 200
"""Measures of one organisation: choosing among more says nothing that a person can weigh."""
MOST_EUROS: Final = 1_000_000_000


def save_measure(
    actor: Actor,
    *,
    name: str,
    kind: MeasureKind,
    step: Mapping[str, Any],
    once: int,
    yearly: int,
    needs: Sequence[str] = (),
    excludes: Sequence[str] = (),
    note: str = "",
    public_id: Any = None,
) -> RiskMeasure:
    """Take up a measure on the own map, or change one (``public_id``). Raises ``Refused`` for what does not fit."""
    with use_case(actor, "riskmap.measure") as case:
        case.require(Owner(actor.organisation_id))
        own = RiskMeasure.objects.filter(organisation_id=actor.organisation_id)
        if public_id is None:
            row = RiskMeasure(organisation_id=actor.organisation_id, key=_free_key(own, name))
            if own.count() >= MOST:
                raise Refused(_("Er staan al %(n)d maatregelen; haal er eerst een weg.") % {"n": MOST})
        else:
            row = case.get(RiskMeasure, public_id, see="riskmap.plan.see")
        if not name.strip():
            raise Refused(_("Geef de maatregel een naam."), "name")
        for field, euros in (("once", once), ("yearly", yearly)):
            if not 0 <= euros <= MOST_EUROS:
                raise Refused(_("Vul een bedrag in van 0 tot 1 miljard euro."), field)
        row.name, row.kind, row.step, row.note = name.strip()[:120], kind, dict(step), note.strip()[:300]
        row.once, row.yearly, row.needs, row.excludes = once, yearly, sorted(set(needs)), sorted(set(excludes))
        row.changed_at, row.changed_by = actor.now, actor.name
        _check(actor, [*own.exclude(pk=row.pk), row], row)
        row.save()
        case.audit(row, {"naam": row.name, "soort": row.kind, "doet": row.step, "kosten": [row.once, row.yearly]})
    return row


def _free_key(own: Any, name: str) -> str:
    stem = slugify(name)[:50] or "maatregel"
    taken = set(own.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for key in (stem, *(f"{stem}-{n}" for n in range(2, MOST + 3))) if key not in taken)


def _check(actor: Actor, rows: Sequence[RiskMeasure], new: RiskMeasure) -> None:
    """Refuse what the engine cannot play, or what makes the whole list contradict itself."""
    register = mapping.load(actor, actor.organisation_id)
    known = {row.key for row in rows}
    for field, keys in (("needs", new.needs), ("excludes", new.excludes)):
        if unknown := [key for key in keys if key not in known or key == new.key]:
            raise Refused(_("Deze maatregel bestaat niet: %(names)s.") % {"names": ", ".join(unknown)}, field)
    try:
        measure = Measure(new.key, new.name, steps(new.kind, new.step), new.once, new.yearly)
        apply(register.network, [measure])
        bare = [Measure(r.key, r.name, (), r.once, r.yearly, tuple(r.needs), tuple(r.excludes)) for r in rows]
        check_measures(register.network, bare)
    except InvalidMeasure as error:
        raise Refused(" ".join(error.problems)) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused(_("Vul in wat de maatregel doet: het onderdeel, en hoeveel."), "value") from error


def remove_measure(actor: Actor, public_id: Any) -> None:
    """Take a measure off the list; others no longer name it. Plans that were made keep it."""
    with use_case(actor, "riskmap.measure") as case:
        row = case.get(RiskMeasure, public_id, see="riskmap.plan.see")
        for other in RiskMeasure.objects.filter(organisation_id=row.organisation_id).exclude(pk=row.pk):
            if row.key in other.needs or row.key in other.excludes:
                other.needs = [key for key in other.needs if key != row.key]
                other.excludes = [key for key in other.excludes if key != row.key]
                other.save()
        case.audit(row, {"naam": row.name, "weggehaald": True})
        row.delete()


def set_scales(actor: Actor, content: Mapping[str, Any], why: str) -> ScaleVersion:
    """Set the scales of the own organisation as a new version. Raises ``Refused`` that names every fault."""
    with use_case(actor, "riskmap.scales") as case:
        case.require(Owner(actor.organisation_id))
        if not why.strip():
            raise Refused(_("Schrijf op waarop deze schalen berusten, of wie ze vaststelde."), "why")
        try:
            scales = read_scales(content)
        except InvalidData as error:
            raise Refused(" ".join(error.problems)) from error
        last = ScaleVersion.objects.filter(organisation_id=actor.organisation_id).order_by("-number").first()
        row = ScaleVersion(
            organisation_id=actor.organisation_id, number=last.number + 1 if last else 1, content=scales.to_json(),
            why=why.strip()[:300], made_at=actor.now, made_by=actor.name,
        )  # fmt: skip
        row.save()
        case.audit(row, {"versie": row.number, "waarom": row.why, "status": scales.status})
    return row


def set_chance(actor: Actor, scenario_id: Any, likelihood: str, why: str = "") -> ScenarioChance:
    """Set how likely a kept scenario is held: a class A to E, or "" for not judged (returns the row unsaved)."""
    with use_case(actor, "riskmap.scales") as case:
        scenario = case.get(Scenario, scenario_id, see="riskmap.see")
        row = ScenarioChance.objects.filter(scenario=scenario).first()
        if likelihood and likelihood not in CLASSES:
            raise Refused(_("Kies een klasse van A tot en met E."), "likelihood")
        case.audit(scenario, {"naam": scenario.name, "waarschijnlijkheid": likelihood or "niet ingeschat"})
        if row is None:
            row = ScenarioChance(organisation_id=scenario.organisation_id, scenario=scenario)
        row.likelihood, row.why, row.set_at, row.set_by = likelihood, why.strip()[:300], actor.now, actor.name
        if likelihood:
            row.save()
        elif row.pk is not None:
            row.delete()
    return row
