"""People: accounts and the roles they hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import RoleAssignment, User
from brandwacht.network.policy import Owner
from brandwacht.network.roles import Role
from brandwacht.network.usecase import use_case


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
            if not name.strip():
                raise Refused(_("Vul de naam in; dit e-mailadres is nieuw."), "name")
            if password is not None:
                _require_strong(password, User(email=email, name=name.strip()))
            user = User.objects.create_user(email, name.strip(), password)
        assignment = RoleAssignment(
            organisation_id=actor.organisation_id, user=user, role=role, valid_from=valid_from, valid_to=valid_to
        )
        assignment.save()
        case.audit(assignment, {"rol": role, "vanaf": valid_from.isoformat()})
    return assignment


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
        assignment.valid_to = max(actor.now.date(), assignment.valid_from)
        assignment.save()
        case.audit(assignment, {"rol": assignment.role, "beëindigd": True})
    return assignment
