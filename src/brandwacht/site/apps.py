"""The face of Brandwacht: base templates, components and front-end sources."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The face: no tables, no rules."""

    name = "brandwacht.site"
    label = "site"

    def ready(self) -> None:
        """Start following log-ins and second factors."""
        from brandwacht.site import logins, second_factor

        logins.listen()
        second_factor.listen()
