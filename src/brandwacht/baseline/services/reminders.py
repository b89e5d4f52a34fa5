"""What the basis asks of people: the actions that it puts in the register and ends there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, ControlAnswer, Measure, MeasureState
from brandwacht.baseline.queries.controls import find_control, known_control
from brandwacht.baseline.services import first_plan
from brandwacht.baseline.weighing import MINUTES_PER_ANSWER, heaviest, risk
from brandwacht.engines.norms import Pace, Rhythm, load_framework
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.periodic import Job
from brandwacht.network.policy import Owner
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case

ROOM = "baseline"
NOTICE_DAYS = 30
"""Evidence that expires within so many days asks for attention."""
OPEN_QUESTIONS = "bio:onbeantwoord"
NEVER_DONE = "ritme:nooit"
PER_WEEK = 5
"""So many open questions are one action: a week has room for that, and not for all of them."""
MINUTES_PER_NOTE = 5
"""Estimate of what it takes to look up when a fixed task was done last."""
ASKED_UNPROMPTED = (OrganisationKind.REGION, OrganisationKind.INSTITUTE)
"""Organisations that carry the whole norm; others are asked for the rest once they have answered something."""


def due_at(day: date) -> datetime:
    """The moment of an action that is due on this day: its last minute, in local time."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


# --- measures ------------------------------------------------------------------------------------------------------


def about_measure(actor: Actor, measure: Measure) -> None:
    """Put or renew the action of a measure, or end it when the measure is done."""
    key = f"maatregel:{measure.public_id}"
    if measure.state == MeasureState.DONE:
        actions.complete(measure.organisation_id, key, actor)
        return
    control = known_control(measure.control)
    actions.put(
        measure.organisation_id,
        Todo(
            key=key,
            title=measure.title,
            why=_("BIO2 %(number)s: %(title)s") % {"number": control.number, "title": control.title} if control else "",
            room=ROOM,
            path=reverse("baseline:measure", args=[measure.public_id]),
            owner_id=measure.owner_id,
            risk=max(risk(control) if control else 2, 3 if measure.incident_ref else 1),
            effort=60,
            due=due_at(measure.due),
        ),
        actor.now,
    )


def back_from_done(measure: Measure) -> None:
    """Open the action again, since the measure turned out not to be done."""
    actions.reopen_by_key(measure.organisation_id, f"maatregel:{measure.public_id}")


# --- answers and their evidence --------------------------------------------------------------------------------------


def after_answers(actor: Actor, answers: Iterable[ControlAnswer]) -> None:
    """Bring the actions in line with new answers; one with the state "onbeantwoord" is no answer any more."""
    given = list(answers)
    resting = queries.grounds(actor, actor.organisation_id, [answer.control for answer in given])
    ended = [key for answer in given for key in first_plan.ended_by(answer)]
    ended += [_evidence_key(answer) for answer in given if not _put_expiring(actor, answer, resting)]
    actions.complete(actor.organisation_id, ended, actor)
    _about_open_questions(actor)


def after_evidence(actor: Actor, control: str) -> None:
    """Bring the action about the evidence of one control in line, after evidence was added or withdrawn."""
    answer = ControlAnswer.objects.filter(
        organisation_id=actor.organisation_id, framework=FRAMEWORK, control=control
    ).first()
    if answer is None:
        return
    if not _put_expiring(actor, answer, queries.grounds(actor, actor.organisation_id, [control])):
        actions.complete(actor.organisation_id, _evidence_key(answer), actor)


def renew(actor: Actor) -> int:
    """Put the actions for expiring evidence, fixed tasks and open questions of the actor's organisation.

    Returns how many answers have evidence that expires within thirty days or has expired. The action about evidence
    that runs on was ended when that was renewed.
    """
    with use_case(actor, "baseline.answer") as case:
        case.require(Owner(actor.organisation_id))
        resting = queries.grounds(actor, actor.organisation_id)
        answers = ControlAnswer.objects.filter(organisation_id=actor.organisation_id, framework=FRAMEWORK)
        expiring = sum(_put_expiring(actor, answer, resting) for answer in answers)
        about_rhythms(actor)
        _about_open_questions(actor)
    return expiring


def _run(now: datetime) -> str:
    total = owners = 0
    for organisation in Organisation.objects.exclude(kind=OrganisationKind.CIRCLE).order_by("pk"):
        actor = system_actor(organisation, now, "werker")
        with tenancy_scope(actor.tenancy()):
            if (
                organisation.kind in ASKED_UNPROMPTED
                or ControlAnswer.objects.filter(organisation_id=organisation.pk).exists()
            ):
                total += renew(actor)
                owners += 1
    return _("%(n)d bewijzen verlopen binnenkort, bij %(owners)d organisaties nagelopen") % {
        "n": total,
        "owners": owners,
    }


DAILY = Job("baseline.reminders", "dag", _run)


def _evidence_key(answer: ControlAnswer) -> str:
    return f"bewijs:{answer.framework}:{answer.control}"


def _put_expiring(actor: Actor, answer: ControlAnswer, resting: queries.Grounds) -> bool:
    """Put the action about evidence that expires soon or has expired; false when that of this answer runs on."""
    control = find_control(answer.control)
    now = resting.answer(control, answer, actor.today).stand(actor.today)
    day, gone = now.until, now.expired
    if day is None or day > actor.today + timedelta(days=NOTICE_DAYS):
        return False
    words = {"number": control.number, "title": control.title, "day": date_format(day, "j F Y")}
    title = (
        _("Bewijs bij %(number)s is verlopen: %(title)s") if gone else _("Bewijs bij %(number)s verloopt: %(title)s")
    )
    why = (
        _("Het bewijs telde tot en met %(day)s. Het antwoord telt nu nog voor de helft mee.")
        if gone
        else _("Het bewijs telt tot en met %(day)s. Daarna telt het antwoord nog voor de helft mee.")
    )
    actions.put(
        answer.organisation_id,
        Todo(
            key=_evidence_key(answer),
            title=(title % words)[:200],
            why=why % words,
            room=ROOM,
            path=reverse("baseline:control", args=[control.number]),
            risk=risk(control),
            effort=20,
            due=due_at(day),
        ),
        actor.now,
    )
    return True


# --- what returns ----------------------------------------------------------------------------------------------------


def about_rhythms(actor: Actor) -> None:
    """Put, renew or end the actions about the fixed tasks of the norm.

    What was never noted as done is asked once for all of them: a list of sixteen late tasks helps nobody on day one.
    """
    rows = queries.rhythms(actor)
    never = [row.beat.rhythm for row in rows if row.beat.pace is Pace.NEVER]
    ended = [] if never else [NEVER_DONE]
    for row in rows:
        key = f"ritme:{FRAMEWORK}:{row.beat.rhythm.number}"
        if row.beat.pace in (Pace.LATE, Pace.SOON) and row.beat.due is not None:
            actions.put(actor.organisation_id, _returning(key, row.beat.rhythm, row.beat.due), actor.now)
        else:
            ended.append(key)
    actions.complete(actor.organisation_id, ended, actor)
    if not never:
        return
    actions.put(
        actor.organisation_id,
        Todo(
            key=NEVER_DONE,
            title=ngettext(
                "Leg van %(n)d vaste taak vast wanneer u die voor het laatst deed",
                "Leg van %(n)d vaste taken vast wanneer u die voor het laatst deed",
                len(never),
            )
            % {"n": len(never)},
            why=_("De BIO vraagt deze taken steeds opnieuw. Daarna krijgt u per taak op tijd een seintje."),
            room=ROOM,
            path=reverse("baseline:rhythms"),
            risk=1,
            effort=len(never) * MINUTES_PER_NOTE,
            due=due_at(_quarter_end(actor.today)),
        ),
        actor.now,
    )


def rhythm_undone(actor: Actor, number: str) -> None:
    """Open the action of a fixed task again, since it turned out not to be done."""
    about_rhythms(actor)
    pace = next(row.beat.pace for row in queries.rhythms(actor) if row.beat.rhythm.number == number)
    if pace is Pace.NEVER:
        actions.reopen_by_key(actor.organisation_id, NEVER_DONE)
    elif pace is not Pace.ON_TIME:
        actions.reopen_by_key(actor.organisation_id, f"ritme:{FRAMEWORK}:{number}")


def _returning(key: str, rhythm: Rhythm, due: date) -> Todo:
    control = find_control(rhythm.control)
    words = {"number": rhythm.number, "day": date_format(due, "j F Y"), "proof": rhythm.proof}
    return Todo(
        key=key,
        title=rhythm.task[:200],
        why=_("BIO2 %(number)s vraagt dit uiterlijk op %(day)s. Als bewijs: %(proof)s.") % words,
        room=ROOM,
        path=reverse("baseline:rhythms") + f"#taak-{rhythm.number}",
        risk=risk(control),
        effort=rhythm.minutes,
        due=due_at(due),
    )


# --- questions without an answer -------------------------------------------------------------------------------------


def _about_open_questions(actor: Actor) -> None:
    framework = load_framework(FRAMEWORK)
    answered = set(
        ControlAnswer.objects.filter(organisation_id=actor.organisation_id, framework=FRAMEWORK).values_list(
            "control", flat=True
        )
    )
    unanswered = heaviest([c for c in framework.controls if c.number not in answered])
    if not unanswered:
        actions.complete(actor.organisation_id, OPEN_QUESTIONS, actor)
        return
    count = min(len(unanswered), PER_WEEK)
    actions.put(
        actor.organisation_id,
        Todo(
            key=OPEN_QUESTIONS,
            title=ngettext("Beantwoord %(n)d vraag van de BIO", "Beantwoord %(n)d vragen van de BIO", count)
            % {"n": count},
            why=_("Er staan er nog %(left)d open. Begin met %(numbers)s: die wegen het zwaarst.")
            % {"left": len(unanswered), "numbers": ", ".join(c.number for c in unanswered[:3])},
            room=ROOM,
            path=reverse("baseline:list") + "?state=onbeantwoord&sort=-risk",
            risk=risk(unanswered[0]),
            effort=count * MINUTES_PER_ANSWER,
            due=due_at(_quarter_end(actor.today)),
        ),
        actor.now,
    )


def _quarter_end(day: date) -> date:
    """The last day of the quarter: an action that was put off by hand is asked again the next quarter."""
    first_of_next = date(day.year + (day.month > 9), (day.month - 1) // 3 * 3 + 4 if day.month <= 9 else 1, 1)
    return first_of_next - timedelta(days=1)
