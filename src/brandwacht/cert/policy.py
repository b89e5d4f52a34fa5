"""The policy table of the room ``cert``."""

from brandwacht.network.policy import Rule

RULES: tuple[Rule, ...] = ()
