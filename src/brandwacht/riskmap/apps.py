"""What the room ``riskmap`` registers when Brandwacht starts."""

from django.apps import AppConfig


class RiskmapConfig(AppConfig):
    """The room ``riskmap``."""

    name = "brandwacht.riskmap"
    label = "riskmap"

    def ready(self) -> None:
        """Register policy rules, the menu entry, panels, event handlers and jobs."""
        from brandwacht.riskmap import registry

        registry.register()
