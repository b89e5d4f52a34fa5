"""The policy table of the room ``baseline``."""

from brandwacht.network.policy import Rule

RULES: tuple[Rule, ...] = ()
