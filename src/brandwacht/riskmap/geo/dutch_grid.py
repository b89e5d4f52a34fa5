"""From the Dutch national grid (Rijksdriehoeksstelsel, EPSG:28992) to longitude and latitude."""

from __future__ import annotations

_LATITUDE = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_LONGITUDE = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude (WGS84, degrees) of metres on the grid, good to about a metre.

    The approximation of Schreutelkamp and Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en
    WGS84-kaartcoördinaten", Geodesia 43 (2001).
    """
    p, q = (x - 155_000) / 100_000, (y - 463_000) / 100_000
    latitude = 52.15517440 + sum(k * p**i * q**j for i, j, k in _LATITUDE) / 3600
    longitude = 5.38720621 + sum(k * p**i * q**j for i, j, k in _LONGITUDE) / 3600
    return longitude, latitude
