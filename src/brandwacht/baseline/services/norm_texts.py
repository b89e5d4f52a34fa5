"""The text of the norm and a division of the self-assessment, from the organisation's own copy; never shipped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from brandwacht.baseline.models import NormText, OwnGrouping
from brandwacht.baseline.queries.frameworks import ANSWERABLE, frame_grouping
from brandwacht.engines.norms import Framework, InvalidFramework, Row, load_framework, numbers_in
from brandwacht.engines.norms.oscal import InvalidOscal, parse, read_catalog
from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.policy import Owner
from brandwacht.network.services.sheets import read_sheet
from brandwacht.network.usecase import use_case

LOAD = "baseline.norm.load"
NUMBER = ("number", "nummer", "nr", "nr.", "maatregel", "overheidsmaatregel")
TEXT = ("text_nl", "tekst", "text", "normtekst", "omschrijving")
CATEGORY = ("categorie", "category", "thema")
TITLE = ("titel", "title", "title_nl", "onderwerp", "vraag")
NAMED = 5
"""So many wrong rows are named in one message."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: the framework, how many texts it now has, and how many rows of the file had no text."""

    framework: Framework
    texts: int
    empty: int


def load_norm_text(actor: Actor, filename: str, content: bytes) -> Loaded:
    """Load the official text by number, in place of what was loaded of that norm and stands in the file again.

    Takes a table (CSV or XLSX) with a column for the number and one for the text, or an OSCAL catalog. Which norm it is
    follows from the numbers. Raises ``Refused`` that names the rows, and then nothing is loaded.
    """
    with use_case(actor, LOAD) as case:
        case.require(Owner(actor.organisation_id))
        places = _catalog_texts(content) if content.lstrip()[:1] == b"{" else _table_texts(content)
        framework = _norm_of(places)
        known = _numbers(framework)
        wrong = [f"{place}: {number[:20]}" for number, (place, _text) in places.items() if number not in known]
        if wrong:
            raise Refused(
                _("%(norm)s %(version)s heeft deze nummers niet: %(rows)s. Verbeter het bestand.")
                % {"norm": framework.title, "version": framework.version, "rows": _some(wrong)},
                "file",
            )
        texts = {number: text for number, (_place, text) in places.items() if text}
        if not texts:
            raise Refused(_("In dit bestand staat geen tekst bij de nummers. Is dit het goede bestand?"), "file")
        NormText.objects.filter(
            organisation_id=actor.organisation_id, framework=framework.key, number__in=list(texts)
        ).delete()
        rows = [
            NormText(
                organisation_id=actor.organisation_id,
                framework=framework.key,
                number=number,
                text=text,
                source=filename[:200],
                loaded_at=actor.now,
                loaded_by=actor.name,
            )
            for number, text in texts.items()
        ]
        NormText.objects.bulk_create(rows)
        _audit(actor, {"kader": framework.key, "bestand": filename[:200], "teksten": len(rows)}, content)
    return Loaded(framework, len(rows), len(places) - len(texts))


def remove_norm_text(actor: Actor, framework: str) -> int:
    """Remove what was loaded of one norm; returns how many texts. Raises ``NotFound`` when there are none."""
    with use_case(actor, LOAD) as case:
        case.require(Owner(actor.organisation_id))
        count, _by_model = NormText.objects.filter(organisation_id=actor.organisation_id, framework=framework).delete()
        if not count:
            raise NotFound
        _audit(actor, {"kader": framework, "weg": count})
    return count


def load_grouping(actor: Actor, filename: str, content: bytes) -> OwnGrouping:
    """Load a division of the self-assessment in categories, in place of ours: a table with a category and a number.

    A cell may hold more numbers, which are then one question. Raises ``Refused`` that names the rows.
    """
    with use_case(actor, LOAD) as case:
        case.require(Owner(actor.organisation_id))
        header, rows = _table(content)
        category, number = _column(header, CATEGORY, _("categorie")), _column(header, NUMBER, _("nummer"))
        title = next((place for place, name in enumerate(header) if name in TITLE), None)
        read = [
            Row(
                _("rij %(n)d") % {"n": place},
                _cell(cells, category),
                numbers_in(_cell(cells, number)),
                "" if title is None else _cell(cells, title),
            )
            for place, cells in rows
        ]
        try:
            frame_grouping(read, filename)
        except InvalidFramework as error:
            raise Refused(
                _("Deze indeling klopt nog niet: %(errors)s") % {"errors": _some(error.errors)}, "file"
            ) from error
        OwnGrouping.objects.filter(organisation_id=actor.organisation_id).delete()
        own = OwnGrouping(
            organisation_id=actor.organisation_id,
            source=filename[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            rows=[{"category": row.category, "numbers": list(row.numbers), "title": row.title} for row in read],
            loaded_at=actor.now,
            loaded_by=actor.name,
        )
        own.save()
        case.audit(own, {"bestand": own.source, "vragen": len(read), "sha256": own.sha256})
    return own


def remove_grouping(actor: Actor) -> None:
    """Go back to our own division. Raises ``NotFound`` when there is no other."""
    with use_case(actor, LOAD) as case:
        case.require(Owner(actor.organisation_id))
        own = OwnGrouping.objects.filter(organisation_id=actor.organisation_id).first()
        if own is None:
            raise NotFound
        case.audit(own, {"bestand": own.source, "weg": True})
        own.delete()


# --- reading ----------------------------------------------------------------------------------------------------------


def _table_texts(content: bytes) -> dict[str, tuple[str, str]]:
    """By number the place in the file and the text; the text of the first row of a number that has any."""
    header, rows = _table(content)
    number, text = _column(header, NUMBER, _("nummer")), _column(header, TEXT, _("tekst"))
    found: dict[str, tuple[str, str]] = {}
    for place, cells in rows:
        key = _cell(cells, number)
        if not key:
            raise Refused(_("Rij %(n)d heeft geen nummer. Vul het in of haal de rij weg.") % {"n": place}, "file")
        if key in found:
            raise Refused(
                _("Nummer %(number)s staat twee keer in het bestand, ook in rij %(n)d. Haal er een weg.")
                % {"number": key[:20], "n": place},
                "file",
            )
        found[key] = (_("rij %(n)d") % {"n": place}, _cell(cells, text))
    return found


def _catalog_texts(content: bytes) -> dict[str, tuple[str, str]]:
    try:
        texts = read_catalog(parse(content)).texts
    except InvalidOscal as error:
        raise Refused(_("Dit bestand is niet te lezen. %(error)s") % {"error": error}, "file") from error
    return {number: (number, text) for number, text in texts.items()}


def _table(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    sheet = read_sheet(content)
    if sheet.problems:
        first = sheet.problems[0]
        raise Refused(
            _("Rij %(row)d, kolom %(column)s: %(message)s")
            % {"row": first.row, "column": first.column, "message": first.message},
            "file",
        )
    header = [" ".join(cell.casefold().split()) for cell in sheet.rows[0][1]]
    if not sheet.rows[1:]:
        raise Refused(_("Onder de titels staat geen enkele rij."), "file")
    return header, sheet.rows[1:]


def _column(header: Sequence[str], names: Sequence[str], what: str) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise Refused(
        _("Er is geen kolom voor %(what)s. Noem die kolom bijvoorbeeld “%(name)s”.") % {"what": what, "name": names[0]},
        "file",
    )


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _norm_of(places: Mapping[str, object]) -> Framework:
    """The norm that knows most of the numbers; of two versions that know as many the present one."""
    frameworks = [load_framework(key) for key in ANSWERABLE]
    found = max(frameworks, key=lambda framework: len(_numbers(framework) & set(places)))
    if not _numbers(found) & set(places):
        raise Refused(
            _("Wij kennen geen van deze nummers. Het moet gaan om de BIO2 (zoals 5.01.01) of de BIO 1.04 (5.1.1.1)."),
            "file",
        )
    return found


def _numbers(framework: Framework) -> set[str]:
    found = {control.number for control in framework.controls} | set(framework.dropped)
    return found | {measure.number for control in framework.controls for measure in control.measures}


def _some(rows: Sequence[str]) -> str:
    more = len(rows) - NAMED
    return "; ".join(rows[:NAMED]) + (_("; en nog %(n)d") % {"n": more} if more > 0 else "")


def _audit(actor: Actor, detail: dict[str, object], content: bytes = b"") -> None:
    if content:
        detail["sha256"] = hashlib.sha256(content).hexdigest()
    audit.write(
        actor, [audit.Fact(actor.organisation_id, LOAD, "normtekst", str(detail.get("kader", "")), detail=detail)]
    )
