"""From an empty register to a risk plan: the steps in order, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.cascade import Scales
from brandwacht.network.actor import Actor
from brandwacht.network.models import Node, NodeImpact, Organisation, Requirement
from brandwacht.network.policy import Owner, decide, visible
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import Analysis, AnalysisKind, AnalysisState, CascadeRun, RiskPlan

_STEPS: tuple[tuple[str, Promise, Promise, str, tuple[str, ...]], ...] = (
    ("nodes", _("Zet op de kaart wat er is"), _("Processen, diensten en middelen: in de tabel, of uit een rekenblad."),
     "riskmap:sheet", ("middelen",)),
    ("needs", _("Vul in wie op wie steunt"), _("Wat elk onderdeel nodig heeft, van wie, en hoe lang het zonder kan."),
     "riskmap:sheet", ("afhankelijkheden",)),
    ("vital", _("Geef aan wat vitaal is"),
     _("Zet “ja” bij vitaal in de tabel, of bied een lijst aan het bestuur aan. Een besluit maakt het officieel."),
     "riskmap:vital-lists", ()),
    ("impact", _("Vul in wat uitval kost"),
     _("Per belang, per uur. Vul bij de onderdelen ook in hoe vaak ze uitvallen: dan komen ze in het risicodiagram."),
     "riskmap:sheet", ("gevolgen",)),
    ("runs", _("Kijk wat er valt als iets uitvalt"),
     _("Kies een onderdeel; u ziet wat er dan gebeurt, en waardoor. Bewaar als scenario wat in het plan hoort."),
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
    """The steps for the own organisation, in one query; none for who may not take them, or once there is a plan."""
    owner = Owner(actor.organisation_id)
    if not (decide(actor, "register.edit", owner) and decide(actor, "riskmap.plan.make", owner)):
        return []
    nodes = Node.objects.filter(visible(actor, "register.see"), draft=False)
    analyses = Analysis.objects.filter(visible(actor, "riskmap.see"), state=AnalysisState.DONE)
    asked: dict[str, QuerySet] = {
        "nodes": nodes,
        "needs": Requirement.objects.filter(visible(actor, "register.see")),
        "vital": nodes.filter(vital=True),
        "impact": NodeImpact.objects.filter(visible(actor, "register.see")),
        "runs": CascadeRun.objects.filter(visible(actor, "riskmap.see")),
        "weak": analyses.filter(kind=AnalysisKind.WEAK),
        "budget": analyses.filter(kind=AnalysisKind.BUDGET),
        "plan": RiskPlan.objects.filter(visible(actor, "riskmap.plan.see")),
    }
    there = {f"has_{key}": Exists(rows.filter(organisation_id=OuterRef("pk"))) for key, rows in asked.items()}
    found = Organisation.objects.filter(pk=actor.organisation_id).annotate(**there).values(*there).get()
    done = {key: bool(found[f"has_{key}"]) for key in asked}
    if done["plan"]:  # what an older plan lacks, is told where the next one is made
        return []
    first = next(key for key, *_rest in _STEPS if not done[key])
    return [
        Step(title, why, reverse(view, args=args), done[key], key == first) for key, title, why, view, args in _STEPS
    ]


def ahead(actor: Actor, here: str) -> Step | None:
    """The step that comes next; none once there is a plan, or when it is taken at the address ``here``."""
    step = next((each for each in road(actor) if each.current), None)
    return None if step is None or step.url == here else step


@dataclass(frozen=True, slots=True)
class Lack:
    """What a plan that is made now would not tell: what that is, and where it is filled in."""

    told: Promise
    url: str
    where: Promise


def lacking(register: Register, *, drawn: bool, budget: bool, scales: Scales) -> list[Lack]:
    """What a plan on this map would lack, in the order in which it is filled in.

    ``drawn``: there is a risk in the diagram; ``budget``: a budget was reckoned on this map.
    """
    nodes = register.network.nodes
    found: list[tuple[bool, Promise, str, tuple[str, ...], Promise]] = [
        (not register.vital, _("Er is nog geen vitaal proces aangewezen."),
         "riskmap:vital-lists", (), _("Geef aan wat vitaal is")),
        (not any(node.impact for node in nodes), _("Nergens is ingevuld wat uitval kost; alles telt dan in uren."),
         "riskmap:sheet", ("gevolgen",), _("Vul in wat uitval kost")),
        (not any(node.failures_per_year for node in nodes), _("Van geen onderdeel is ingevuld hoe vaak het uitvalt."),
         "riskmap:sheet", ("middelen",), _("Vul storingen per jaar in")),
        (not drawn, _("Het risicodiagram is nog leeg."), "riskmap:diagram", (), _("Bekijk wat daarvoor nodig is")),
        (not budget, _("Er zijn nog geen maatregelen gekozen voor een budget."),
         "riskmap:measures", (), _("Kies maatregelen")),
        (scales.status == "te bevestigen", _("De schalen van het diagram heeft uw bestuur nog niet vastgesteld."),
         "riskmap:scales", (), _("Bekijk de schalen")),
    ]  # fmt: skip
    return [Lack(told, reverse(view, args=args), where) for missing, told, view, args, where in found if missing]
