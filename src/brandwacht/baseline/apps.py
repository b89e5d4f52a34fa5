"""What the room ``baseline`` registers when Brandwacht starts."""

from django.apps import AppConfig


class BaselineConfig(AppConfig):
    """The room ``baseline``."""

    name = "brandwacht.baseline"
    label = "baseline"

    def ready(self) -> None:
        """Register policy rules, the menu entry, panels, event handlers and jobs."""
        from brandwacht.baseline import registry

        registry.register()
