"""An assessment as it travels: what one organisation answers on one framework, on which evidence, and what it plans."""

from dataclasses import dataclass
from datetime import date, datetime

from ..answers import Answer, State


@dataclass(frozen=True, slots=True)
class Party:
    """The organisation: its code, such as VR17, and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a piece of evidence is and when it counts; never the piece itself. `sha256` is in hexadecimal, or empty."""

    description: str
    valid_from: date | None = None
    valid_to: date | None = None
    received_on: date | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Assessed:
    """One answered control. `answered_at` is an aware moment."""

    control: str
    state: State
    answered_at: datetime
    answered_by: str
    reason: str = ""
    risk_analysis: str = ""
    evidence: tuple[Evidence, ...] = ()

    def answer(self, day: date) -> Answer:
        """As the rest of the engine has it; `day` is the local day of `answered_at`."""
        ends = [piece.valid_to for piece in self.evidence if piece.valid_to]
        return Answer(self.control, self.state, day, self.reason, max(ends, default=None), self.risk_analysis)


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
