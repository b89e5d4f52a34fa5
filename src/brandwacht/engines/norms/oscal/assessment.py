"""An assessment as it travels: what one organisation answers on one framework, on which evidence, and what it plans."""

from dataclasses import dataclass
from datetime import date, datetime

from ..answers import Answer
from ..judgement import Judgement
from ..states import Finding, State


@dataclass(frozen=True, slots=True)
class Party:
    """The organisation: its code, such as VR17, and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a piece of evidence is, `where` it is and when it counts; never the piece itself.

    `sha256` is that of the document, in hexadecimal, or empty.
    """

    description: str
    valid_from: date | None = None
    valid_to: date | None = None
    received_on: date | None = None
    sha256: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Assessed:
    """One answered control. `answered_at` is an aware moment. Findings and maturity are those of `Judgement`."""

    control: str
    state: State
    answered_at: datetime
    answered_by: str
    reason: str = ""
    risk_analysis: str = ""
    evidence: tuple[Evidence, ...] = ()
    design: Finding = Finding.UNSEEN
    existence: Finding = Finding.UNSEEN
    operation: Finding = Finding.UNSEEN
    maturity: int | None = None

    def answer(self, day: date) -> Answer:
        """The claim as the rest of the engine has it, its evidence apart; `day` is the local day of `answered_at`."""
        judgement = Judgement(self.design, self.existence, self.operation, self.maturity)
        return Answer(self.control, self.state, day, self.reason, None, self.risk_analysis, judgement)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers of one organisation on one framework (its key), in the order of the norm."""

    framework: str
    organisation: Party
    answers: tuple[Assessed, ...]


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """Something that will be done. `key` is its lasting identifier; `state` plan, do, check or act; `cost` in euro."""

    key: str
    title: str
    description: str
    control: str
    state: str
    owner: str
    due: date
    cost: int | None = None
    done_at: datetime | None = None
