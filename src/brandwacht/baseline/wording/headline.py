"""The sentences with which the room answers."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.engines.norms import Score


def headline(score: Score) -> str:
    """The state of the basis in words: the figure, what it rests on, and how old that is."""
    if score.oldest is None:
        return _("Er is nog geen vraag beantwoord. Begin met de vragen die het zwaarst wegen.")
    figure = _("De basis is voor %(percent)d%% op orde: %(word)s.") % {"percent": score.percent, "word": score.word}
    if score.percent == 100:
        figure = _("De basis is op orde.")
    basis = _("Dat berust op %(answered)d van %(total)d antwoorden; het oudste is van %(day)s.") % {
        "answered": score.based_on,
        "total": score.controls,
        "day": date_format(score.oldest, "j F Y"),
    }
    return f"{figure} {basis}"
