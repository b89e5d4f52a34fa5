"""The policy table of the room ``riskmap``."""

from brandwacht.network.policy import Rule

RULES: tuple[Rule, ...] = ()
