"""What the room ``governance`` registers when Brandwacht starts."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """The room ``governance``."""

    name = "brandwacht.governance"
    label = "governance"

    def ready(self) -> None:
        """Register policy rules, the menu entry, panels, event handlers and jobs."""
        from brandwacht.governance import registry

        registry.register()
