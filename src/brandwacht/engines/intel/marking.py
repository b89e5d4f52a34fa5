"""The one marking that something carries: who may know it (TLP) and what they may do with it (PAP).

Everything that comes in or goes out in another form (STIX, MISP, CSAF) has its marking read and written here, so that
it is the same on both sides of a conversion. What nobody marked counts as TLP:AMBER+STRICT and PAP:AMBER.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .pap import KNOWN_PAP_MARKINGS, PAP
from .tlp import KNOWN_MARKINGS, TLP, UnknownLabel


@dataclass(frozen=True, slots=True)
class Marking:
    """A TLP label and a PAP level, both always there."""

    tlp: TLP = TLP.AMBER_STRICT
    pap: PAP = PAP.AMBER

    @property
    def refs(self) -> list[str]:
        """The ids for `object_marking_refs` of a STIX object."""
        return [self.tlp.marking_id, self.pap.marking_id]

    @property
    def definitions(self) -> list[dict[str, object]]:
        """The STIX marking definitions that `refs` point at."""
        return [self.tlp.marking_definition(), self.pap.marking_definition()]

    @property
    def tags(self) -> list[str]:
        """The machine tags of MISP: `tlp:amber+strict`, `PAP:AMBER`."""
        return [self.tlp.label.lower(), self.pap.label]


UNMARKED: Final = Marking()
"""What nobody marked counts as this."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What something says of its own marking; None where it says nothing."""

    tlp: TLP | None = None
    pap: PAP | None = None

    def over(self, whole: "Stated") -> "Stated":
        """This part's own words, with those of the whole it belongs to where it is silent.

        A part may be stricter than its whole and also milder: a public advisory in a confidential report.
        """
        return Stated(self.tlp or whole.tlp, self.pap or whole.pap)

    def marking(self, unmarked: Marking = UNMARKED) -> Marking:
        """The marking that holds, with `unmarked` for what is not stated."""
        return Marking(self.tlp or unmarked.tlp, self.pap or unmarked.pap)


def strictest(markings: Iterable[Marking], *, unmarked: Marking = UNMARKED) -> Marking:
    """The effective marking of what is composed of these: the strictest label and the strictest level.

    Of nothing it is `unmarked`.
    """
    every = list(markings)
    if not every:
        return unmarked
    return Marking(TLP.strictest(*(each.tlp for each in every)), PAP.strictest(*(each.pap for each in every)))


def stated_by_refs(refs: Iterable[object], definitions: Mapping[str, Mapping[str, object]] | None = None) -> Stated:
    """What marking ids of STIX say together, the strictest of each kind; ids of other markings do not count.

    `definitions` are the marking definitions that came along, by id: someone may have made an own definition that says
    TLP or PAP in its name, extension or (TLP 1) definition.
    """
    ids = {ref for ref in refs if isinstance(ref, str)}
    labels = [KNOWN_MARKINGS[ref] for ref in ids if ref in KNOWN_MARKINGS]
    levels = [KNOWN_PAP_MARKINGS[ref] for ref in ids if ref in KNOWN_PAP_MARKINGS]
    for ref in ids - KNOWN_MARKINGS.keys() - KNOWN_PAP_MARKINGS.keys():
        found = stated_by_words(_words(definitions.get(ref, {}))) if definitions else Stated()
        labels += [found.tlp] if found.tlp else []
        levels += [found.pap] if found.pap else []
    return Stated(TLP.strictest(*labels) if labels else None, PAP.strictest(*levels) if levels else None)


def stated_by_words(words: Iterable[str]) -> Stated:
    """What names and tags say together (`tlp:red`, `PAP:GREEN`, MISP's `tlp:ex:chr`); other words do not count.

    A word that begins with `tlp:` or `pap:` and is no label is taken as the strictest: somebody meant to limit it.
    """
    labels: list[TLP] = []
    levels: list[PAP] = []
    for word in words:
        bare = "".join(word.split()).lower()
        try:
            if bare.startswith("tlp:"):
                labels.append(TLP.parse(bare))
            elif bare.startswith("pap:"):
                levels.append(PAP.parse(bare))
        except UnknownLabel:
            if bare.startswith("tlp:"):
                labels.append(TLP.RED)
            else:
                levels.append(PAP.RED)
    return Stated(TLP.strictest(*labels) if labels else None, PAP.strictest(*levels) if levels else None)


def _words(definition: Mapping[str, object]) -> list[str]:
    """Where a marking definition may say TLP or PAP in words."""
    words = [definition.get("name")]
    kind, content, extensions = (definition.get(name) for name in ("definition_type", "definition", "extensions"))
    if isinstance(content, Mapping):
        words.append(f"tlp:{content['tlp']}" if kind == "tlp" and content.get("tlp") else content.get("statement"))
    if isinstance(kind, str) and isinstance(content, Mapping):
        words += [value for value in content.values() if isinstance(value, str)]
    for extension in extensions.values() if isinstance(extensions, Mapping) else ():
        if isinstance(extension, Mapping):
            words += [f"tlp:{extension['tlp_2_0']}"] if "tlp_2_0" in extension else []
            words += [f"pap:{extension['pap']}"] if "pap" in extension else []
    return [word for word in words if isinstance(word, str)]


def stated_on(stix: Mapping[str, object], definitions: Mapping[str, Mapping[str, object]] | None = None) -> Stated:
    """What a STIX object says of its marking, on the whole or on a part (granular: the strictest counts for all)."""
    refs = list(_list(stix.get("object_marking_refs")))
    refs += [part.get("marking_ref") for part in _list(stix.get("granular_markings")) if isinstance(part, Mapping)]
    return stated_by_refs(refs, definitions)


def effective_marking(*objects: Mapping[str, object], unmarked: Marking = UNMARKED) -> Marking:
    """The marking of what is composed of these STIX objects: the strictest of each kind wins.

    TLP 2.0, TLP 1.0 and PAP markings count, also by own definitions among the objects; others (a copyright statement)
    do not. An object that says nothing counts as `unmarked`. Marking definitions themselves do not count.
    """
    definitions = {
        str(each["id"]): each for each in objects if each.get("type") == "marking-definition" and "id" in each
    }
    return strictest(
        (
            stated_on(each, definitions).marking(unmarked)
            for each in objects
            if each.get("type") != "marking-definition"
        ),
        unmarked=unmarked,
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
