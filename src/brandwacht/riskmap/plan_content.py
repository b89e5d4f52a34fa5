"""What stands in a version of the risk plan, and what is different from an earlier one. Plain values in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.wording import euros, listed, number
from brandwacht.riskmap.words.odds import odds_in_words
from brandwacht.riskmap.words.sentences import loss_in_words, moment, percent

TOP: Final = 10
"""So many criticalities and false redundancies stand in the plan; all of them stand on the page."""
TOLD: Final = 5
NOTICED: Final = 0.02
"""From this share on it is told that effects do not add up; below it nobody would choose otherwise."""
_FIGURES: Final = ("ranking", "redundancy", "sets", "odds", "diagram", "measures", "budget")
"""What of a version the document shows in figures; when only those differ, that is told without naming them."""
Content = Mapping[str, Any]


def changes(new: Content, old: Content) -> list[str]:
    """What is different from ``old``, in sentences; that nothing is, is told too."""
    chosen, before_chosen = ([row for row in each["measures"] if row.get("taken")] for each in (new, old))
    found = [
        *_come_and_gone(
            new["redundancy"], old["redundancy"], lambda row: f"{row['node']}: {row['label']} ({row['origin']})",
            _("Nieuwe schijnredundantie: %(names)s."), _("Opgelost: schijnredundantie %(names)s."),
        ),
        *_come_and_gone(
            new["ranking"][:TOP], old["ranking"][:TOP], lambda row: row["name"],
            _("Nieuw in de tien zwaarste: %(names)s."), _("Niet meer in de tien zwaarste: %(names)s."),
        ),
        *_come_and_gone(
            new["diagram"], old["diagram"], lambda row: row["name"],
            _("Nieuw in het risicodiagram: %(names)s."), _("Niet meer in het risicodiagram: %(names)s."),
        ),
        *_moved(new["diagram"], old["diagram"]),
        *_come_and_gone(
            new["measures"], old["measures"], lambda row: row["name"],
            _("Nieuwe maatregel: %(names)s."), _("Van de lijst gehaald: %(names)s."),
        ),
        *_budget_changed(new.get("budget"), old.get("budget")),
        *_come_and_gone(
            chosen, before_chosen, lambda row: row["name"],
            _("Nieuw in het voorstel: %(names)s."), _("Niet meer in het voorstel: %(names)s."),
        ),
    ]  # fmt: skip
    before, after = old["size"], new["size"]
    if before != after:
        found.append(_("De kaart telt nu %(n)d onderdelen; dat waren er %(m)d.") % {"n": after, "m": before})
    before, after = old.get("vital"), new["vital"]
    if before is not None and before != after:  # plans of before did not keep it
        found.append(_("De kaart telt nu %(n)d vitale processen; dat waren er %(m)d.") % {"n": after, "m": before})
    if old["scales"]["version"] != new["scales"]["version"]:
        found.append(_("De schalen zijn veranderd; klassen zijn niet zonder meer te vergelijken."))
    if not found and any(_plain(new.get(key)) != _plain(old.get(key)) for key in _FIGURES):
        return [_("Er zijn geen nieuwe of vervallen risico's en maatregelen; wel is er iets anders in de tabellen.")]
    return found or [_("Er is niets veranderd.")]


def _plain(value: Any) -> str:
    """As it is kept: what was just computed and what was read back are then written alike."""
    return json.dumps(value, sort_keys=True)


def _budget_changed(new: Mapping[str, Any] | None, old: Mapping[str, Any] | None) -> Iterable[str]:
    now, then = (_amount(each) if each else "" for each in (new, old))
    if now == then:
        return
    if not then:
        yield _("Er staat nu een budget in het plan: %(now)s.") % {"now": now}
    elif not now:
        yield _("Er staat geen budget meer in het plan; dat was %(then)s.") % {"then": then}
    else:
        yield _("Het budget was %(then)s en is nu %(now)s.") % {"then": then, "now": now}


def _amount(budget: Mapping[str, Any]) -> str:
    return _("%(amount)s over %(years)d jaar") % {"amount": euros(budget["budget"]), "years": budget["years"]}


def _come_and_gone(
    new: Sequence[Mapping[str, Any]], old: Sequence[Mapping[str, Any]], name: Any, came: str, went: str
) -> Iterable[str]:
    now, then = {row["key"]: row for row in new}, {row["key"]: row for row in old}
    for rows, other, text in ((now, then, came), (then, now, went)):
        names = [name(row) for key, row in rows.items() if key not in other]
        if names:
            more = len(names) - TOLD
            shown = names[:TOLD] if more <= 0 else [*names[:TOLD], _("%(n)d andere") % {"n": more}]
            yield text % {"names": listed(shown)}


def _moved(new: Sequence[Mapping[str, Any]], old: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    then = {row["key"]: row for row in old}
    for row in new:
        before = then.get(row["key"])
        if before and (before["impact"], before["likelihood"]) != (row["impact"], row["likelihood"]):
            yield _("%(name)s: impact van %(i)s naar %(j)s, waarschijnlijkheid van %(k)s naar %(l)s.") % {
                "name": row["name"], "i": before["impact"], "j": row["impact"], "k": before["likelihood"],
                "l": row["likelihood"],
            }  # fmt: skip


def document(content: Content, told: Sequence[str], against: str, svg: str) -> dict[str, Any]:
    """The data of ``data/riskplan.typ``: everything as texts."""
    points = content["points"]
    diagram, scales = content["diagram"], content["scales"]
    return {
        "subtitle": content["subtitle"],
        "footer": content["footer"],
        "intro": [intro(content), *([content["note"]] if content["note"] else [])],
        "words": _words(against, content),
        "changes": list(told),
        "svg": svg,
        "alt": finding(diagram),
        "diagram_head": [_("Nr."), _("Risico"), _("Impact"), _("Waarschijnlijkheid"), _("Soort")],
        "diagram": [
            [
                str(row["number"]), row["name"], f"{row['impact']} {scales['impact'].get(row['impact'], '')}",
                f"{row['likelihood']} {scales['likelihood'].get(row['likelihood'], '')}", kind_in_words(row["kind"]),
            ]
            for row in diagram
        ],
        "scales_note": scales_in_words(scales),
        "ranking_head": [_("Nr."), _("Onderdeel"), _("Vitaal geraakt"), _("Valt stil"), _("Het eerst")],
        "ranking": [
            [
                str(n), row["name"], str(row["hurts"]), str(row["stops"]),
                f"{row['first']}, {moment(row['minutes'])}" if row["first"] else "",
            ]
            for n, row in enumerate(content["ranking"][:TOP], 1)
        ],
        "redundancy": [
            {
                "title": f"{row['node']}: {row['label']}",
                "told": redundancy_in_words(row),
                "paths": [" → ".join(path) for path in row["paths"]],
            }
            for row in content["redundancy"][:TOP]
        ],
        "sets_head": [_("Vitaal proces"), _("Valt stil door één uitval van"), _("Paren")],
        "sets": [
            [row["name"], _singles(row), str(row["pair_count"])]
            for row in content["sets"]
        ],
        "odds": odds_in_words(content.get("odds")),
        "odds_head": [_("Vitaal proces"), _("Uur stil per jaar"), _("Uur haperend per jaar"), _("Kans op stilstand")],
        "odds_rows": [
            [row["name"], number(round(row["down"], 1)), number(round(row["degraded"], 1)), percent(row["stops"])]
            for row in (content.get("odds") or {"processes": []})["processes"][:TOP]
        ],
        "measures_head": [_("Maatregel"), _("Wat het doet"), _("Eenmalig"), _("Per jaar"), _("Voorstel")],
        "measures": [
            [row["name"], row["told"], euros(row["once"]), euros(row["yearly"]), _("ja") if row["taken"] else ""]
            for row in content["measures"]
        ],
        "budget": budget_in_words(content["budget"], points),
        "base": content["base"],
    }  # fmt: skip


def _singles(row: Mapping[str, Any]) -> str:
    """What one failure does to a process: what stops it or, when nothing does, what makes it falter."""
    names = listed(row["singles"][:TOLD])
    if row.get("state") != "degraded":
        return names or _("geen enkel onderdeel")
    if names:
        return _("valt niet stil; hapert door %(names)s") % {"names": names}
    return _("valt niet stil; geen enkel onderdeel doet het alleen haperen")


def _words(against: str, content: Content) -> dict[str, str]:
    return {
        "changes": _("Wat er veranderd is sinds %(version)s") % {"version": against} if against else "",
        "diagram": _("Risicodiagram"),
        "no_diagram": _("Er zijn nog geen risico's met impact en waarschijnlijkheid."),
        "ranking": _("Wat het zwaarst weegt"),
        "ranking_note": _(
            "Wat er gebeurt als alleen dit uitvalt en al het andere werkt. De uitval duurt zo lang als herstel kost; "
            "is dat niet bekend, dan 72 uur. Van een spreiding telt de middelste tijd. "
            "Bovenaan staat wat de meeste vitale processen raakt; bij evenveel wat het eerst te merken is, "
            "en daarna wat het meeste gewicht heeft."
        ),
        "no_ranking": _("Geen enkel onderdeel raakt in zijn eentje een vitaal proces."),
        "redundancy": _("Schijnredundantie"),
        "no_redundancy": _("Er is geen schijnredundantie gevonden.")
        if content.get("reserves") != 0
        else _("Deze kaart heeft geen reserve: nergens zijn er meer leveranciers dan er nodig zijn."),
        "sets": _("Waardoor een vitaal proces stilvalt"),
        "no_sets": _("Er is nog geen vitaal proces aangewezen."),
        "odds": _("Kans en schade"),
        "measures": _("Maatregelen en budget"),
        "no_measures": _("Er zijn nog geen maatregelen opgenomen."),
        "base": _("Waarop dit berust"),
    }


def intro(content: Content) -> str:
    """The sentence that answers."""
    base = _("De kaart telt %(vital)d vitale processen en %(size)d onderdelen.") % content
    return f"{base} {weak_in_words(content)}".strip()


def weak_in_words(result: Content) -> str:
    """What one failure stops, and what the reserves are worth: of reserves only where there are any.

    ``result`` is an outcome of ``reckoning.weak`` or the content of a plan; empty for one that does not count reserves.
    """
    reserves, stopped = result.get("reserves"), result.get("alone")
    if reserves is None or stopped is None:
        return ""
    told = _alone_in_words(stopped, result["vital"])
    if not reserves:
        return _("Deze kaart heeft geen reserve: %(told)s.") % {"told": told}
    false = len({(row["node"], row["label"]) for row in result["redundancy"]})
    return f"{capfirst(told)}. {_reserves_in_words(reserves, false)}"


def _reserves_in_words(reserves: int, false: int) -> str:
    if not false:
        words = ngettext(
            "De enige reserve op deze kaart valt niet door één uitval helemaal weg.",
            "Van de %(all)d reserves op deze kaart valt er geen door één uitval helemaal weg.",
            reserves,
        )
    elif reserves == 1:
        words = _("De enige reserve op deze kaart is er geen: één uitval neemt alles tegelijk weg.")
    else:
        words = ngettext(
            "Van de %(all)d reserves op deze kaart is er %(n)d geen: één uitval neemt alles tegelijk weg.",
            "Van de %(all)d reserves op deze kaart zijn er %(n)d geen: één uitval neemt alles tegelijk weg.",
            false,
        )
    return words % {"all": reserves, "n": false}


def _alone_in_words(stopped: Mapping[str, int], vital: int) -> str:
    """Without a full stop: how many parts stop a vital process by themselves, and how many of those that concerns."""
    nodes, causes, hit = stopped["nodes"], stopped["causes"], stopped["vital"]
    if not vital:
        return _("er is nog geen vitaal proces aangewezen")
    if not hit:
        return _("geen enkel onderdeel legt in zijn eentje een vitaal proces stil")
    counted = [
        (nodes, ngettext("%(n)d onderdeel", "%(n)d onderdelen", nodes)),
        (causes, ngettext("%(n)d gezamenlijke oorzaak", "%(n)d gezamenlijke oorzaken", causes)),
    ]
    which = _("%(hit)d van de %(vital)d vitale processen")
    if hit == vital:
        which = ngettext("het enige vitale proces", "alle %(vital)d vitale processen", vital)
    told = ngettext(
        "%(who)s legt alleen al %(which)s stil",
        "%(who)s leggen ieder alleen al een vitaal proces stil; het gaat om %(which)s",
        nodes + causes,
    )
    return told % {
        "who": listed([words % {"n": n} for n, words in counted if n]),
        "which": which % {"hit": hit, "vital": vital},
    }


def finding(diagram: Sequence[Mapping[str, Any]]) -> str:
    """What the diagram shows, in a sentence."""
    if not diagram:
        return _("Nog geen risico in het diagram")
    top = diagram[0]
    return ngettext(
        "%(n)d risico; het zwaarst is %(name)s (impact %(i)s, waarschijnlijkheid %(l)s)",
        "%(n)d risico's; het zwaarst is %(name)s (impact %(i)s, waarschijnlijkheid %(l)s)",
        len(diagram),
    ) % {"n": len(diagram), "name": top["name"], "i": top["impact"], "l": top["likelihood"]}


def kind_in_words(kind: str) -> str:
    """Where a risk comes from."""
    return {"node": _("eigen uitval"), "common": _("gezamenlijke oorzaak"), "scenario": _("scenario")}[kind]


def scales_in_words(scales: Mapping[str, Any]) -> str:
    """Which scales these are and how firm."""
    return _("Schalen: versie %(version)s, %(status)s.") % scales


def redundancy_in_words(row: Mapping[str, Any]) -> str:
    """What is false about this redundancy."""
    total = len(row["providers"])
    told = ngettext(
        "Van deze %(total)d is er %(n)d nodig: %(names)s. Maar %(origin)s neemt er %(lost)d tegelijk weg.",
        "Van deze %(total)d zijn er %(n)d nodig: %(names)s. Maar %(origin)s neemt er %(lost)d tegelijk weg.",
        row["needed"],
    )
    return told % {
        "n": row["needed"], "total": total, "names": listed(row["providers"]), "origin": row["origin"],
        "lost": len(row["lost"]),
    }  # fmt: skip


def effect_in_words(effect: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """What one measure does by itself, with all that it needs: the yearly loss before and after."""
    after = effect.get("after", result["loss"] - effect["together"])
    words = {
        "before": loss_in_words(result["loss"], result["points"], yearly=True),
        "after": loss_in_words(after, result["points"], yearly=True),
        "needs": listed(effect.get("needs", [])),
    }
    if words["before"] == words["after"]:
        return _("Alleen deze maatregel scheelt niets dat te merken is: het blijft %(before)s.") % words
    if words["needs"]:
        return _("Van %(before)s naar %(after)s, samen met wat zij nodig heeft: %(needs)s.") % words
    return _("Van %(before)s naar %(after)s met alleen deze maatregel.") % words


def budget_in_words(budget: Mapping[str, Any] | None, points: bool) -> list[str]:
    """What the budget buys: predicted and played again."""
    if not budget:
        return []
    best = budget["best"]
    saved = loss_in_words(best["effect"], points, yearly=True)
    summed = loss_in_words(best["predicted"], points, yearly=True)
    if not best["keys"]:
        return [
            _("Voor een budget van %(amount)s is er geen maatregel die iets oplevert.")
            % {"amount": euros(budget["budget"])}
        ]
    lines = [
        _("Met %(amount)s over %(years)d jaar is dit het beste: %(names)s. Dat kost %(cost)s.")
        % {
            "amount": euros(budget["budget"]), "years": budget["years"], "names": listed(best["names"]),
            "cost": euros(best["cost"]),
        },
        _("Samen doorgerekend scheelt dit %(saved)s, van de %(loss)s nu.")
        % {"saved": saved, "loss": loss_in_words(budget["loss"], points, yearly=True)},
    ]  # fmt: skip
    if summed != saved:
        lines[-1] += " " + _("Los opgeteld zou het %(summed)s zijn.") % {"summed": summed}
    share = budget.get("interaction", 0.0)
    if share >= NOTICED:
        told = _("De maatregelen werken op elkaar in: los opgeteld en samen doorgerekend verschillen tot %(share)s. "
                 "Ga uit van het getal dat samen is doorgerekend.")  # fmt: skip
        if summed == saved:
            told = _("In deze keuze tellen de maatregelen gewoon op. In andere keuzes zitten zij elkaar in de weg of "
                     "helpen zij elkaar: daar scheelt dat tot %(share)s.")  # fmt: skip
        lines.append(told % {"share": percent(share)})
        if budget["searched"]:
            lines.append(_("Daarom zijn nog %(n)d andere combinaties als geheel bekeken.") % {"n": budget["searched"]})
    if budget["exhausted"]:
        lines.append(_("Er is niet verder gezocht; misschien is er een nog betere keuze."))
    return lines
