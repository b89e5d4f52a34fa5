"""What an advisory or a CVE record says is affected, in one form whatever it was written in.

These and `Versions` are structs, not dataclasses: hundreds of thousands are made and looked at in one go.
"""

from __future__ import annotations

from msgspec import Struct

from .versions import Versions


class Affected(Struct, frozen=True, gc=False):
    """One product in one advisory.

    `versions` are those affected, any of them; empty means that nobody said. `safe` are those that are not, and win.
    `label` is how the advisory itself calls it; `flaws` are the CVE numbers it is about.
    """

    product: str = ""
    vendor: str = ""
    versions: tuple[Versions, ...] = ()
    safe: tuple[Versions, ...] = ()
    cpe: str = ""
    purl: str = ""
    label: str = ""
    flaws: tuple[str, ...] = ()

    def concerns(self, version: str) -> bool | None:
        """Whether this version is affected; None when that can not be said."""
        if not version:
            return None
        for each in self.safe:
            if each.holds(version):
                return False
        known = bool(self.versions)
        for each in self.versions:
            verdict = each.holds(version)
            if verdict:
                return True
            known = known and verdict is not None
        return False if known else None


class Subject(Struct, frozen=True, gc=False):
    """An advisory or CVE record as the matcher takes it; `key` is the caller's (a tracking id, a CVE number)."""

    key: str
    affected: tuple[Affected, ...]
