"""The words of an answer and of a finding; the values are stable and fit to store."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """The answer in one word."""

    MET = "voldoet"
    PARTLY = "deels"
    NOT_MET = "voldoet_niet"
    NOT_APPLICABLE = "niet_van_toepassing"
    ACCEPTED = "geaccepteerd"
    UNANSWERED = "onbeantwoord"

    @property
    def dutch(self) -> str:
        """The word to show."""
        return {
            State.MET: "Voldoet",
            State.PARTLY: "Voldoet deels",
            State.NOT_MET: "Voldoet niet",
            State.NOT_APPLICABLE: "Niet van toepassing",
            State.ACCEPTED: "Risico geaccepteerd",
            State.UNANSWERED: "Nog niet beantwoord",
        }[self]


class Finding(StrEnum):
    """What was found about design, existence or operation (opzet, bestaan, werking)."""

    YES = "ja"
    PARTLY = "deels"
    NO = "nee"
    UNSEEN = ""

    @property
    def dutch(self) -> str:
        """The word to show."""
        return {Finding.YES: "Ja", Finding.PARTLY: "Deels", Finding.NO: "Nee", Finding.UNSEEN: "Niet bekeken"}[self]


CLAIMS: Final = (State.NOT_MET, State.PARTLY, State.MET)
"""The states that claim something, from least to most."""


def lesser(state: State, most: State) -> State:
    """`state`, or `most` where `state` claims more than that; a state that claims nothing stays what it is."""
    if state in CLAIMS and CLAIMS.index(state) > CLAIMS.index(most):
        return most
    return state
