"""The Traffic Light Protocol, version 2.0 (FIRST, August 2022), and how STIX 2.1 writes it down.

Labels and colours are FIRST's; the Dutch explanations are our own. The marking definitions are those of the
TLP 2.0 extension that OASIS published for STIX 2.1; the older ones (TLP 1.0) are read, never written.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

STIX_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
BACKGROUND: Final = "#000000"  # FIRST asks for every label on black


class UnknownLabel(ValueError):
    """A text that is no label of its protocol; the message is Dutch."""


class UnknownTlp(UnknownLabel):
    """A text that is no TLP label; the message is Dutch and names the labels that are."""


class TLP(Enum):
    """One of the five labels; the value is FIRST's exact spelling, fit to show and to store."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"

    @property
    def label(self) -> str:
        """FIRST's spelling, for example `TLP:AMBER+STRICT`."""
        return self.value

    @property
    def strictness(self) -> int:
        """0 for CLEAR up to 4 for RED."""
        return _STRICTNESS[self]

    @property
    def colour(self) -> str:
        """FIRST's text colour as `#RRGGBB`, to be put on `BACKGROUND`."""
        return _COLOUR[self]

    @property
    def who_may_see(self) -> str:
        """Plain Dutch: who may read what carries this label."""
        return _WHO[self]

    @property
    def marking_id(self) -> str:
        """The id of the STIX 2.1 marking definition."""
        return f"marking-definition--{_MARKING[self]}"

    @staticmethod
    def strictest(*labels: "TLP") -> "TLP":
        """The strictest of one or more labels; ValueError when there are none."""
        if not labels:
            raise ValueError("Er is geen TLP-label om uit te kiezen.")
        return max(labels, key=lambda label: label.strictness)

    @staticmethod
    def parse(text: str) -> "TLP":
        """Read a label as people write it: any case, with or without `TLP:`, old names included (see `old_name`).

        Raises UnknownTlp with a Dutch message.
        """
        label = _SPELLINGS.get(squeezed(text, "tlp"))
        if label is None:
            known = ", ".join(each.label for each in TLP)
            raise UnknownTlp(f"‘{text[:60]}’ is geen TLP-label. Kies uit: {known}.")
        return label

    def marking_definition(self) -> dict[str, object]:
        """The STIX 2.1 marking-definition object, as OASIS published it."""
        return {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.marking_id,
            "created": "2022-10-01T00:00:00.000Z",
            "name": self.label,
            "extensions": {
                STIX_EXTENSION: {
                    "extension_type": "property-extension",
                    "tlp_2_0": self.label.removeprefix("TLP:").lower(),
                }
            },
        }


def old_name(text: str) -> str | None:
    """A Dutch note when the text uses a name that TLP 2.0 no longer has (WHITE), else None."""
    if squeezed(text, "tlp") == "white":
        return "TLP:WHITE is de oude naam (TLP 1.0). Sinds 2022 heet dit TLP:CLEAR."
    return None


def squeezed(text: str, protocol: str) -> str:
    """Reduce a spelling to its bare letters and plus: `TLP: Amber + Strict` becomes `amber+strict`."""
    bare = "".join(text.split()).lower()
    return bare.removeprefix(protocol).removeprefix(":").removeprefix("-").removeprefix("_")


_STRICTNESS: Final = {label: level for level, label in enumerate(reversed(TLP))}
_COLOUR: Final = {
    TLP.RED: "#FF2B2B",
    TLP.AMBER_STRICT: "#FFC000",
    TLP.AMBER: "#FFC000",
    TLP.GREEN: "#33FF00",
    TLP.CLEAR: "#FFFFFF",
}
_WHO: Final = {
    TLP.RED: "Alleen de personen die met naam zijn genoemd. U vertelt het niet door, ook niet aan collega's.",
    TLP.AMBER_STRICT: "Alleen medewerkers van de organisaties die het kregen, en van hen alleen wie het nodig heeft.",
    TLP.AMBER: "De organisaties die het kregen en de organisaties in dezelfde kring. Ook daar alleen wie het nodig "
    "heeft om zich te beschermen.",
    TLP.GREEN: "Alle organisaties die aan dit netwerk meedoen. Het mag niet openbaar worden.",
    TLP.CLEAR: "Iedereen. U mag dit openbaar maken.",
}
_MARKING: Final = {
    TLP.RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
    TLP.AMBER_STRICT: "939a9414-2ddd-4d32-a0cd-375ea402b003",
    TLP.AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    TLP.GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    TLP.CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
}
_SPELLINGS: Final[Mapping[str, TLP]] = {
    "red": TLP.RED,
    "amber+strict": TLP.AMBER_STRICT,
    "amber-strict": TLP.AMBER_STRICT,
    "amber_strict": TLP.AMBER_STRICT,
    "amberstrict": TLP.AMBER_STRICT,
    "amber": TLP.AMBER,
    "green": TLP.GREEN,
    "clear": TLP.CLEAR,
    "white": TLP.CLEAR,
}

# Every marking id we understand: ours, and the four that the STIX 2.1 specification fixed for TLP 1.0.
KNOWN_MARKINGS: Final[Mapping[str, TLP]] = {
    **{label.marking_id: label for label in TLP},
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": TLP.RED,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": TLP.AMBER,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": TLP.GREEN,
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": TLP.CLEAR,
}
