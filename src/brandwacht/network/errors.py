"""The errors that a use case raises; each carries a Dutch sentence for the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from brandwacht.network.policy import Decision


class NotFound(Exception):
    """The thing is not there, or not for this actor: the two look the same."""


class Denied(Exception):
    """The policy refuses. ``decision.reason`` says why, in Dutch."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


class Refused(Exception):
    """The input or the state does not allow it; the message (Dutch) names the place and the mend.

    ``field`` is the form field that it is about, if any. ``also`` is what else is wrong with the same input.
    """

    def __init__(self, message: str, field: str | None = None, also: Sequence[Refused] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.also = also


class Refusals:
    """Gathers what is wrong with an input, so that the person hears all of it at once."""

    def __init__(self) -> None:
        self._found: list[Refused] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what is refused within, and go on after it."""
        try:
            yield
        except Refused as error:
            self._found.append(error)

    def end(self) -> None:
        """Raise ``Refused`` with everything that was noted; nothing when all was well."""
        if self._found:
            first, *others = self._found
            raise Refused(first.message, first.field, others)
