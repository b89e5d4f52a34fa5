"""The policy table of the room ``soc``."""

from brandwacht.network.policy import Rule

RULES: tuple[Rule, ...] = ()
