"""The errors that a use case raises; each carries a Dutch sentence for the person."""

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

    ``field`` is the form field that it is about, if any.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
