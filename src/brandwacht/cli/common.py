"""What the commands share: the organisation they act for, and errors as one clear line."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
from django.utils import timezone

from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Organisation


def system_for(code: str) -> Actor:
    """Brandwacht acting for the organisation with this code; a click error when there is none."""
    organisation = Organisation.objects.filter(code=code.upper()).first()
    if organisation is None:
        raise click.BadParameter(f"Organisatie {code} is niet bekend. Gebruik een code zoals VR17, GM0599 of NIPV.")
    return system_actor(organisation, timezone.now())


def plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Show the Dutch reason of a refusal and leave with exit code 1; no traceback."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as error:
            click.echo(error.message, err=True)
        except Denied as error:
            click.echo(error.decision.reason, err=True)
        sys.exit(1)

    return run


def plain(line: str) -> str:
    """A line without what gives orders to a terminal: file names and what stands in files come from elsewhere."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def heed_signals() -> Callable[[], bool]:
    """From now on SIGTERM and SIGINT only make this answer yes."""
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    return lambda: bool(came)
