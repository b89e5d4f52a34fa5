"""Finding nodes by what people type: a key, or a name when only one node has it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from django.utils.translation import gettext as _

from brandwacht.network.models import Node
from brandwacht.network.services.imports import BadValue

SUGGESTIONS = 20
"""So many unknown names get the name that looks like it; looking for more would take long."""
MOST_CHARACTERS = 80


class NodeNames:
    """The nodes of one owner by key and by name, whatever the capitals."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._by_key: dict[str, Node] = {}
        self._by_name: dict[str, list[Node]] = {}
        for node in nodes:
            self._by_key[node.key.casefold()] = node
            self._by_name.setdefault(node.name.casefold(), []).append(node)
        self._left = SUGGESTIONS

    @classmethod
    def of(cls, owner_id: int) -> NodeNames:
        """The names of this owner's register."""
        return cls(Node.objects.filter(organisation_id=owner_id).order_by("pk"))

    def find(self, typed: str) -> Node:
        """The node that is meant; raises ``BadValue`` that says what to write instead."""
        word = typed.casefold()
        fits = [self._by_key[word]] if word in self._by_key else self._by_name.get(word, [])
        if len(fits) == 1:
            return fits[0]
        if fits:
            keys = ", ".join(n.key for n in fits)
            raise BadValue(
                _("“%(word)s” komt vaker voor. Gebruik de sleutel: %(keys)s.") % {"word": typed, "keys": keys}
            )
        raise BadValue(self._unknown(typed))

    def _unknown(self, typed: str) -> str:
        message = _("“%(word)s” staat niet in het register.") % {"word": typed[:MOST_CHARACTERS]}
        near: list[str] = []
        if self._left:
            self._left -= 1
            names = [nodes[0].name for nodes in self._by_name.values()]
            near = difflib.get_close_matches(typed[:MOST_CHARACTERS], names, n=1)
        if near:
            return message + " " + _("Bedoelt u “%(near)s”?") % {"near": near[0]}
        return message + " " + _("Voeg het eerst toe.")


def split_names(cell: str) -> list[str]:
    """The names in one cell: separated by semicolons or on lines of their own; each once, in order."""
    words = (word.strip() for word in cell.replace("\n", ";").split(";"))
    return list(dict.fromkeys(word for word in words if word))
