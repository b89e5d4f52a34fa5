"""The ``brandwacht`` command. Django starts only when a command that needs it runs."""

from __future__ import annotations

import importlib
import os
from typing import NamedTuple

import click

PRIVATE = 0o077
"""What is taken from the rights of every file made here: the group's and everybody's."""


class Lazy(NamedTuple):
    """Where a subcommand is, and its line in the list of commands. ``alone``: it needs no database and no settings."""

    module: str
    name: str
    help: str
    alone: bool = False


LAZY = {
    "audit": Lazy("brandwacht.cli.audit", "audit", "Het logboek: controleren en de stand uitvoeren."),
    "demo": Lazy("brandwacht.cli.setup", "demo", "Vul een lege database met duidelijk gemerkte, verzonnen gegevens."),
    "detect": Lazy("brandwacht.cli.detect", "detect", "Zoek met Sigma-regels in logbestanden, zonder database.", True),
    "init": Lazy("brandwacht.cli.setup", "init", "Maak de database aan, met het netwerk en de eerste beheerder."),
    "listen": Lazy("brandwacht.cli.listen", "listen", "Ontvang syslog over TCP en TLS: een poort per bron."),
    "report": Lazy("brandwacht.cli.report", "report", "Rapportages over de voortgang: een bestand controleren."),
    "norms": Lazy(
        "brandwacht.cli.norms", "norms", "Normen: antwoorden uitvoeren en inlezen (OSCAL), en normteksten inlezen."
    ),
    "serve": Lazy(
        "brandwacht.cli.server", "serve", "Start de webserver, de werker en de verwerking van logs als één opdracht."
    ),
    "sharing": Lazy(
        "brandwacht.cli.sharing",
        "sharing",
        "Delen: adviezen en andere bestanden inlezen.",
    ),
    "soc": Lazy("brandwacht.cli.soc", "soc", "Waakzaam: detectieregels, kenmerkenlijsten, logbestanden en bronnen."),
    "token": Lazy("brandwacht.cli.token", "token", "Tokens voor de API."),
    "worker": Lazy("brandwacht.cli.server", "worker", "Doe het werk op de achtergrond."),
}


class LazyGroup(click.Group):
    """Imports a subcommand's module only when it is asked for: ``--help`` answers at once, whatever is broken."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the subcommands."""
        return sorted(LAZY)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The subcommands with their lines, without importing them."""
        with formatter.section("Opdrachten"):
            formatter.write_dl([(name, LAZY[name].help) for name in self.list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Start Django and load one subcommand; a click error that says why when that fails."""
        if cmd_name not in LAZY:
            return None
        os.umask(PRIVATE)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandwacht.site.settings")
        try:
            if not LAZY[cmd_name].alone:
                import django

                django.setup()
            command: click.Command = getattr(importlib.import_module(LAZY[cmd_name].module), LAZY[cmd_name].name)
        except Exception as error:  # whatever is wrong with settings or installation, the operator gets one line
            if os.environ.get("BRANDWACHT_DEBUG") == "1":
                raise
            raise click.ClickException(
                f"Brandwacht kan niet starten: {type(error).__name__}: {error}\n"
                "Kijk of de installatie compleet is en of de instellingen (BRANDWACHT_...) kloppen."
                " Met BRANDWACHT_DEBUG=1 ziet u waar het misgaat."
            ) from error
        return command


@click.command(cls=LazyGroup)
@click.version_option(package_name="brandwacht", help="Toon de versie.")
@click.help_option(help="Toon deze uitleg.")
def main() -> None:
    """Brandwacht: de digitale brandwacht van de veiligheidsregio's."""
