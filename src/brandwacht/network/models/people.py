"""People and the roles they hold at an organisation, with dates."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import TenantModel


class UserManager(BaseUserManager["User"]):
    """Makes users who log in with their mail address."""

    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        """A user; without a password nobody can log in until one is set by mail."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who can log in. What they may do follows only from ``RoleAssignment`` and grants."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name to show."""
        return self.name


class RoleAssignment(TenantModel):
    """A person in a role at an organisation, from a date up to (not including) a date."""

    domain = Domain.PEOPLE

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "organisation"], name="role_user_organisation")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="role_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
