"""The policy table of the room ``governance``."""

from brandwacht.network.policy import Rule

RULES: tuple[Rule, ...] = ()
