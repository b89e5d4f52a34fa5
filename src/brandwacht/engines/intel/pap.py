"""The Permissible Actions Protocol: what one may do with what one knows, beside TLP that says who may know it.

Levels and meaning follow ANSSI and the MISP taxonomy `PAP`, with CLEAR for the older WHITE; the Dutch explanations are
our own. The marking definitions are those of the PAP extension in OASIS' common objects for STIX 2.1.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from .tlp import UnknownLabel, squeezed

PAP_EXTENSION: Final = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b"


class UnknownPap(UnknownLabel):
    """A text that is no PAP level; the message is Dutch and names the levels that are."""


class PAP(Enum):
    """One of the four levels; the value is the spelling to show and to store."""

    RED = "PAP:RED"
    AMBER = "PAP:AMBER"
    GREEN = "PAP:GREEN"
    CLEAR = "PAP:CLEAR"

    @property
    def label(self) -> str:
        """The spelling, for example `PAP:AMBER`."""
        return self.value

    @property
    def strictness(self) -> int:
        """0 for CLEAR up to 3 for RED."""
        return _STRICTNESS[self]

    @property
    def what_is_allowed(self) -> str:
        """Plain Dutch: what may be done with what carries this level."""
        return _WHAT[self]

    @property
    def marking_id(self) -> str:
        """The id of the STIX 2.1 marking definition."""
        return f"marking-definition--{_MARKING[self]}"

    @staticmethod
    def strictest(*levels: "PAP") -> "PAP":
        """The strictest of one or more levels; ValueError when there are none."""
        return max(levels, key=lambda level: level.strictness)

    @staticmethod
    def parse(text: str) -> "PAP":
        """Read a level as people write it: any case, with or without `PAP:`, WHITE for CLEAR. Raises UnknownPap."""
        level = _SPELLINGS.get(squeezed(text, "pap"))
        if level is None:
            known = ", ".join(each.label for each in PAP)
            raise UnknownPap(f"‘{text[:60]}’ is geen PAP-niveau (Permissible Actions Protocol). Kies uit: {known}.")
        return level

    def marking_definition(self) -> dict[str, object]:
        """The STIX 2.1 marking-definition object, as OASIS published it."""
        return {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.marking_id,
            "created": "2022-10-02T00:00:00.000Z",
            "name": self.label,
            "extensions": {
                PAP_EXTENSION: {
                    "extension_type": "property-extension",
                    "pap": self.label.removeprefix("PAP:").lower(),
                }
            },
        }


_STRICTNESS: Final = {level: number for number, level in enumerate(reversed(PAP))}
_WHAT: Final = {
    PAP.RED: "Alleen ongezien zoeken in eigen logboeken en eigen verkeer. Geef het aan geen enkel ander systeem.",
    PAP.AMBER: "Ook navragen bij een dienst van een ander en overnemen in eigen systemen. Raak het doel zelf niet aan.",
    PAP.GREEN: "Ook verbinding maken met het doel en het blokkeren.",
    PAP.CLEAR: "Alles wat de wet toestaat.",
}
_MARKING: Final = {
    PAP.RED: "740d36e5-7714-4c30-961a-3ae632ceee0e",
    PAP.AMBER: "60f8932b-e51e-4458-b265-a2e8be9a80ab",
    PAP.GREEN: "c43594d1-4b11-4c59-93ab-1c9b14d53ce9",
    PAP.CLEAR: "ad15a0cd-55b6-4588-a14c-a66105329b92",
}
_SPELLINGS: Final[Mapping[str, PAP]] = {
    **{level.name.lower(): level for level in PAP},
    "white": PAP.CLEAR,
}

KNOWN_PAP_MARKINGS: Final[Mapping[str, PAP]] = {
    **{level.marking_id: level for level in PAP},
    "marking-definition--a3bea94c-b469-41dc-9cfe-d6e7daba7730": PAP.CLEAR,  # the older WHITE
}
