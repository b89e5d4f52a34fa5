"""People: accounts and the roles they hold."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from brandwacht.network.actor import ITSELF, Actor, assignments_of
from brandwacht.network.errors import Refused
from brandwacht.network.events import RoleEnded, RoleGiven, publish
from brandwacht.network.models import RoleAssignment, User
from brandwacht.network.policy import Owner
from brandwacht.network.roles import Role
from brandwacht.network.services import tokens
from brandwacht.network.usecase import use_case

LONGEST_NAME = 120
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Kinds of characters that show as nothing, or turn the text around them."""


def assign(
    actor: Actor,
    email: str,
    name: str,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    password: str | None = None,
) -> RoleAssignment:
    """Give a person a role at the actor's organisation; makes the account when the mail address is new."""
    with use_case(actor, "people.assign") as case:
        case.require(Owner(actor.organisation_id))
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise Refused(_("Dit is geen geldig e-mailadres."), "email") from error
        if role is Role.SYSTEM:
            raise Refused(_("Deze rol is alleen voor Brandwacht zelf."), "role")
        if valid_to is not None and valid_to < valid_from:
            raise Refused(_("De einddatum ligt vóór de begindatum."), "valid_to")
        user = User.objects.filter(email=email).first()
        if user is None:
            _check_name(name.strip())
            if password is not None:
                _require_strong(password, User(email=email, name=name.strip()))
            user = User.objects.create_user(email, name.strip(), password)
        assignment = RoleAssignment(
            organisation_id=actor.organisation_id, user=user, role=role, valid_from=valid_from, valid_to=valid_to
        )
        assignment.save()
        publish(RoleGiven(assignment, actor))
        case.audit(assignment, {"rol": role, "vanaf": valid_from.isoformat()})
    return assignment


def _check_name(name: str) -> None:
    """A name stands in every chain that the person writes in, so it may not look like somebody else's line there."""
    if not name:
        raise Refused(_("Vul de naam in; dit e-mailadres is nieuw."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("Maak de naam korter dan 120 tekens."), "name")
    if any(unicodedata.category(letter) in HIDDEN for letter in name):
        raise Refused(_("In de naam staan onzichtbare tekens. Typ de naam opnieuw."), "name")
    if unicodedata.normalize("NFKC", name).casefold() == ITSELF.casefold():
        raise Refused(_("Deze naam gebruikt het systeem zelf. Vul de naam van de persoon in."), "name")


def _require_strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "password") from error


def end_role(actor: Actor, public_id: Any) -> RoleAssignment:
    """End a role today; it stops working on the next request."""
    with use_case(actor, "people.assign") as case:
        assignment = case.get(RoleAssignment, public_id, see="people.see")
        if assignment.user_id == actor.user_id and assignment.role == Role.ADMIN:
            raise Refused(_("U kunt uw eigen rol van beheerder niet beëindigen; vraag een andere beheerder."))
        assignment.valid_to = max(actor.today, assignment.valid_from)
        assignment.save()
        case.audit(assignment, {"rol": assignment.role, "beëindigd": True} | _end_tokens(actor, assignment))
        publish(RoleEnded(assignment, actor))
    return assignment


def _end_tokens(actor: Actor, ended: RoleAssignment) -> dict[str, int]:
    """With the last role the tokens go too: they must not work again when the person gets a role later."""
    if any(held.organisation_id == ended.organisation_id for held in assignments_of(ended.user, actor.now)):
        return {}
    count = tokens.revoke_all(ended.user_id, ended.organisation_id, actor.now)
    return {"tokens ingetrokken": count} if count else {}
