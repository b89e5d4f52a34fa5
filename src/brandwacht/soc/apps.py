"""What the room ``soc`` registers when Brandwacht starts."""

from django.apps import AppConfig


class SocConfig(AppConfig):
    """The room ``soc``."""

    name = "brandwacht.soc"
    label = "soc"

    def ready(self) -> None:
        """Register policy rules, the menu entry, panels, event handlers and jobs."""
        from brandwacht.soc import registry

        registry.register()
