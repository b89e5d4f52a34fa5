"""What the room ``cert`` registers when Brandwacht starts."""

from django.apps import AppConfig


class CertConfig(AppConfig):
    """The room ``cert``."""

    name = "brandwacht.cert"
    label = "cert"

    def ready(self) -> None:
        """Register policy rules, the menu entry, panels, event handlers and jobs."""
        from brandwacht.cert import registry

        registry.register()
