"""Things of the circle itself: guidelines, seats, meetings, threats, pseudonyms and questions, each with the word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from brandwacht.network.models import Organisation, User
from brandwacht.sharing.models import (
    Attendee,
    CircleQuestion,
    CircleSeat,
    Custodian,
    Guideline,
    GuidelineSignature,
    Meeting,
    Opening,
    Pseudonym,
    QuestionAnswer,
    Sighting,
    StixCollection,
    StixObject,
    TaxiiStatus,
    Threat,
    ThreatReader,
    ThreatState,
)
from brandwacht.sharing.sealing import new_key, open_share, seal, seal_share


def things(circle: Organisation, home: Organisation, member: User, now: datetime, word: str) -> dict[str, Any]:
    """One row of everything, owned by the circle; ``member`` works at ``home`` and signed, and wrote the threats."""
    guideline = _saved(
        Guideline(
            organisation=circle, version=1, text=word, from_on=timezone.localdate(now), set_at=now, set_by=word
        )
    )  # fmt: skip
    seat = _saved(CircleSeat(organisation=circle, member=home, user=member, opened_at=now))
    _saved(GuidelineSignature(organisation=circle, seat=seat, guideline=guideline, signed_at=now))
    meeting = _saved(
        Meeting(
            organisation=circle, title=f"{word} overleg", on=timezone.localdate(now), tlp="AMBER", agenda=word,
            decisions=word, written_by=word, written_at=now,
        )
    )  # fmt: skip
    _saved(Attendee(organisation=circle, meeting=meeting, user=member, member=home))
    made = {"guideline": guideline, "seat": seat, "meeting": meeting}
    made |= _pseudonym(circle, member, now, word)
    shared = {"state": ThreatState.SHARED, "shared_at": now}
    for number, (key, facts) in enumerate(
        {"threat": shared, "threat_red": shared | {"tlp": "RED"}, "threat_draft": {}}.items(), start=1
    ):
        text = {"title": f"{word} dreiging", "what": word, "products": [word], "tlp": "AMBER"}
        made[key] = _saved(
            Threat(
                organisation=circle, number=number, topic="phishing", author=member, author_organisation=home,
                written_at=now, **(text | facts),
            )
        )  # fmt: skip
    _saved(ThreatReader(organisation=circle, threat=made["threat_red"], user=member))
    _saved(Sighting(organisation=circle, threat=made["threat"], member=home, on=timezone.localdate(now)))
    asked = {"organisation": circle, "text": f"{word}?", "tlp": "AMBER", "asked_at": now}
    made["circle_question"] = _saved(CircleQuestion(pseudonym=made["pseudonym"], **asked))
    made["question_mine"] = _saved(CircleQuestion(asker=member, asker_organisation=home, **asked))
    _saved(QuestionAnswer(organisation=circle, question=made["question_mine"], handle="1" * 64))
    collection = _saved(StixCollection(organisation=circle, last_added=now))
    _saved(
        StixObject(
            organisation=circle, collection=collection, stix_id=f"report--{circle.public_id}", kind="report",
            version=now, date_added=now, tlp="AMBER", origin=circle.public_id, content={"name": word},
        )
    )  # fmt: skip
    _saved(TaxiiStatus(organisation=circle, member=home, at=now, total=1, successes=[{"id": word}]))
    return made


def _pseudonym(circle: Organisation, member: User, now: datetime, word: str) -> dict[str, Any]:
    """A pseudonym sealed to two who were custodian before: the member, whose key is known, and one who asked."""
    private, public = new_key()
    other_private, other_public = new_key()
    other = User.objects.create_user("bewaarder@test.example", "Bewaarder")
    before = {"organisation": circle, "since": now, "until": now}
    mine = _saved(Custodian(user=member, public_key=public, **before))
    first = _saved(Custodian(user=other, public_key=other_public, **before))
    pseudonym = Pseudonym(organisation=circle, name=f"{word} vink", topic="phishing", handle="0" * 64)
    label = str(pseudonym.public_id)
    keys = {str(mine.public_id): public, str(first.public_id): other_public}
    sealed: Any = seal({"naam": word}, keys, label)
    pseudonym.sealed = sealed
    _saved(pseudonym)
    share = open_share(sealed["shares"][str(first.public_id)], other_private, label)
    unasked = Pseudonym(organisation=circle, name=f"{word} wulp", topic="aanval", handle="2" * 64)
    unasked.sealed = dict(seal({"naam": word}, keys, str(unasked.public_id)))
    _saved(unasked)
    opening = Opening(
        organisation=circle, pseudonym=pseudonym, first=first, reason=word, asked_at=now,
        share=seal_share(share, public, label),
    )  # fmt: skip
    return {
        "pseudonym": pseudonym, "unasked": unasked, "opening": _saved(opening), "private": private,
        "custodian": _saved(Custodian(organisation=circle, user=member, since=now)),
    }  # fmt: skip


def _saved(row: Any) -> Any:
    row.save()
    return row
