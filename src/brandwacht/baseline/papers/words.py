"""The sentences and the look that the reports share. Plain values in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import AnswerState, MeasureState
from brandwacht.network import wording
from brandwacht.network.wording import listed

Read = Mapping[str, Any]


def day(text: str | None) -> str:
    """A kept day as `22 november 2026`; "" for none."""
    return date_format(date.fromisoformat(text), "j F Y") if text else ""


def euros(amount: int | None) -> str:
    """`€ 12.000`, kept on one line; that it is not known is said."""
    return _("nog niet bekend") if amount is None else wording.euros(amount)


def state(value: str) -> str:
    """An answer in words."""
    return str(AnswerState(value).label)


def step(value: str) -> str:
    """A step of the cycle in words."""
    return str(MeasureState(value).label)


def norm(content: Read) -> str:
    """The norm with its full name, version and day."""
    return _("Baseline Informatiebeveiliging Overheid 2 (BIO2), versie %(version)s van %(day)s") % {
        "version": content["framework"]["version"],
        "day": day(content["framework"]["date"]),
    }


def rests_on(content: Read) -> list[str]:
    """On what the figure rests, in sentences."""
    score = content["score"]
    if not score["based_on"]:
        return [_("Er is nog geen vraag van de norm beantwoord.")]
    lines = [
        _("Het cijfer berust op %(n)d van de %(total)d antwoorden; het oudste is van %(day)s.")
        % {"n": score["based_on"], "total": score["controls"], "day": day(score["oldest"])},
        _("De norm is de %(norm)s.") % {"norm": norm(content)},
    ]
    if score["unproven"]:
        lines.append(
            ngettext(
                "Bij %(n)d antwoord ‘voldoet’ staat geen bewijs.",
                "Bij %(n)d antwoorden ‘voldoet’ staat geen bewijs.",
                score["unproven"],
            )
            % {"n": score["unproven"]}
        )
    if score["expired"]:
        lines.append(
            ngettext(
                "Bij %(n)d antwoord is het bewijs verlopen; dat telt nog voor de helft mee.",
                "Bij %(n)d antwoorden is het bewijs verlopen; die tellen nog voor de helft mee.",
                score["expired"],
            )
            % {"n": score["expired"]}
        )
    if score["held_back"]:
        lines.append(
            ngettext(
                "Van %(n)d antwoord geldt nu minder dan is geantwoord: bevindingen of bewijs dragen het niet.",
                "Van %(n)d antwoorden geldt nu minder dan is geantwoord: bevindingen of bewijs dragen het niet.",
                score["held_back"],
            )
            % {"n": score["held_back"]}
        )
    if score["accepted"]:
        lines.append(
            ngettext(
                "Van %(n)d onderwerp is het risico geaccepteerd; dat telt mee als niet op orde.",
                "Van %(n)d onderwerpen is het risico geaccepteerd; die tellen mee als niet op orde.",
                score["accepted"],
            )
            % {"n": score["accepted"]}
        )
    return lines


def change(points: int) -> str:
    """`+4`, `-2`, or that nothing changed."""
    return f"{points:+d}".replace("-", "−") if points else _("gelijk")


def theme_rows(content: Read) -> list[list[str]]:
    """The themes as rows of texts: name, figure, change, answered."""
    return [
        [
            capfirst(theme["name"]), f"{theme['percent']}%", change(theme["change"]),
            _("%(n)d van %(total)d") % {"n": theme["answered"], "total": theme["total"]},
        ]
        for theme in content["themes"]
    ]  # fmt: skip


def theme_head() -> list[str]:
    """The titles of ``theme_rows``."""
    return [_("Thema"), _("Op orde"), _("Sinds een kwartaal"), _("Beantwoord")]


def shell(
    content: Read, subtitle: str, version: int, told: Sequence[str], against: int, intro: Sequence[str]
) -> dict[str, Any]:
    """What every template of the room needs: the head, the foot, what changed, and who signs."""
    when = day(content["day"])
    words = {"name": content["organisation"], "what": subtitle, "n": version, "day": when}
    return {
        "subtitle": _("%(name)s, %(day)s, versie %(n)d") % words,
        "footer": _("%(name)s, %(what)s, versie %(n)d, %(day)s") % words,
        "intro": [*intro, *([content["note"]] if content["note"] else [])],
        "changes_title": _("Wat er veranderd is sinds versie %(n)d") % {"n": against} if against else "",
        "changes": list(told) if against else [],
        "logo": _("Logo van %(name)s") % {"name": content["organisation"]},
        "sign_title": _("Ondertekening"),
        "sign_lines": [_("Naam"), _("Functie"), _("Datum"), _("Handtekening")],
        "signatories": [[each["name"], each["role"]] for each in content["signatories"]],
    }


def names(parts: Sequence[str], most: int = 8) -> str:
    """Names in a row, and how many more there are."""
    left = len(parts) - most
    return listed(list(parts) if left <= 0 else [*parts[:most], _("%(n)d andere") % {"n": left}])
