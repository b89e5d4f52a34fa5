"""The work of the analyst in the demo: earlier alerts, a question, a shift, a dossier. All of it made up.

The earlier alerts are written as rows: they stand for months in which Brandwacht was already used, and their times
follow from a seeded generator.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils import timezone

from brandwacht.network.actor import Actor
from brandwacht.network.models import Node
from brandwacht.site.demo.stage import REGION, SOC, Stage
from brandwacht.soc import queries
from brandwacht.soc.models import Alert, AlertRule, AlertState, Disposition, Severity
from brandwacht.soc.queries.people import colleagues
from brandwacht.soc.services import connecting, holding, questions, shifts, steps, story

ANALYST, SECOND, CISO = "analist@demo.example", "analist2@demo.example", "ciso@demo.example"
EARLIER: Final = 160
DAYS: Final = 170
SEED: Final = 20261122
KINDS: Final = (
    ("Geplande taak gemaakt", "T1053.005", Severity.MEDIUM, (1, 5, 3, 1)),
    ("Mislukte aanmeldingen op een rij", "T1110", Severity.MEDIUM, (1, 6, 2, 1)),
    ("PowerShell met verborgen opdracht", "T1059.001", Severity.HIGH, (3, 3, 3, 1)),
    ("Beheer op afstand vanaf onbekend adres", "T1021.001", Severity.HIGH, (2, 2, 5, 1)),
    ("Logboek gewist", "T1070.001", Severity.HIGH, (2, 1, 4, 0)),
)
"""Title, technique, severity, and how often it turned out true, false, benign or undecided."""
DISPOSITIONS: Final = (Disposition.TRUE, Disposition.FALSE, Disposition.BENIGN, Disposition.UNDECIDED)


def fill(stage: Stage) -> Iterator[str]:
    """Earlier alerts, and what the people of the demo do with the present ones."""
    with stage.as_system(REGION) as actor:
        made = _earlier(stage, actor)
    yield f"Waakzaam: {made} verzonnen meldingen uit de afgelopen maanden, met hun tijden en oordeel."
    with stage.as_person(SECOND, SOC, stage.now - timedelta(hours=16)) as analyst:
        before = shifts.begin(analyst)
    with stage.as_person(SECOND, SOC, stage.now - timedelta(hours=8)) as analyst:
        next_one = next(user for user in colleagues(analyst) if user.email == ANALYST)
        summary = (
            shifts.draft(analyst, before) + "Rustige dienst. De back-up van VRR-FS01 liep later dan gewoon (demo)."
        )
        shifts.end(analyst, before.public_id, summary=summary, colleague_id=str(next_one.public_id), why={})
    with stage.as_person(ANALYST, SOC, stage.now - timedelta(hours=8)) as analyst:
        shifts.take_over(analyst, before.public_id)
        shifts.begin(analyst)
    with stage.as_person(ANALYST, SOC) as analyst:
        last = list(queries.waiting(analyst).filter(organisation__code=REGION))[-1]
        holding.pick_up(analyst, last.public_id)
        steps.tick(analyst, last.public_id, "wachtwoorden", "wie")
        story.add_note(analyst, last.public_id, "Beheer gebeld: niemand is bezig op deze machine (demo).")
        questions.ask(analyst, last.public_id, "Is dit jullie beheerder, en was dit gepland? (demo)")
    yield "Waakzaam: een dienst is overgenomen, een melding is opgepakt en een vraag staat uit."
    _connect(stage)
    yield "Waakzaam: het dossier van de aansluiting is gevuld."


def _earlier(stage: Stage, actor: Actor) -> int:
    chance = random.Random(SEED)  # noqa: S311 - for a demo that is the same every time
    assets = list(Node.objects.filter(organisation_id=actor.organisation_id, kind="middel").order_by("pk")[:6])
    with stage.as_person(ANALYST, SOC) as analyst:
        people = {user.email: user for user in colleagues(analyst)}
    rows, titles = [], []
    for _each in range(EARLIER):
        title, technique, severity, odds = chance.choice(KINDS)
        asset, by = chance.choice(assets), people[chance.choice((ANALYST, SECOND))]
        opened = stage.now - timedelta(days=chance.uniform(1.2, DAYS))
        age = (stage.now - opened).days / DAYS  # the watch got quicker over the months
        first = opened - timedelta(minutes=chance.lognormvariate(1.5 + age, 0.9))
        acknowledged = opened + timedelta(minutes=chance.lognormvariate(2.2 + age, 0.8))
        closed = acknowledged + timedelta(minutes=chance.lognormvariate(3.6 + age, 0.9))
        rows.append(
            Alert(
                organisation_id=actor.organisation_id,
                asset=asset,
                title=f"{title} op {asset.name} (demo)"[:255],
                severity=severity,
                state=AlertState.CLOSED,
                open=False,
                waiting=False,
                first_seen=first,
                last_seen=opened,
                received_at=opened - timedelta(seconds=chance.uniform(0.2, 2)),
                opened_at=opened,
                acknowledged_at=acknowledged,
                triaged_at=closed,
                closed_at=closed,
                closed_by=by,
                handled_by=by.name,
                handled_at=closed,
                disposition=chance.choices(DISPOSITIONS, odds)[0],
                note="Nagevraagd en afgehandeld (demo).",
                event_count=chance.randint(1, 30),
                rule_count=1,
                attack=[technique],
            )
        )
        titles.append(title)
    AlertRule.objects.bulk_create(
        AlertRule(
            organisation_id=row.organisation_id,
            alert=row,
            rule_id=f"demo-{row.attack[0].lower()}",
            title=title,
            level=row.severity,
            attack=row.attack,
            count=row.event_count,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
        )
        for row, title in zip(Alert.objects.bulk_create(rows), titles, strict=True)
    )
    return len(rows)


def _connect(stage: Stage) -> None:
    with stage.as_person(CISO, REGION, stage.now - timedelta(days=20)) as ciso:
        home = stage.organisation(REGION)
        connecting.decide_condition(
            ciso,
            home,
            kind="overgang",
            decided_by="Iris van Dam, voorzitter (demo)",
            why="Wij voldoen nog niet op alle punten. Wachten met bewaking is riskanter; het plan loopt (demo).",
            until=timezone.localdate(stage.now + timedelta(days=160)),
        )
        for position, (name, task, phone, moment) in enumerate(
            (
                ("Piket ICT (demo)", "Mag elk systeem loskoppelen, behalve de meldkamer", "010 555 01 01", "altijd"),
                ("Noor de Wit (demo)", "CISO, besluit over de meldkamer", "06 5555 0102", "dag"),
                ("Officier van dienst (demo)", "Besluit buiten kantooruren", "010 555 01 03", "nacht"),
            ),
            start=1,
        ):
            connecting.add_contact(ciso, home, name=name, task=task, phone=phone, moment=moment, position=position)
        for what, who in (
            ("Werkplekken en laptops", "Het SOC zelf, en daarna bellen"),
            ("Servers", "Het SOC na een telefoontje met piket ICT"),
            ("Alles van de meldkamer", "Alleen de regio"),
        ):
            connecting.agree_isolation(ciso, home, what=what, who=who)
        for key in ("domeincontrollers", "servers", "werkplekken", "firewall"):
            connecting.set_source(ciso, home, key, "aangesloten")
        connecting.set_source(ciso, home, "mail", "gepland", "In januari, met de leverancier (demo)")
