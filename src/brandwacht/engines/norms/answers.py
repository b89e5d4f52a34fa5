"""What an organisation answers about a control, and which answers the norm does not allow."""

from dataclasses import dataclass, replace
from datetime import date

from .framework import Control
from .judgement import MATURITY, UNJUDGED, Evidence, Judgement, Stand, highest_maturity, most_to_claim, stand
from .states import CLAIMS, Finding, State, lesser


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on one day. `control` is the control's number.

    `evidence_valid_to` is the last day on which the evidence counts that was named with the answer, None when none
    was; more of it stands in `judgement`, with what was found.
    `risk_analysis` refers to the risk analysis on which an accepted risk rests (a document number or address).
    """

    control: str
    state: State
    answered_on: date
    reason: str = ""
    evidence_valid_to: date | None = None
    risk_analysis: str = ""
    judgement: Judgement = UNJUDGED

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))  # so that a stored word will do

    def stand(self, today: date) -> Stand:
        """Where the judgement stands, with the evidence that was named with the answer as one more piece."""
        judgement = self.judgement
        if self.evidence_valid_to is not None:
            on = self.answered_on  # whoever named it in the answer had it before them
            named = Evidence("", on, self.evidence_valid_to, on, added_on=on, seen_on=on)
            judgement = replace(judgement, evidence=(named, *judgement.evidence))
        return stand(judgement, today)

    def holds(self, today: date) -> State:
        """What still holds of the answer on a day: the state, or the most that findings and evidence allow."""
        return lesser(self.state, self.stand(today).most)


class RefusedByNorm(ValueError):
    """An answer that the norm does not allow; the message is the reason, in Dutch, with what can be done.

    `part` is the part of the answer that it is about: `state`, `reason`, `risk_analysis`, `operation` or `maturity`.
    """

    def __init__(self, message: str, part: str = "state") -> None:
        super().__init__(message)
        self.part = part


def check_answer(control: Control, answer: Answer) -> None:
    """Let an answer pass, or raise RefusedByNorm.

    - "niet van toepassing" asks for a reason;
    - a risk may be accepted only with a reason and a reference to a risk analysis, and never on a control with active
      government measures: those can be not applicable, they can not be accepted away (BIO: they bind every
      government organisation);
    - no answer claims more than its findings allow (`most_to_claim`), nor a level of maturity (`highest_maturity`),
      and what does not exist does not work.
    """
    if answer.control != control.number:
        raise ValueError(f"answer on {answer.control} held against control {control.number}")
    if answer.state is State.NOT_APPLICABLE and not answer.reason.strip():
        raise RefusedByNorm(
            f"Maatregel {control.number} is alleen ‘niet van toepassing’ als u schrijft waarom. Vul een reden in.",
            "reason",
        )
    if answer.state is State.ACCEPTED:
        _check_acceptance(control, answer)
    _check_findings(control, answer)
    _check_claim(control, answer)


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
            "risicoanalyse. Vul beide in.",
            "risk_analysis" if answer.reason.strip() else "reason",
        )


def _check_findings(control: Control, answer: Answer) -> None:
    found = answer.judgement
    if found.existence is Finding.NO and found.operation in (Finding.YES, Finding.PARTLY):
        raise RefusedByNorm(
            f"Maatregel {control.number}: wat niet bestaat, kan niet werken. Verander ‘bestaan’ of ‘werking’.",
            "operation",
        )
    if found.operation is Finding.YES and answer.stand(answer.answered_on).dropped:
        raise RefusedByNorm(
            f"Bij maatregel {control.number} telt geen bewijs meer. Voeg eerst nieuw bewijs toe, of kies bij ‘werking’ "
            "wat u nu zeker weet.",
            "operation",
        )
    highest = highest_maturity(found)
    if found.maturity is not None and found.maturity > highest:
        raise RefusedByNorm(
            f"Maatregel {control.number}: volwassenheid {found.maturity} past niet bij wat u vond. Vanaf niveau 3 "
            f"(‘{MATURITY[3].name.lower()}’) is de opzet er, vanaf niveau 4 (‘{MATURITY[4].name.lower()}’) ook de "
            f"werking. Kies hoogstens {highest}.",
            "maturity",
        )


def _check_claim(control: Control, answer: Answer) -> None:
    most = most_to_claim(answer.judgement)
    if answer.state not in CLAIMS or lesser(answer.state, most) is answer.state:
        return
    if unmet := answer.judgement.unmet:
        raise RefusedByNorm(
            f"Maatregel {control.number} is nog niet ‘voldoet’: van wat de overheid voorschrijft, is "
            f"{', '.join(unmet)} niet op orde. Kies ‘{most.dutch.lower()}’, of werk eerst dat antwoord bij.",
            "state",
        )
    raise RefusedByNorm(
        f"Maatregel {control.number}: ‘{answer.state.dutch.lower()}’ zegt meer dan wat u vond over opzet, bestaan en "
        f"werking. Kies ‘{most.dutch.lower()}’, of bekijk eerst wat nog niet is bekeken.",
        "state",
    )
