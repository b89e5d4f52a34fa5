"""A region with something on every line of the board page, and more than fits on it."""

from __future__ import annotations

from datetime import date, timedelta

from brandwacht.baseline.models import AnswerChange, ControlAnswer, Measure
from brandwacht.cert.models import Incident, IncidentClock
from brandwacht.engines.norms import load_framework
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import NodeKind, Organisation
from brandwacht.network.services.register import NodeDraft, RequirementDraft, add_map
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import services as riskmap
from brandwacht.sharing.models import CircleWarning
from tests.world import NOW, acting_system, mandate, organisation

LONG = (
    "Wachtwoorden uit het geheugen van de domeincontroller gelezen en daarna gebruikt op de koppeling met de meldkamer"
)


def incident(owner: Organisation, **facts) -> Incident:
    values = {"number": "2026-001", "title": LONG, "phase": "warm", "opened_by": "test", "severity": 4}
    with every_owner():
        row = Incident(organisation=owner, known_at=NOW, opened_at=NOW - timedelta(hours=1), **(values | facts))
        row.save()
    return row


def clock(row: Incident, hours: int = 23, **facts) -> IncidentClock:
    values = {"key": f"klok-{hours}", "title": "Vroege waarschuwing", "to_whom": "Het CSIRT en de toezichthouder"}
    with every_owner():
        made = IncidentClock(
            organisation=row.organisation, incident=row, duty="Meld.", basis="test", data_version="1",
            due=NOW + timedelta(hours=hours), **(values | facts),
        )  # fmt: skip
        made.save()
    return made


def measure(owner: Organisation, title: str, due: date, **facts) -> Measure:
    with every_owner():
        row = Measure(
            organisation=owner, title=title, due=due, owner_name="Hoofd bedrijfsvoering", created_by="test",
            created_at=NOW - timedelta(days=90), **facts,
        )  # fmt: skip
        row.save()
    return row


def answers(owner: Organisation, count: int, days_ago: int = 0) -> None:
    """The first ``count`` controls of the norm are met since so many days."""
    at = NOW - timedelta(days=days_ago)
    with every_owner():
        for control in load_framework("bio2-1.3").controls[:count]:
            row = {"organisation": owner, "control": control.number, "state": "voldoet", "answered_at": at}
            AnswerChange(**row, answered_by="test").save()
            ControlAnswer(**row, answered_by="test").save()


def cascade(owner: Organisation) -> None:
    """Two scenarios: the one that stops two vital processes is the greater risk."""
    with acting_system(owner) as system:
        add_map(
            system,
            [
                NodeDraft("dc", "VRR-DC01", NodeKind.ASSET),
                NodeDraft("terminal", "Terminalsysteem haven", NodeKind.SERVICE),
                NodeDraft("alarm", "Alarmering brandweer", NodeKind.PROCESS, vital=True),
                NodeDraft("zorg", "Ambulancezorg", NodeKind.PROCESS, vital=True),
            ],
            [
                RequirementDraft("alarm", "aanmelden", ("dc",), autonomy=240),
                RequirementDraft("zorg", "aanmelden", ("dc",), autonomy=360),
                RequirementDraft("zorg", "planning", ("terminal",), autonomy=60),
            ],
        )  # fmt: skip
        for name, key in (("Domeincontroller acht uur weg", "dc"), ("Terminalsysteem acht uur weg", "terminal")):
            kept = riskmap.save_scenario(system, name=name, outages=[{"node": key, "start": 0, "duration": 480}])
            riskmap.run_scenario(system, kept.public_id)


def warning(circle: Organisation, number: int, **facts) -> CircleWarning:
    values = {"tlp": "AMBER", "state": "verzonden", "sent_at": NOW - timedelta(days=2)}
    with every_owner():
        row = CircleWarning(
            organisation=circle, number=number, title="Lek in de firewall", what="Lek.", written_by="test",
            written_by_organisation=circle, written_at=NOW - timedelta(days=3), **(values | facts),
        )  # fmt: skip
        row.save()
    return row


def full_region(code: str = "VR17", phase: str = "warm") -> Organisation:
    """Running incidents, clocks, measures, answers, cascades and warnings."""
    region, circle = organisation(code), organisation("VR-ISAC", "kring")
    mandate(circle, region, GrantKind.CIRCLE)
    answers(region, 60, days_ago=40)
    cascade(region)
    for number in range(1, 6):
        row = incident(region, number=f"2026-00{number}", phase=phase if number == 2 else "koud", severity=number % 4)
        for hours in (23, 71):
            clock(row, hours + number)
    day = NOW.date()
    for number in range(5):
        measure(region, f"{LONG} ({number})", day + timedelta(days=number * 9 - 10), for_board=True, cost=25_000)
        measure(region, f"{LONG} (te laat {number})", day - timedelta(days=number + 1))
    for number in range(3):
        warning(circle, number + 1)
    return region
