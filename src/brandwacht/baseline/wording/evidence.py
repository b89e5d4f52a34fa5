"""The sentences that say on what a judgement rests, how old that is, and who saw it."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.queries import ControlRow
from brandwacht.engines.norms import Score


def rests_on(row: ControlRow) -> list[str]:
    """What is true of the answer of this control, in sentences: its ground, its age, its witnesses, what fell back."""
    return [*_fallen_back(row), *_ground(row)]


def figure_rests_on(score: Score) -> list[tuple[str, tuple[str, ...]]]:
    """What makes the figure weaker than it looks: a sentence with the numbers of the controls it is about."""
    kinds = (
        (_("Het bewijs is verlopen; het antwoord telt hoogstens half"), score.expired),
        (_("Er houdt minder stand dan er is geantwoord"), score.held_back),
        (_("‘Voldoet’ zonder bewijs: het telt mee op uw woord"), score.unproven),
        (_("Nog niet bekeken op opzet, bestaan en werking"), score.unjudged),
        (_("Bewijs dat nog niemand heeft bekeken"), score.unseen),
        (_("Risico geaccepteerd; dit telt niet mee als op orde"), score.accepted),
    )
    return [(text, numbers) for text, numbers in kinds if numbers]


def _fallen_back(row: ControlRow) -> list[str]:
    said = []
    if row.held_back:
        said.append(
            _("U antwoordde ‘%(said)s’. Nu houdt stand: ‘%(holds)s’.")
            % {"said": row.state.label, "holds": row.holds.label}
        )
    if row.stand.expired and row.stand.counted_until:
        day = {"day": date_format(row.stand.counted_until, "j F Y")}
        said.append(
            _("Het laatste bewijs telde tot en met %(day)s. De werking staat daarom weer op ‘niet bekeken’.") % day
            if row.stand.dropped
            else _("Het laatste bewijs telde tot en met %(day)s. Zonder nieuw bewijs telt het antwoord hoogstens half.")
            % day
        )
    if unmet := row.judged.judgement.unmet:
        said.append(
            ngettext(
                "Overheidsmaatregel %(numbers)s is nog niet op orde.",
                "Overheidsmaatregelen %(numbers)s zijn nog niet op orde.",
                len(unmet),
            )
            % {"numbers": ", ".join(unmet)}
        )
    return said


def _ground(row: ControlRow) -> list[str]:
    stand = row.stand
    if row.answer is None:
        return []
    if not stand.rests_on:
        return (
            []
            if stand.expired
            else [_("Dit berust op het woord van %(who)s; er is geen bewijs.") % {"who": row.answer.answered_by}]
        )
    count = len(stand.rests_on)
    days = (row.today - stand.oldest).days if stand.oldest else 0
    said = [
        ngettext("Dit berust op %(n)d bewijs.", "Dit berust op %(n)d bewijzen.", count) % {"n": count}
        + " "
        + (
            _("Het oudste kwam vandaag binnen.")
            if days <= 0
            else ngettext("Het oudste is %(n)d dag oud.", "Het oudste is %(n)d dagen oud.", days) % {"n": days}
        )
    ]
    if stand.seen_by:
        said.append(_("Bekeken door %(who)s.") % {"who": ", ".join(stand.seen_by)})
    if stand.unseen:
        said.append(
            ngettext(
                "Naar %(n)d bewijs heeft nog niemand gekeken.",
                "Naar %(n)d bewijzen heeft nog niemand gekeken.",
                stand.unseen,
            )
            % {"n": stand.unseen}
        )
    return said
