"""What is different between two versions of a report, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from brandwacht.baseline.papers.words import Read, day, euros, names, state, step


def changes(new: Read, old: Read) -> list[str]:
    """What is different from ``old``, of what both hold; that nothing is, is told too."""
    found = [*_norm(new, old), *_figure(new, old), *_verdict(new, old), *_states(new, old), *_applicable(new, old)]
    found += [*_measures(new, old), *_signatories(new, old)]
    return found or [_("Er is niets veranderd.")]


def _norm(new: Read, old: Read) -> Iterable[str]:
    before, after = old["framework"], new["framework"]
    if before["fingerprint"] != after["fingerprint"]:
        yield _("De norm is veranderd, van versie %(old)s naar versie %(new)s.") % {
            "old": before["version"], "new": after["version"],
        }  # fmt: skip


def _figure(new: Read, old: Read) -> Iterable[str]:
    if "score" in new and "score" in old and new["score"]["percent"] != old["score"]["percent"]:
        yield _("Het cijfer ging van %(old)d%% naar %(new)d%%.") % {
            "old": old["score"]["percent"], "new": new["score"]["percent"],
        }  # fmt: skip


def _verdict(new: Read, old: Read) -> Iterable[str]:
    if "verdict" in new and "verdict" in old and new["verdict"] != old["verdict"]:
        yield _("De conclusie is een andere dan in de vorige verklaring.")


def _states(new: Read, old: Read) -> Iterable[str]:
    then, moved = old.get("states", {}), defaultdict(list)
    for number, (title, value) in new.get("states", {}).items():
        before = then.get(number, [None, value])[1]
        if before != value:
            moved[before, value].append(f"{number} {title}")
    for (before, value), which in moved.items():
        yield _("Van ‘%(old)s’ naar ‘%(new)s’: %(which)s.") % {
            "old": state(before), "new": state(value), "which": names(which, 5),
        }  # fmt: skip


def _applicable(new: Read, old: Read) -> Iterable[str]:
    then = {row["number"]: row.get("applicable") for row in old.get("controls", ())}
    moved: dict[bool, list[str]] = {True: [], False: []}
    for row in new.get("controls", ()):
        if "applicable" in row and then.get(row["number"], row["applicable"]) != row["applicable"]:
            moved[row["applicable"]].append(row["number"])
    if moved[True]:
        yield _("Nu wel van toepassing: %(numbers)s.") % {"numbers": names(moved[True])}
    if moved[False]:
        yield _("Nu niet meer van toepassing: %(numbers)s.") % {"numbers": names(moved[False])}


def _measures(new: Read, old: Read) -> Iterable[str]:
    if "measures" not in new or "measures" not in old:
        return
    now, then = ({row["ref"]: row for row in content["measures"]} for content in (new, old))
    came = [row["title"] for ref, row in now.items() if ref not in then]
    went = [row["title"] for ref, row in then.items() if ref not in now]
    if came:
        yield _("Nieuwe maatregelen: %(names)s.") % {"names": names(came, 5)}
    if went:
        yield _("Niet meer in het plan: %(names)s.") % {"names": names(went, 5)}
    for ref, row in now.items():
        before = then.get(ref)
        if before:
            yield from _one_measure(row, before)


def _one_measure(row: Read, before: Read) -> Iterable[str]:
    words = {"title": row["title"]}
    if before["state"] != row["state"]:
        yield _("%(title)s: van ‘%(old)s’ naar ‘%(new)s’.") % {
            **words, "old": step(before["state"]), "new": step(row["state"]),
        }  # fmt: skip
    if before["due"] != row["due"]:
        yield _("%(title)s: klaar op %(new)s in plaats van %(old)s.") % {
            **words, "old": day(before["due"]), "new": day(row["due"]),
        }  # fmt: skip
    if before["owner"] != row["owner"]:
        yield _("%(title)s: %(new)s doet dit nu, eerder %(old)s.") % {
            **words, "old": before["owner"], "new": row["owner"],
        }  # fmt: skip
    if before["cost"] != row["cost"]:
        yield _("%(title)s: kosten %(new)s, eerder %(old)s.") % {
            **words, "old": euros(before["cost"]), "new": euros(row["cost"]),
        }  # fmt: skip


def _signatories(new: Read, old: Read) -> Iterable[str]:
    if new["signatories"] != old["signatories"]:
        yield _("De ondertekenaars zijn veranderd.")
