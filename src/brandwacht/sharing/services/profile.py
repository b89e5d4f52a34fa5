"""The use cases of the asset profile: add, change and end what an organisation runs, one by one or from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.engines.intel.assets import InvalidAsset
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.services import imports
from brandwacht.network.services.imports import Column, Row, TableKind
from brandwacht.network.services.sheets import Problem
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.sharing.models import ProfileAsset
from brandwacht.sharing.policies.advisories import EDIT_ASSET, SEE_ASSET
from brandwacht.sharing.tasks.advisories import match_profile

MOST: Final = 5_000
"""Products in one profile."""
LONGEST: Final[Mapping[str, int]] = {
    "place": 120, "vendor": 120, "product": 200, "version": 80, "cpe": 300, "purl": 300,
}  # fmt: skip
TABLE: Final = "ict-foto"
PATH: Final = "/delen/profiel"


def add(actor: Actor, facts: Mapping[str, str]) -> ProfileAsset:
    """Add a product; ``facts`` has the names of ``LONGEST``. Raises ``Refused`` on what is wrong, or there already."""
    with use_case(actor, EDIT_ASSET) as case:
        case.require(Owner(actor.organisation_id))
        row = _filled(actor, ProfileAsset(organisation_id=actor.organisation_id, added_at=actor.now), facts)
        present = _with_identity(actor, row.identity)
        if present is not None and present.ended_at is None:
            raise Refused(_twice(present), "product")
        if present is not None:  # it comes back
            row = _filled(actor, present, facts)
            row.ended_at, row.ended_why = None, ""
        elif _running(actor) >= MOST:
            raise Refused(_too_many())
        row.save()
        _note(case, row, {"product": row.name, "versie": row.running})
    return row


def change(actor: Actor, public_id: Any, facts: Mapping[str, str]) -> ProfileAsset:
    """Change a product, for instance to the version that runs now. Raises ``Refused`` as ``add`` does."""
    with use_case(actor, EDIT_ASSET) as case:
        row: ProfileAsset = case.get(ProfileAsset, public_id, see=SEE_ASSET)
        if row.ended_at is not None:
            raise Refused(_("Dit product is uit gebruik. Voeg het opnieuw toe als u het weer draait."))
        _filled(actor, row, facts)
        present = _with_identity(actor, row.identity)
        if present is not None and present.pk != row.pk:
            raise Refused(_twice(present), "product")
        row.save()
        _note(case, row, {"product": row.name, "versie": row.running})
    return row


def end(actor: Actor, public_id: Any, why: str) -> ProfileAsset:
    """The organisation runs this no longer. Raises ``Refused`` when it had ended, or the reason is too long."""
    with use_case(actor, EDIT_ASSET) as case:
        row: ProfileAsset = case.get(ProfileAsset, public_id, see=SEE_ASSET)
        if row.ended_at is not None:
            raise Refused(_("Dit product was al uit gebruik."))
        why = " ".join(why.split())
        if len(why) > 200:
            raise Refused(_("Maak de reden korter: hoogstens %(n)d tekens.") % {"n": 200}, "why")
        _end(row, actor, why)
        row.save()
        _note(case, row, {"product": row.name, "uit gebruik": why or True})
    return row


def _note(case: UseCase, row: ProfileAsset, detail: dict[str, Any]) -> None:
    case.audit(row, detail)
    match_profile.enqueue(row.organisation_id)


def _end(row: ProfileAsset, actor: Actor, why: str) -> None:
    row.ended_at, row.ended_why, row.changed_at, row.changed_by = actor.now, why, actor.now, actor.name


def _filled(actor: Actor, row: ProfileAsset, facts: Mapping[str, str]) -> ProfileAsset:
    for name, most in LONGEST.items():
        text = " ".join(facts.get(name, "").split())
        if len(text) > most:
            raise Refused(_("Maak de tekst korter: hoogstens %(n)d tekens.") % {"n": most}, name)
        if not text.isprintable():
            raise Refused(_("Hierin staat een teken dat niet te lezen is. Typ de tekst opnieuw."), name)
        setattr(row, name, text)
    try:
        row.name = row.asset.name[:350]
    except InvalidAsset as error:
        raise Refused(str(error), _field_of(row)) from error
    row.identity = row.find_identity()
    row.changed_at, row.changed_by = actor.now, actor.name
    return row


def _field_of(row: ProfileAsset) -> str:
    """The field that a refusal of the whole row is about: the first that stands alone, in the order it is looked at."""
    for name in ("cpe", "purl"):
        value = getattr(row, name)
        if value:
            try:
                ProfileAsset(**{name: value}).asset  # noqa: B018 - raises when it is no such name
            except InvalidAsset:
                return name
    return "product"


def _with_identity(actor: Actor, identity: str) -> ProfileAsset | None:
    found: ProfileAsset | None = ProfileAsset.objects.filter(
        organisation_id=actor.organisation_id, identity=identity
    ).first()
    return found


def _running(actor: Actor) -> int:
    return ProfileAsset.objects.filter(organisation_id=actor.organisation_id, ended_at__isnull=True).count()


def _twice(row: ProfileAsset) -> str:
    where = row.place or _("overal")
    return _("%(name)s staat er al (waar: %(where)s). Wijzig die regel, of vul in waar dit draait.") % {
        "name": row.name, "where": where,
    }  # fmt: skip


def _too_many() -> str:
    return _("Een profiel heeft hoogstens %(n)d producten.") % {"n": MOST}


# --- as a table: the "ICT-foto" ---------------------------------------------------------------------------------------

COLUMNS = (
    Column("product", "product", gettext_lazy("Hoe het product heet. Mag leeg als er een CPE of purl is."), "FortiOS",
           imports.text(LONGEST["product"])),
    Column("vendor", "leverancier", gettext_lazy("Wie het maakt."), "Fortinet", imports.text(LONGEST["vendor"])),
    Column("version", "versie", gettext_lazy("Welke versie draait."), "7.2.4", imports.text(LONGEST["version"])),
    Column("place", "waar", gettext_lazy("Op welk systeem; nodig als er meer dan één van is."), "VRR-FW02",
           imports.text(LONGEST["place"])),
    Column("cpe", "cpe", gettext_lazy("Naam volgens Common Platform Enumeration, als u die heeft."),
           "cpe:2.3:o:fortinet:fortios:7.2.4:*:*:*:*:*:*:*", imports.text(LONGEST["cpe"])),
    Column("purl", "purl", gettext_lazy("Package-URL van een softwarepakket, als u die heeft."), "",
           imports.text(LONGEST["purl"])),
    Column("ended", "uit gebruik", gettext_lazy("ja of nee; leeg is nee."), "nee", imports.yes_no),
)  # fmt: skip


def _rows(actor: Actor, rows: Mapping[int, Row]) -> tuple[dict[int, ProfileAsset], list[Problem]]:
    """The rows of a table as products that are not saved, and what is wrong with them."""
    made: dict[int, ProfileAsset] = {}
    problems: list[Problem] = []
    titles = {column.key: column.title for column in COLUMNS}
    for number, row in rows.items():
        fresh = ProfileAsset(organisation_id=actor.organisation_id, added_at=actor.now)
        try:
            made[number] = _filled(actor, fresh, {name: row.get(name, "") for name in LONGEST})
        except Refused as error:
            problems.append(Problem(number, titles.get(error.field or "", ""), error.message))
    first: dict[str, int] = {}
    for number, each in made.items():
        if (before := first.setdefault(each.identity, number)) != number:
            words = _("Dit staat ook in rij %(row)d. Vul bij “waar” in op welk systeem het draait.") % {"row": before}
            problems.append(Problem(number, titles["product"], words))
    return made, problems


def _check(actor: Actor, rows: Mapping[int, Row]) -> list[Problem]:
    made, problems = _rows(actor, rows)
    present = set(_present(actor))
    new = {each.identity for each in made.values()} - present
    if len(new) + len(present) > MOST:
        problems.append(Problem(1, "", _too_many()))
    return problems


def _present(actor: Actor) -> dict[str, ProfileAsset]:
    return {each.identity: each for each in ProfileAsset.objects.filter(organisation_id=actor.organisation_id)}


def _apply(actor: Actor, rows: Sequence[Row]) -> str:
    made, _problems = _rows(actor, dict(enumerate(rows, start=2)))
    present = _present(actor)
    new: list[ProfileAsset] = []
    changed: list[ProfileAsset] = []
    ended = 0
    for row, fresh in zip(rows, made.values(), strict=True):
        known = present.get(fresh.identity)
        target = known or fresh
        if known is not None:
            for name in ("version", "cpe", "purl", "name", "changed_at", "changed_by"):
                setattr(known, name, getattr(fresh, name))
            known.ended_at, known.ended_why = None, ""
        if row.get("ended"):
            ended += 1
            _end(target, actor, _("Uit gebruik volgens de tabel."))
        (new if known is None else changed).append(target)
    ProfileAsset.objects.bulk_create(new)
    fields = ["version", "cpe", "purl", "name", "changed_at", "changed_by", "ended_at", "ended_why"]
    ProfileAsset.objects.bulk_update(changed, fields, batch_size=200)
    match_profile.enqueue(actor.organisation_id)
    return _("%(new)d toegevoegd, %(changed)d bijgewerkt, waarvan %(ended)d uit gebruik.") % {
        "new": len(new), "changed": len(changed), "ended": ended,
    }  # fmt: skip


PROFILE_TABLE = TableKind(
    TABLE, gettext_lazy("Wat u draait (ICT-foto)"), EDIT_ASSET, COLUMNS, _check, _apply, PATH
)  # fmt: skip


def as_table(rows: Sequence[ProfileAsset]) -> tuple[list[str], list[list[Any]]]:
    """Titles and rows of a profile, as the import reads them."""
    names = [column.key for column in COLUMNS if column.key != "ended"]
    return (
        [column.title for column in COLUMNS],
        [[*(getattr(row, name) for name in names), row.ended_at is not None] for row in rows],
    )
