"""Every parser reads its examples and refuses a handful of broken ones; `python -m tests.fuzz` tries for longer."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.breaking import mutated
from tests.fuzz.parsers import PARSERS, attempt


@pytest.mark.parametrize("name", PARSERS)
def test_examples_are_read_and_broken_ones_refused(name: str) -> None:
    parser, chance = PARSERS[name], random.Random(name)
    for example in parser.examples:
        parser.read(example)
        for _number in range(12):
            data = mutated(example, chance)
            assert attempt(parser, data) == "", data
