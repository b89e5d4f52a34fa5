"""What the room ``network`` registers when Brandwacht starts."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The room ``network``."""

    name = "brandwacht.network"
    label = "network"

    def ready(self) -> None:
        """Register policy rules, the menu entry, panels, event handlers and jobs."""
        from brandwacht.network import registry

        registry.register()
