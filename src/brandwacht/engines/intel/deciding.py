"""Who may see what is shared, by which way, and what they may do with it: one pure function, used on every read path.

TLP decides who. It is a ladder: each label admits everyone a stricter label admits, and one group more, so that a
stricter label can never widen the circle of readers. The way by which something reaches someone (a mail, a coupling)
can only narrow that, and PAP decides what may be done with it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .marking import Marking
from .pap import PAP
from .tlp import TLP


class Action(StrEnum):
    """What somebody wants to do with what is shared."""

    READ = "read"
    """Know it, see it counted, find it, see that it belongs with something else."""
    WATCH = "watch"
    """Search own logs and own traffic for it, unseen from outside."""
    EXPORT = "export"
    """Take it into another system of the own organisation."""
    LOOK_UP = "look_up"
    """Ask a third party's service about it, which then knows that someone looks."""
    TOUCH = "touch"
    """Connect to it, test it or block it: its owner may notice."""


class Purpose(StrEnum):
    """The way by which it would reach the reader. Every read path is one of these."""

    PAGE = "page"
    SEARCH = "search"
    COUNT = "count"
    CORRELATION = "correlation"
    API = "api"
    FILE = "file"
    TAXII = "taxii"
    """A coupling between systems, TAXII or another: no person looks along."""
    MAIL = "mail"
    """The text of a message; a link to a page is not the thing itself."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to read. Keys are opaque texts; the caller uses the same ones in `Audience`.

    `organisations` are those the person works for now (a former member has none left), `meetings` those the person
    attended; `circles` and `communities` those that one of the organisations is a member of. A system that reads has no
    person. Without anything it is the general public.
    """

    person: str | None = None
    organisations: frozenset[str] = frozenset()
    circles: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    meetings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom something is meant. Empty means nobody, not everybody, whatever the label. The author belongs in it too.

    `persons` are named, `meetings` stands for who attended, `circles` (VR-ISAC, a chain) for their member
    organisations, `communities` for the wider network in which GREEN may go round.
    """

    persons: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    circles: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    meetings: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.persons or self.organisations or self.circles or self.communities or self.meetings)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision with its reason in plain Dutch, fit to show and to write in the audit chain."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def decide(
    marking: Marking,
    *,
    reader: Reader,
    audience: Audience,
    purpose: Purpose = Purpose.PAGE,
    action: Action = Action.READ,
) -> Verdict:
    """Decide whether this reader may do this with what carries this marking and is meant for this audience.

    Who may know it, by TLP:

    - RED: a person who is named or attended a meeting it was shared in, and works for an organisation here.
    - AMBER+STRICT: and everyone at an organisation that received it.
    - AMBER: and organisations in a circle it was sent to.
    - GREEN: and organisations in a community it was sent to.
    - CLEAR: and everyone.

    Then the way: no text above GREEN by mail, no RED through a coupling. Then what is done with it, by PAP: at RED only
    reading and watching, from AMBER up export and look-ups at others, from GREEN up touching the target. A file or a
    coupling is an export. Nothing that PAP or the way allows makes somebody a reader.
    """
    known = _may_know(marking.tlp, reader, audience)
    if not known:
        return known
    tlp = marking.tlp
    if tlp.strictness > _STRICTEST_BY.get(purpose, TLP.RED).strictness:
        return Verdict(False, f"{tlp.label}: {_WAY[purpose]}")
    for done in (action, Action.EXPORT if purpose in _EXPORTS else Action.READ):
        if marking.pap.strictness > _STRICTEST_FOR[done].strictness:
            return Verdict(False, f"{marking.pap.label}: {_DONE[done]}")
    return known


def _may_know(tlp: TLP, reader: Reader, audience: Audience) -> Verdict:
    if not audience:
        return Verdict(False, f"{tlp.label}: er is geen ontvanger gekozen, dus niemand ziet dit.")
    if reader.person is not None and reader.organisations:
        if reader.person in audience.persons:
            return Verdict(True, "U bent met naam genoemd als ontvanger.")
        if reader.meetings & audience.meetings:
            return Verdict(True, "U was bij het overleg waarin dit is gedeeld.")
    if tlp is TLP.RED:
        return _refused(tlp, "u bent niet met naam genoemd als ontvanger en was niet bij het overleg hierover.")
    if reader.organisations & audience.organisations:
        return Verdict(True, "Uw organisatie is ontvanger.")
    if tlp is TLP.AMBER_STRICT:
        return _refused(tlp, "uw organisatie is geen ontvanger.")
    if reader.circles & audience.circles:
        return Verdict(True, "Uw organisatie zit in een kring die dit kreeg.")
    if tlp is TLP.AMBER:
        return _refused(tlp, "uw organisatie is geen ontvanger en zit niet in een kring die dit kreeg.")
    if reader.communities & audience.communities:
        return Verdict(True, "Uw organisatie doet mee aan dit netwerk.")
    if tlp is TLP.GREEN:
        return _refused(tlp, "uw organisatie hoort niet bij een netwerk dat dit kreeg.")
    return Verdict(True, "Dit is openbaar.")


def _refused(tlp: TLP, why: str) -> Verdict:
    return Verdict(False, f"{tlp.label}: {why}")


_EXPORTS: Final = frozenset({Purpose.FILE, Purpose.TAXII})
_STRICTEST_BY: Final = {Purpose.MAIL: TLP.GREEN, Purpose.TAXII: TLP.AMBER_STRICT}
_STRICTEST_FOR: Final = {
    Action.READ: PAP.RED,
    Action.WATCH: PAP.RED,
    Action.EXPORT: PAP.AMBER,
    Action.LOOK_UP: PAP.AMBER,
    Action.TOUCH: PAP.GREEN,
}
_WAY: Final = {
    Purpose.MAIL: "de tekst gaat niet per mail. Stuur een verwijzing naar de pagina.",
    Purpose.TAXII: "dit is voor personen en gaat niet door een koppeling.",
}
_DONE: Final = {
    Action.EXPORT: "dit mag u niet overnemen in een ander systeem.",
    Action.LOOK_UP: "u mag hiernaar niet navragen bij een dienst van een ander.",
    Action.TOUCH: "u mag geen verbinding maken met het doel en het niet blokkeren.",
}
