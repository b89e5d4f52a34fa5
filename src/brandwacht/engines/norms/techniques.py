"""From what an attacker did (ATT&CK techniques) to the controls that help against it."""

from collections.abc import Iterable
from fractions import Fraction

from .framework import Control, Framework


def controls_for(framework: Framework, techniques: Iterable[str]) -> list[Control]:
    """The controls that help against these techniques, the most telling first.

    A control that names `T1003` helps against `T1003.001` too; one that names `T1003.001` says nothing about the
    rest of `T1003`. Ranked by: how many of the given techniques it helps against; how directly (a control names the
    most direct technique first: place 1 weighs 1, place 2 a half, place 3 a third); how many active government
    measures it has; its place in the norm.
    """
    seen = {technique.strip().upper() for technique in techniques}
    ranked = []
    for control in framework.controls:
        weights = [weight for technique in seen if (weight := _weight(control, technique))]
        if weights:
            ranked.append(((-len(weights), -sum(weights), -len(control.active_measures)), control))
    return [control for _, control in sorted(ranked, key=lambda pair: pair[0])]


def _weight(control: Control, technique: str) -> Fraction:
    """How directly this control helps against this technique: 1 for the first it names, 0 for one it does not."""
    names = (technique, technique.partition(".")[0])
    places = [place for place, name in enumerate(control.attack, start=1) if name in names]
    return Fraction(1, places[0]) if places else Fraction(0)
