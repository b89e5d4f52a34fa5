"""``brandwacht sharing``: what the circle takes in from files and addresses."""

from __future__ import annotations

import click

from brandwacht.cli.sharing_advisories import advisories, cve, epss, feed, kev, visit


@click.group()
def sharing() -> None:
    """Delen: adviezen en lijsten van kwetsbaarheden inlezen."""


for command in (advisories, cve, epss, feed, kev, visit):
    sharing.add_command(command)
