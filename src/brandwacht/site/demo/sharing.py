"""The demo's circle: guidelines and seats, warnings, threats, a question and a meeting. Made up, and marked so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from typing import Any

import yaml

from brandwacht.network.models import User
from brandwacht.sharing import services
from brandwacht.sharing.models import CircleWarning, WarningReceipt
from brandwacht.sharing.services import pseudonyms, questions, seats, threats
from brandwacht.sharing.services.list_choices import Choice
from brandwacht.site.demo.stage import CERT, CIRCLE, PEOPLE, Stage

LEAD = "cert@demo.example"
MADE_UP = Choice(True, "Verzonnen voorbeeld")
"""Why addresses that are kept for examples stay, although they stand on a warning list."""
MEMBERS = ("ciso@demo.example", "isac@demo.example")


def fill(stage: Stage) -> Iterator[str]:
    """Write and send each warning as the leader of the CERT, and answer some of them as members."""
    rows = _data("warnings")["warnings"]
    homes = {person.email: person.roles[0][0] for person in PEOPLE}
    told = _data("threats")
    _seat(stage, told["guideline"], homes)
    for row in rows:
        warning = _send(stage, row)
        for email, answer in row["answers"].items():
            with stage.as_person(email, homes[email]) as member:
                services.answer(member, warning.public_id, answer)
        _date_back(stage, warning, row["days_ago"])
    yield f"Delen: {len(rows)} waarschuwingen van de VR-ISAC met antwoorden (demo)."
    _threats(stage, told, homes)
    yield f"Delen: spelregels, zetels, {len(told['threats'])} dreigingen, een vraag en een overleg (demo)."


def _data(name: str) -> Any:
    text = resources.files("brandwacht.site.demo").joinpath(f"data/sharing/{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def _seat(stage: Stage, guideline: str, homes: dict[str, str]) -> None:
    """Guidelines since a month, signed by the members of the demo; two custodians, whose keys nobody keeps."""
    with stage.as_person(LEAD, CERT, stage.now - timedelta(days=30)) as lead:
        version = seats.set_guideline(lead, guideline, lead.today)
    for email in MEMBERS:
        with stage.as_person(email, homes[email], stage.now - timedelta(days=29)) as member:
            seats.sign(member, version.public_id, member.name)
    keepers = {LEAD: CERT, MEMBERS[1]: homes[MEMBERS[1]]}
    with stage.as_person(LEAD, CERT) as lead:
        people = User.objects.filter(email__in=keepers).values_list("public_id", flat=True)
        rows = {row.user.email: row for row in pseudonyms.set_custodians(lead, list(people))}
    for email, home in keepers.items():
        with stage.as_person(email, home) as keeper:
            pseudonyms.make_key(keeper, rows[email].public_id)


def _threats(stage: Stage, told: Any, homes: dict[str, str]) -> None:
    """What members reported and asked, and a meeting with its decisions."""
    for row in told["threats"]:
        facts = {
            key: row[key] for key in ("topic", "title", "tlp", "pap", "what", "products", "indicators", "techniques")
        }
        with stage.as_person(row["by"], homes[row["by"]]) as member:
            made = threats.write(member, threats.Report(**facts), pseudonymous=row["pseudonymous"])
            threats.share(member, made.public_id, anyway=True, keep=MADE_UP)
    asked = told["question"]
    facts = {key: asked[key] for key in ("text", "tlp", "indicators", "topic")}
    with stage.as_person(asked["by"], homes[asked["by"]]) as member:
        question = questions.ask(member, **facts)
    for email, seen in asked["answers"].items():
        with stage.as_person(email, homes[email]) as member:
            questions.answer(member, question.public_id, seen=seen, by_name=False)
    there = User.objects.filter(email__in=MEMBERS).values_list("public_id", flat=True)
    with stage.as_person(LEAD, CERT) as lead:
        seats.write_meeting(lead, None, on=lead.today - timedelta(days=14), attendee_ids=list(there), **told["meeting"])


def _send(stage: Stage, row: dict[str, Any]) -> CircleWarning:
    readers = User.objects.filter(email__in=row["readers"]).values_list("public_id", flat=True)
    with stage.as_person("cert@demo.example", CERT) as lead:
        warning = services.draft(
            lead,
            title=row["title"],
            tlp=row["tlp"],
            what=row["what"],
            advice=row["advice"],
            indicators_text=row["indicators"],
            techniques=row["techniques"],
            reader_ids=list(readers),
        )
        return services.send(lead, warning.public_id, keep=MADE_UP)


def _date_back(stage: Stage, warning: CircleWarning, days: int) -> None:
    """The demo's circle has members only since today; its warnings are spread over the days before."""
    at = stage.now - timedelta(days=days)
    with stage.as_system(CIRCLE):
        CircleWarning.objects.filter(pk=warning.pk).update(written_at=at - timedelta(hours=1), sent_at=at)
        WarningReceipt.objects.filter(warning=warning).update(at=at + timedelta(hours=5))
