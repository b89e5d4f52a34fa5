"""What somebody typed for a warning, read and checked: TLP, techniques, indicators, and no victim's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.engines.intel import TLP, UnknownTlp, parse_indicators
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refusals, Refused
from brandwacht.network.models import Node, NodeKind, Organisation, OrganisationKind

MANDATES = frozenset({GrantKind.SOC_MANDATE, GrantKind.CERT_MANDATE})
LONGEST_TITLE, LONGEST_TEXT = 200, 20_000  # characters
TELLING = 6
"""A name of this many letters says enough inside a longer word too ("vrhaaglanden.example"); a shorter one must stand
alone, since "Ede" is in many words."""
SHORTEST_MACHINE = 5  # characters of a machine's name that tells where it stands

PLACES = {
    "title": gettext_lazy("de titel"),
    "what": gettext_lazy("de beschrijving"),
    "advice": gettext_lazy("het advies"),
    "indicators": gettext_lazy("de kenmerken"),
    "reason": gettext_lazy("de reden"),
    "changed": gettext_lazy("wat er anders is"),
    "products": gettext_lazy("de producten"),
}

_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")


@dataclass(frozen=True, slots=True)
class Content:
    """A warning's content, checked. ``indicators`` as stored: {"kind", "value"}."""

    title: str
    tlp: TLP
    what: str
    advice: str
    indicators: list[dict[str, str]]
    attack: list[str]


def read_content(
    actor: Actor, *, title: str, tlp: str, what: str, advice: str, indicators_text: str, techniques: Iterable[str]
) -> Content:
    """Check all of it; raises ``Refused`` that names every wrong field, the place in it and the mend.

    The message about indicators has one line per bad piece.
    """
    title, what, advice = " ".join(title.split()), what.strip(), advice.strip()
    wrong = Refusals()
    with wrong.noted():
        if not title:
            raise Refused(_("Geef de waarschuwing een titel."), "title")
    with wrong.noted():
        if not what:
            raise Refused(_("Schrijf op wat er aan de hand is."), "what")
    for field, text in {"title": title, "what": what, "advice": advice}.items():
        most = LONGEST_TITLE if field == "title" else LONGEST_TEXT
        with wrong.noted():
            _fits(field, text, most)
    marking, attack = TLP.RED, list[str]()
    with wrong.noted():
        marking = _marking(tlp)
    indicators, bad = parse_indicators(indicators_text)
    with wrong.noted():
        if bad:
            lines = [_("Regel %(line)d: %(why)s") % {"line": each.line, "why": each.reason} for each in bad]
            raise Refused("\n".join(lines), "indicators")
    with wrong.noted():
        attack = techniques_of(techniques)
    with wrong.noted():
        refuse_victims(actor, {"title": title, "what": what, "advice": advice, "indicators": indicators_text})
    wrong.end()
    stored = [{"kind": each.kind.value, "value": each.value} for each in indicators]
    return Content(title, marking, what, advice, stored, attack)


def _fits(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Refused(_("Dit zijn %(n)d tekens; er passen er %(most)d.") % {"n": len(text), "most": most}, field)


def _marking(text: str) -> TLP:
    try:
        return TLP.parse(text)
    except UnknownTlp as error:
        raise Refused(str(error), "tlp") from error


def techniques_of(numbers: Iterable[str]) -> list[str]:
    """The ATT&CK techniques with these numbers, each once; raises ``Refused`` on the first that is no number."""
    found: dict[str, None] = {}
    for number in numbers:
        wanted = number.strip().upper()
        if wanted and not _TECHNIQUE.fullmatch(wanted):
            raise Refused(
                _("“%(what)s” is geen nummer van een ATT&CK-techniek. Schrijf T1059 of T1059.001.")
                % {"what": number.strip()[:20]},
                "techniques",
            )
        if wanted:
            found[wanted] = None
    return list(found)


def refuse_victims(actor: Actor, texts: Mapping[str, str]) -> None:
    """Raise ``Refused`` when a text names an organisation that gave the writer a mandate, or a machine of one.

    Any of them may be the victim. Name and code count, in any spelling with or without spaces, hyphens and accents.
    The name of a municipality counts in running text only with its capital, since some are ordinary words ("best").
    """
    givers = {grant.owner_id for grant in actor.grants if grant.kind in MANDATES}
    for organisation in Organisation.objects.filter(pk__in=givers):
        local = organisation.kind == OrganisationKind.MUNICIPALITY
        for field, text in texts.items():
            loose = field == "indicators" or not local
            found = mention(organisation.name, text, any_case=loose) or mention(organisation.code, text)
            if found:
                raise Refused(
                    _(
                        "In %(place)s staat “%(word)s”. %(name)s gaf u een mandaat, en een waarschuwing noemt het "
                        "slachtoffer nooit. Schrijf bijvoorbeeld “een organisatie in het netwerk”."
                    )
                    % {"place": PLACES[field], "word": found, "name": organisation.full_name},
                    field,
                )
    _refuse_machines(givers, texts)


def _refuse_machines(owner_ids: Collection[int], texts: Mapping[str, str]) -> None:
    """Raise ``Refused`` when a text holds the name or an address of an asset in the register of these organisations."""
    assets = Node.objects.filter(organisation_id__in=owner_ids, kind=NodeKind.ASSET)
    rows = assets.order_by().values_list("name", "names__value")
    machines = {name for row in rows for name in row if name and is_machine(name)}
    squeezed = {field: squeeze(text) for field, text in texts.items()}
    for name in sorted(machines):
        short = squeeze(name)
        for field, text in texts.items():
            # The cheap look comes first: a network has tens of thousands of machines.
            found = short in squeezed[field] and mention(name, text, alone=True)
            if found:
                raise Refused(
                    _(
                        "In %(place)s staat “%(word)s”. Dat is een machine van een organisatie die u een mandaat gaf, "
                        "en daaraan is het slachtoffer te herkennen. Schrijf bijvoorbeeld “een server”."
                    )
                    % {"place": PLACES[field], "word": found},
                    field,
                )


def is_machine(name: str) -> bool:
    """Whether a name is of one machine ("VRR-DC01", "10.1.2.3") and not a common word ("Meldkamerkoppeling")."""
    return len(name) >= SHORTEST_MACHINE and not re.search(r"\s", name) and bool(re.search(r"[\d-]", name))


def squeeze(text: str) -> str:
    """Letters and digits only, without case and accents: for a first, cheap look."""
    return re.sub(r"[\W_]+", "", _plain(text)).lower()


def mention(name: str, text: str, *, any_case: bool = True, alone: bool = False) -> str:
    """The words of ``text`` that are ``name``, or an empty text; ``alone``: never as a part of a longer word."""
    parts = [re.escape(part) for part in re.findall(r"[^\W\d_]+|\d+", _plain(name))]
    if not parts:
        return ""
    pattern = r"[\W_]*".join(parts)
    if alone or sum(map(len, parts)) < TELLING:
        pattern = rf"(?<![^\W_]){pattern}(?![^\W_])"
    found = re.search(pattern, _plain(text), 0 if any_case is False else re.IGNORECASE)
    return found.group() if found else ""


def _plain(text: str) -> str:
    """Without accents, so that "Fryslan" is found as well."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
