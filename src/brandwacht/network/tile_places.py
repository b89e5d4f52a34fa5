"""Where each of the 25 safety regions has its tile in a tile map: a picture that needs no boundaries."""

from types import MappingProxyType

PLACES = MappingProxyType(
    {
        "VR02": (3, 0), "VR01": (4, 0),
        "VR10": (1, 1), "VR04": (3, 1), "VR03": (4, 1),
        "VR12": (0, 2), "VR11": (1, 2), "VR25": (2, 2), "VR06": (3, 2), "VR05": (4, 2),
        "VR16": (0, 3), "VR13": (1, 3), "VR14": (2, 3), "VR07": (3, 3),
        "VR15": (0, 4), "VR17": (1, 4), "VR09": (2, 4), "VR08": (3, 4),
        "VR19": (0, 5), "VR18": (1, 5), "VR20": (2, 5), "VR21": (3, 5), "VR23": (4, 5),
        "VR22": (3, 6), "VR24": (4, 6),
    }
)  # fmt: skip
"""Column and row of every safety region. Ours, made by eye; no two share a place."""
