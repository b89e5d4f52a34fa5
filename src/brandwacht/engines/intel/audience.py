"""Who may see what carries a TLP label: one pure rule, used wherever something shared is read.

The rule is a ladder. Each label admits everyone a stricter label admits, and one group more, so that a
stricter label can never widen the circle of readers.
"""

from dataclasses import dataclass

from .tlp import TLP


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to read. Keys are opaque texts; the caller uses the same ones in `Audience`.

    `organisations` are those the person works for now; `circles` are those that one of these organisations is a
    member of (VR-ISAC, a chain). Without person, organisation and circle it is the general public.
    """

    person: str | None = None
    organisations: frozenset[str] = frozenset()
    circles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom something is meant. Empty means nobody, not everybody. The author belongs in it too."""

    persons: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    circles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision with its reason in plain Dutch, fit to show and to write in the audit chain."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def may_see(tlp: TLP, *, reader: Reader, audience: Audience) -> Verdict:
    """Decide whether this reader may see what carries this label and is meant for this audience.

    - RED: a person who is named.
    - AMBER+STRICT: and everyone at an organisation that received it.
    - AMBER: and organisations that share a circle it was sent to.
    - GREEN: and every organisation in the network.
    - CLEAR: and everyone.
    """
    if reader.person is not None and reader.person in audience.persons:
        return Verdict(True, "U bent met naam genoemd als ontvanger.")
    if tlp is TLP.RED:
        return _refused(tlp, "u bent niet met naam genoemd als ontvanger.", audience.persons)
    if reader.organisations & audience.organisations:
        return Verdict(True, "Uw organisatie is ontvanger.")
    if tlp is TLP.AMBER_STRICT:
        return _refused(tlp, "uw organisatie is geen ontvanger.", audience.persons | audience.organisations)
    if reader.circles & audience.circles:
        return Verdict(True, "Uw organisatie zit in een kring die dit kreeg.")
    if tlp is TLP.AMBER:
        receivers = audience.persons | audience.organisations | audience.circles
        return _refused(tlp, "uw organisatie is geen ontvanger en zit niet in een kring die dit kreeg.", receivers)
    if reader.organisations or reader.circles:
        return Verdict(True, "Uw organisatie doet mee aan dit netwerk.")
    if tlp is TLP.GREEN:
        return Verdict(False, f"{tlp.label}: u hoort niet bij een organisatie in dit netwerk.")
    return Verdict(True, "Dit is openbaar.")


def _refused(tlp: TLP, why: str, receivers: frozenset[str]) -> Verdict:
    """Refuse, and say so when the reason is that nobody at all was chosen: that is usually a slip of the sender."""
    return Verdict(False, f"{tlp.label}: {why if receivers else 'er is geen ontvanger gekozen, dus niemand ziet dit.'}")
