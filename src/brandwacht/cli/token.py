"""``brandwacht token``: tokens for the API."""

from __future__ import annotations

from datetime import timedelta

import click
from django.utils import timezone

from brandwacht.cli.common import plain_errors, system_for
from brandwacht.network.actor import assignments_of
from brandwacht.network.models import User
from brandwacht.network.services import tokens
from brandwacht.network.tenancy import tenancy_scope


@click.group()
def token() -> None:
    """Tokens voor de API."""


@token.command()
@click.option("--email", required=True, help="Van wie het token is; het mag wat deze persoon mag.")
@click.option("--organisation", "code", required=True, help="Bij welke organisatie, bijvoorbeeld VR17.")
@click.option("--name", required=True, help="Waarvoor het token is, zodat u het later herkent.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="Hoeveel dagen het werkt.")
@plain_errors
def make(email: str, code: str, name: str, days: int) -> None:
    """Maak een token en toon het, één keer: Brandwacht bewaart alleen een vingerafdruk."""
    actor = system_for(code)
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    held = {a.organisation_id for a in assignments_of(user, actor.now)} if user else set()
    if user is None or actor.organisation_id not in held:
        raise click.BadParameter(
            f"{email} heeft nu geen rol bij {actor.organisation_code}. Geef die persoon daar eerst een rol."
        )
    expires = actor.now + timedelta(days=days)
    with tenancy_scope(actor.tenancy()):
        _row, text = tokens.make(actor, user, name, expires)
    click.echo(text)
    until = timezone.localtime(expires).strftime("%d-%m-%Y")
    click.echo(f"Dit token werkt tot {until}. Bewaar het nu; het wordt niet nog eens getoond.", err=True)
