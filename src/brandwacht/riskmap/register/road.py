"""From an empty register to a risk plan: the steps in order, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.models import Node, Organisation, Requirement
from brandwacht.network.policy import Owner, decide, visible
from brandwacht.riskmap.models import Analysis, AnalysisKind, AnalysisState, CascadeRun, RiskPlan

_STEPS: tuple[tuple[str, Promise, Promise, str, tuple[str, ...]], ...] = (
    ("nodes", _("Zet op de kaart wat er is"), _("Processen, diensten en middelen: in de tabel, of uit een rekenblad."),
     "riskmap:sheet", ("middelen",)),
    ("needs", _("Vul in wie op wie steunt"), _("Wat elk onderdeel nodig heeft, van wie, en hoe lang het zonder kan."),
     "riskmap:sheet", ("afhankelijkheden",)),
    ("vital", _("Geef aan wat vitaal is"),
     _("Zet “ja” bij vitaal in de tabel, of bied een lijst aan het bestuur aan. Een besluit maakt het officieel."),
     "riskmap:vital-lists", ()),
    ("runs", _("Kijk wat er valt als iets uitvalt"), _("Kies een onderdeel; u ziet wat er dan gebeurt, en waardoor."),
     "riskmap:what-if", ()),
    ("weak", _("Laat de zwakke plekken zoeken"), _("Ook reserves die er op papier zijn, maar in het echt niet."),
     "riskmap:weak", ()),
    ("budget", _("Kies maatregelen voor een budget"), _("Neem op wat u kunt doen en wat het kost."),
     "riskmap:measures", ()),
    ("plan", _("Maak het risicoplan"), _("Alles bij elkaar in één document."), "riskmap:risk-plan", ()),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, why, where, and whether it is done. ``current``: the first that is not."""

    title: str | Promise
    why: str | Promise
    url: str
    done: bool
    current: bool


def road(actor: Actor) -> list[Step]:
    """The steps for the own organisation, in one query; none for who may not take them, or when all are done."""
    owner = Owner(actor.organisation_id)
    if not (decide(actor, "register.edit", owner) and decide(actor, "riskmap.plan.make", owner)):
        return []
    nodes = Node.objects.filter(visible(actor, "register.see"), draft=False)
    analyses = Analysis.objects.filter(visible(actor, "riskmap.see"), state=AnalysisState.DONE)
    asked: dict[str, QuerySet] = {
        "nodes": nodes,
        "needs": Requirement.objects.filter(visible(actor, "register.see")),
        "vital": nodes.filter(vital=True),
        "runs": CascadeRun.objects.filter(visible(actor, "riskmap.see")),
        "weak": analyses.filter(kind=AnalysisKind.WEAK),
        "budget": analyses.filter(kind=AnalysisKind.BUDGET),
        "plan": RiskPlan.objects.filter(visible(actor, "riskmap.plan.see")),
    }
    there = {f"has_{key}": Exists(rows.filter(organisation_id=OuterRef("pk"))) for key, rows in asked.items()}
    found = Organisation.objects.filter(pk=actor.organisation_id).annotate(**there).values(*there).get()
    done = {key: bool(found[f"has_{key}"]) for key in asked}
    if all(done.values()):
        return []
    first = next(key for key, *_rest in _STEPS if not done[key])
    return [
        Step(title, why, reverse(view, args=args), done[key], key == first) for key, title, why, view, args in _STEPS
    ]


def ahead(actor: Actor, here: str) -> Step | None:
    """The step that comes next; none when all are done, or when it is taken at the address ``here``."""
    step = next((each for each in road(actor) if each.current), None)
    return None if step is None or step.url == here else step
