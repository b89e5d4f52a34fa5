"""Text for people goes through gettext, in a form that a translator's tools can read.

- A gettext call gets a literal: no f-string, no `%`, `+` or `.format()` inside the call.
- More than one thing to fill in is named: `%(name)s`, since other languages change the order.
- What is translated while a module loads is lazy, or it stays in the language of that moment.
- Labels, help texts, names of choices, messages and validation errors are not bare strings.

Left out are the engines, which carry Dutch texts as data, and what is an example: the demo and the style guide.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.project import SOURCE, Finding, project_files, report

# How many leading arguments are messages, after how many others.
GETTEXT = {"gettext": (0, 1), "gettext_noop": (0, 1), "pgettext": (1, 1), "ngettext": (0, 2), "npgettext": (1, 2)}
FUNCTIONS = {**GETTEXT, **{f"{name}_lazy": arguments for name, arguments in GETTEXT.items()}}
TEXT_KEYWORDS = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label"}
MESSAGE_LEVELS = {"debug", "info", "success", "warning", "error"}
LEFT_OUT = ("*/migrations/*", "*/site/demo/*", "*/site/styleguide.py")
POSITIONAL = re.compile(r"%[sdi]")
WORD = re.compile(r"[^\W\d_]{3,}")


class Reader(ast.NodeVisitor):
    """Reads one module and collects findings."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.names: dict[str, str] = {}  # local name -> gettext function
        self.modules: set[str] = set()  # local names of django.utils.translation
        self.depth = 0  # how many function bodies we are in

    def say(self, node: ast.AST, message: str) -> None:
        self.findings.append(Finding(self.path, getattr(node, "lineno", 0), message))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if node.module == "django.utils.translation" and alias.name in FUNCTIONS:
                self.names[alias.asname or alias.name] = alias.name
            elif node.module == "django.utils" and alias.name == "translation":
                self.modules.add(alias.asname or alias.name)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        # Decorators and defaults run where the function is defined, the body later.
        if not isinstance(node, ast.Lambda):
            for decorator in node.decorator_list:
                self.visit(decorator)
        self.visit(node.args)
        self.depth += 1
        for part in node.body if isinstance(node.body, list) else [node.body]:
            self.visit(part)
        self.depth -= 1

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _function

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(ast.unparse(base).endswith("Choices") for base in node.bases):
            for statement in node.body:
                value = statement.value if isinstance(statement, ast.Assign) else None
                if isinstance(value, ast.Tuple) and value.elts and _bare(value.elts[-1]):
                    self.say(statement, "the name of a choice goes through gettext_lazy")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if function := self._gettext(node.func):
            self._check_gettext(node, function)
        else:
            self._check_bare(node)
        self.generic_visit(node)

    def _gettext(self, called: ast.expr) -> str | None:
        if isinstance(called, ast.Name):
            return self.names.get(called.id)
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            return called.attr if called.value.id in self.modules and called.attr in FUNCTIONS else None
        return None

    def _check_gettext(self, node: ast.Call, function: str) -> None:
        skip, count = FUNCTIONS[function]
        for argument in node.args[skip : skip + count]:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                self.say(argument, f"{function}() needs a literal text; fill it in after the call")
            elif len(POSITIONAL.findall(argument.value)) > 1:
                self.say(argument, "name what is filled in, e.g. %(naam)s: there is more than one")
        if not self.depth and not function.endswith(("_lazy", "_noop")):
            self.say(node, f"{function}() runs while the module loads; use {function}_lazy")

    def _check_bare(self, node: ast.Call) -> None:
        called = ast.unparse(node.func)
        for keyword in node.keywords:
            if keyword.arg in TEXT_KEYWORDS and _bare(keyword.value):
                self.say(keyword.value, f"{keyword.arg} is text for people and goes through gettext")
        if called.split(".")[-1] == "ValidationError" and node.args and _bare(node.args[0]):
            self.say(node, "a validation error is text for people and goes through gettext")
        owner, _, level = called.rpartition(".")
        if owner == "messages" and level in MESSAGE_LEVELS and len(node.args) > 1 and _bare(node.args[1]):
            self.say(node, "a message is text for people and goes through gettext")


def _bare(node: ast.expr) -> bool:
    """Whether this is a literal text with a word in it."""
    if isinstance(node, ast.JoinedStr):
        return any(_bare(part) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WORD.search(node.value))


def check(path: Path, text: str) -> Iterator[Finding]:
    """What is wrong with the texts of one module."""
    reader = Reader(path)
    reader.visit(ast.parse(text))
    yield from reader.findings


def main() -> int:
    """Check every module of the product but what is left out."""
    findings = [
        finding
        for path in project_files(".py")
        if path.is_relative_to(SOURCE)
        and not path.is_relative_to(SOURCE / "engines")
        and not any(path.match(pattern) for pattern in LEFT_OUT)
        for finding in check(path, path.read_text(encoding="utf-8"))
    ]
    return report("texts in Python", findings)


if __name__ == "__main__":
    sys.exit(main())
