"""What the README shows is what the engine does."""

import doctest
from importlib import resources


def test_the_examples_in_the_readme_hold() -> None:
    text = resources.files("brandwacht.engines.cascade").joinpath("README.md").read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    told: list[str] = []
    result = doctest.DocTestRunner().run(test, out=told.append)
    assert result.attempted > 10
    assert result.failed == 0, "".join(told)
