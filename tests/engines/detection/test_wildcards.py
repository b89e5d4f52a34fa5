"""Wildcards against an oracle that tries everything."""

from hypothesis import given
from hypothesis import strategies as st

from tests.engines.detection.support import hits

ALPHABET = "aAbé*?\\\n."


def tokens(pattern: str) -> list[str]:
    """The pattern by the letter of the specification: "*" and "?" are wild unless a backslash stands before them."""
    found: list[str] = []
    i = 0
    while i < len(pattern):
        char = pattern[i]
        if char == "\\" and i + 1 < len(pattern) and pattern[i + 1] in "*?\\":
            found.append("=" + pattern[i + 1])
            i += 1
        elif char in "*?":
            found.append(char)
        else:
            found.append("=" + char)
        i += 1
    return found


def oracle(pattern: list[str], text: str) -> bool:
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        return any(oracle(rest, text[i:]) for i in range(len(text) + 1))
    if not text:
        return False
    return (head == "?" or head[1].lower() == text[0].lower()) and oracle(rest, text[1:])


@given(pattern=st.text(ALPHABET, max_size=8), text=st.text(ALPHABET, max_size=8))
def test_whole_value(pattern, text):
    assert hits({"A": pattern}, {"A": text}) is oracle(tokens(pattern), text)


@given(pattern=st.text(ALPHABET, min_size=1, max_size=6), text=st.text(ALPHABET, max_size=8))
def test_part_of_a_value(pattern, text):
    wild = tokens(pattern)
    assert hits({"A|contains": pattern}, {"A": text}) is oracle(["*", *wild, "*"], text)
    assert hits({"A|startswith": pattern}, {"A": text}) is oracle([*wild, "*"], text)
    assert hits({"A|endswith": pattern}, {"A": text}) is oracle(["*", *wild], text)
    assert hits([pattern], {"A": text}) is oracle(["*", *wild, "*"], text)
