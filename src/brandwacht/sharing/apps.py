"""What the room ``sharing`` registers when Brandwacht starts."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room ``sharing``."""

    name = "brandwacht.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Register policy rules, the menu entry, panels, event handlers and jobs."""
        from brandwacht.sharing import registry

        registry.register()
