"""``brandwacht init`` and ``brandwacht demo``: the first administrator, and the demo."""

from __future__ import annotations

import os
import sys

import click
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from brandwacht.cli.common import plain_errors, system_for
from brandwacht.cli.server import run
from brandwacht.network.actor import assignments_of
from brandwacht.network.models import User
from brandwacht.network.roles import Role
from brandwacht.network.services import people
from brandwacht.network.services.seed import seed_organisations
from brandwacht.network.tenancy import tenancy_scope


@click.command()
@click.option("--organisation", "code", prompt="Code van uw organisatie (bijvoorbeeld VR17)")
@click.option("--email", prompt="E-mailadres van de beheerder")
@click.option("--name", prompt="Naam van de beheerder")
@click.option("--password", default=None, help="Zonder deze optie wordt het wachtwoord gevraagd.")
@plain_errors
def init(code: str, email: str, name: str, password: str | None) -> None:
    """Maak de database aan, met het netwerk en de eerste beheerder."""
    call_command("migrate", verbosity=0)
    seed_organisations()
    actor = system_for(code)
    account = User.objects.filter(email=email.strip().lower()).first()
    held = (
        [a.role for a in assignments_of(account, actor.now) if a.organisation_id == actor.organisation_id]
        if account
        else []
    )
    if Role.ADMIN in held:
        click.echo(f"{account} is al beheerder van {actor.organisation_code}. Er is niets veranderd.")
        return
    if account is None and password is None and sys.stdin.isatty():
        password = click.prompt(
            "Wachtwoord (minstens 14 tekens)", hide_input=True, confirmation_prompt="Nog een keer hetzelfde wachtwoord"
        )
    with tenancy_scope(actor.tenancy()):
        made = people.assign(actor, email, name, Role.ADMIN, timezone.localdate(), password=password)
    click.echo(f"Klaar. {made.user.name} is beheerder van {actor.organisation_code}. Start met: brandwacht serve")
    if account is not None:
        click.echo("Dit e-mailadres had al een account; naam en wachtwoord zijn gebleven zoals ze waren.")
    elif password is None:
        click.echo("Er is nog geen wachtwoord. Kies er een met “Wachtwoord vergeten” op de inlogpagina.")


@click.command()
@click.option("--serve", "start", is_flag=True, help="Start daarna de server en de werker.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@plain_errors
def demo(start: bool, host: str, port: int) -> None:
    """Vul een lege database met duidelijk gemerkte, verzonnen gegevens."""
    if not settings.DEMO:
        raise click.UsageError("Zet BRANDWACHT_DEMO=1: de demo maakt gebruikers met een bekend wachtwoord.")
    from brandwacht.site import demo as content

    if start and "BRANDWACHT_URL" not in os.environ:  # so that links in mail lead to this server
        settings.SITE_URL = os.environ["BRANDWACHT_URL"] = f"http://{host}:{port}"
    call_command("migrate", verbosity=0)
    for line in content.fill(timezone.now()):
        click.echo(line)
    if start:
        click.echo("")
        shown = "localhost" if host == "127.0.0.1" else host  # a passkey needs a name, not a number
        click.echo(f"Brandwacht draait op http://{shown}:{port}  (stoppen met Ctrl-C)")
        click.echo("")
        for line in content.log_ins():
            click.echo(line)
        if folder := getattr(settings, "EMAIL_FILE_PATH", None):
            click.echo("")
            click.echo(f"Mail gaat nergens heen: elk bericht, met zijn link, staat als bestand in {folder}")
        run(host, port)
