"""Writing a rule here: a new one, another text, and back to a former text. Every text that was is kept."""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.engines.detection import Correlation, Rule
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import SigmaRule, SigmaRuleVersion
from brandwacht.soc.services.rule_relations import related_texts
from brandwacht.soc.services.rule_rows import replace_texts, text_of_rule
from brandwacht.soc.services.rule_text import Checked, Problem, check

OWN: Final = "eigen"
"""The collection that rules written here are in."""

_TEMPLATE = """title: Korte titel in één zin
id: {id}
status: experimental
description: Wat ziet u als deze regel aanslaat, en waarom is dat verdacht?
author: {author}
date: {date}
tags:
  - attack.t1059.001
logsource:
  product: windows
  category: process_creation
detection:
  selectie:
    Image|endswith: '\\powershell.exe'
    CommandLine|contains: ' -enc '
  filter:
    User|contains: 'beheer'
  condition: selectie and not filter
falsepositives:
  - Wanneer is dit onschuldig?
level: medium
"""


_TOGETHER = """title: Wat er samen gebeurt, in één zin
id: {id}
status: experimental
description: Wat ziet u als dit verband waar is, en waarom is dat verdacht?
author: {author}
date: {date}
tags:
  - attack.t1110
correlation:
  type: event_count
  rules:
    - kenmerk-van-een-regel
  group-by:
    - User
  timespan: 10m
  condition:
    gte: 10
falsepositives:
  - Wanneer is dit onschuldig?
level: high
"""


class BrokenRule(Refused):
    """The text is no usable rule; ``problems`` say where and why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(_shown(problem) for problem in problems), "text")
        self.problems = problems


def template(actor: Actor, rule_id: UUID, *, together: bool = False) -> str:
    """A rule to start from, with an identifier of its own; with ``together`` a correlation between rules."""
    author = actor.name.replace("'", "").replace('"', "").replace(":", "").replace("#", "")
    return (_TOGETHER if together else _TEMPLATE).format(id=rule_id, author=author, date=actor.today.isoformat())


def checked_for(actor: Actor, text: str) -> Checked:
    """Read the text of a rule or correlation beside the rules that the actor's organisation has."""
    clean = text.replace("\r\n", "\n")
    return check(clean, related=related_texts(actor.organisation_id, [clean]))


def write_rule(actor: Actor, text: str, why: str, *, enabled: bool) -> SigmaRule:
    """A new rule of the actor's organisation. Raises ``BrokenRule``, or ``Refused`` when it has no identifier."""
    with use_case(actor, "soc.rules.import") as case:
        case.require(Owner(actor.organisation_id))
        rule = _usable(actor, text)
        if SigmaRule.objects.filter(organisation_id=actor.organisation_id, rule_id=rule.id).exists():
            raise Refused(_("Er is al een regel met dit kenmerk (id). Geef deze regel een eigen id."), "text")
        row = _own(actor, rule, text, why.strip() or _("Nieuwe regel"))
        row.enabled, row.switched_by, row.switched_at = enabled, actor.name, actor.now
        row.switched_why = "" if enabled else _("Nog niet aangezet")
        row.save()
        case.audit(row, {"regel": row.rule_id, "versie": 1, "aan": enabled, "waarom": row.changed_why})
    return row


def change_rule(actor: Actor, public_id: Any, text: str, why: str, *, seen: int) -> SigmaRule:
    """Give a rule another text. ``seen`` is the version that the person started from.

    Raises ``BrokenRule``, or ``Refused`` when the identifier changed, a colleague was first, or nothing changed.
    """
    with use_case(actor, "soc.rules.import") as case:
        old = case.get(SigmaRule, public_id, see="soc.rules.see")
        may_edit(old)
        if old.version != seen:
            raise Refused(
                _("Een collega was u voor: de regel is nu versie %(n)d, van %(who)s. Bekijk die eerst.")
                % {"n": old.version, "who": old.changed_by or _("onbekend")}
            )
        if not why.strip():
            raise Refused(_("Schrijf op waarom u de regel wijzigt."), "why")
        return _change(case, old, text, why.strip())


def restore_rule(actor: Actor, public_id: Any, number: int) -> SigmaRule:
    """Make a former text the present one: as a new version, so that nothing is lost."""
    with use_case(actor, "soc.rules.import") as case:
        old = case.get(SigmaRule, public_id, see="soc.rules.see")
        may_edit(old)
        former = SigmaRuleVersion.objects.filter(rule=old, number=number).first()
        if former is None:
            raise NotFound
        return _change(case, old, former.source, _("Terug naar versie %(n)d") % {"n": number})


def may_edit(rule: SigmaRule) -> None:
    """Raise ``Refused`` when this rule can not be written here."""
    if "#" in rule.name:
        raise Refused(_("Deze regel staat in een bestand met meer regels. Wijzig dat bestand en lees het opnieuw in."))


def _change(case: Any, old: SigmaRule, text: str, why: str) -> SigmaRule:
    actor: Actor = case.actor
    rule = _usable(actor, text)
    if old.usable and rule.id != old.rule_id:
        raise Refused(
            _("Het kenmerk (id) van een regel blijft gelijk: %(id)s. Maak anders een nieuwe regel.")
            % {"id": old.rule_id},
            "text",
        )
    row = _own(actor, rule, text, why)
    if row.sha256 == old.sha256:
        raise Refused(_("De tekst is niet veranderd."), "text")
    row.name, row.upstream_sha256 = old.name, old.upstream_sha256
    if not old.edited:
        row.upstream_sha256 = old.sha256  # what was imported is the text that the own one is weighed against
    if not old.usable:
        if SigmaRule.objects.filter(organisation_id=old.organisation_id, rule_id=rule.id).exists():
            raise Refused(_("Er is al een regel met dit kenmerk (id). Geef deze regel een eigen id."), "text")
        SigmaRule.objects.filter(pk=old.pk).update(rule_id=rule.id)
    replace_texts([(old, row)])
    row.refresh_from_db()
    case.audit(row, {"regel": row.rule_id, "versie": row.version, "waarom": why})
    return row


def _usable(actor: Actor, text: str) -> Rule | Correlation:
    checked = checked_for(actor, text)
    if checked.rule is None:
        raise BrokenRule(checked.problems)
    if "\nid:" not in f"\n{text}":
        raise Refused(_("De regel heeft geen kenmerk. Neem de regel id: over uit het sjabloon."), "text")
    return checked.rule


def _own(actor: Actor, rule: Rule | Correlation, text: str, why: str) -> SigmaRule:
    clean = text.replace("\r\n", "\n").replace("\x00", "\ufffd")
    row = text_of_rule(actor, rule, clean, hashlib.sha256(clean.encode("utf-8", "replace")).hexdigest(), why)
    row.name, row.edited = f"{OWN}/{rule.id}.yml"[:240], True
    return row


def _shown(problem: Problem) -> str:
    if not problem.line:
        return problem.text
    return _("Tekstregel %(line)d: %(text)s") % {"line": problem.line, "text": problem.text}
