"""The policy table of the room ``sharing``."""

from brandwacht.network.policy import Rule

RULES: tuple[Rule, ...] = ()
