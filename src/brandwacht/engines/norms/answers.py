"""What an organisation answers about a control, and which answers the norm does not allow."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .framework import Control


class State(StrEnum):
    """The answer in one word; the value is stable and fit to store."""

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


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on one day. `control` is the control's number.

    `evidence_valid_to` is the last day on which the evidence counts, None when there is no evidence.
    `risk_analysis` refers to the risk analysis on which an accepted risk rests (a document number or address).
    """

    control: str
    state: State
    answered_on: date
    reason: str = ""
    evidence_valid_to: date | None = None
    risk_analysis: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))  # so that a stored word will do


class RefusedByNorm(ValueError):
    """An answer that the norm does not allow; the message is the reason, in Dutch, with what can be done."""


def check_answer(control: Control, answer: Answer) -> None:
    """Let an answer pass, or raise RefusedByNorm.

    - "niet van toepassing" asks for a reason;
    - a risk may be accepted only with a reason and a reference to a risk analysis, and never on a control with active
      government measures: those can be not applicable, they can not be accepted away (BIO: they bind every
      government organisation).
    """
    if answer.control != control.number:
        raise ValueError(f"answer on {answer.control} held against control {control.number}")
    if answer.state is State.NOT_APPLICABLE and not answer.reason.strip():
        raise RefusedByNorm(
            f"Maatregel {control.number} is alleen ‘niet van toepassing’ als u schrijft waarom. Vul een reden in."
        )
    if answer.state is State.ACCEPTED:
        _check_acceptance(control, answer)


def _check_acceptance(control: Control, answer: Answer) -> None:
    if measures := control.active_measures:
        numbers = ", ".join(measure.number for measure in measures)
        raise RefusedByNorm(
            f"Bij maatregel {control.number} kunt u het risico niet accepteren. De overheid schrijft hier maatregelen "
            f"voor die elke overheidsorganisatie neemt: {numbers}. Kies ‘voldoet deels’ of ‘voldoet niet’ en plan een "
            "verbetering, of leg uit waarom de maatregel niet van toepassing is."
        )
    if not answer.reason.strip() or not answer.risk_analysis.strip():
        raise RefusedByNorm(
            f"Een risico accepteren bij maatregel {control.number} kan alleen met een reden en een verwijzing naar de "
            "risicoanalyse. Vul beide in."
        )
