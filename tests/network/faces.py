"""Logging in, for the tests of the pages."""

from __future__ import annotations

from django.test import Client

from brandwacht.network.models import User


def log_in(client: Client, user: User) -> Client:
    """The client, logged in as this person."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
