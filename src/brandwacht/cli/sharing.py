"""``brandwacht sharing``: what the circle takes in from files and addresses."""

from __future__ import annotations

import click

from brandwacht.cli.sharing_advisories import advisories, cve, epss, feed, kev, visit
from brandwacht.cli.sharing_ndn import ndn


@click.group()
def sharing() -> None:
    """Delen: adviezen en andere bestanden inlezen."""


for command in (advisories, cve, epss, feed, kev, ndn, visit):
    sharing.add_command(command)
