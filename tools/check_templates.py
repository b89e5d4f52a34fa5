"""Templates compile, obey the content security policy, and have no text outside gettext.

- Every template compiles with the project's own settings.
- No inline script (only `type="application/json"`), no `<style>`, no `style=`, no `on...=`, no `hx-on`, no
  `javascript:` and no htmx expressions (`js:`): the policy blocks them all.
- No words outside `{% translate %}` and `{% blocktranslate %}`: not in text, not in attributes that are read aloud or
  shown, not in what a tag or filter shows (`{% include ... with label="..." %}`, `|default:"..."`): `_("...")` there.
"""

import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

from tools.project import ROOT, SOURCE, Finding, project_files, report

SAMPLES = {"styleguide"}  # pages for builders: their texts are examples
READ_ATTRIBUTES = {"alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title"}
HIDDEN = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans", "comment": "endcomment"}

# Names, not texts: the same in every language.
NAMES = re.compile(
    r"""\b(?:
        Brandwacht | TLP(?::(?:RED|AMBER(?:\+STRICT)?|GREEN|CLEAR))?
      | BIO2? | ENSIA | NIPV | VR-ISAC | NCSC | CSIRT | SOC | CERT | CISO | GRIP | Sigma | STIX | TAXII | MISP | CSAF
      | UTF-8 | CSV | XLSX | PDF | SVG | PNG | JSON | API | ID | IP | URL
    )\b""",
    re.VERBOSE,
)
WORD = re.compile(r"[^\W\d_]{2,}")
# Blocks that a child fills with part of an attribute, e.g. {% block body_class %}.
ATTRIBUTE_BLOCK = re.compile(r"(?:^|_)(?:class|id|attributes|lang)$")
# Literals that end up on the page: filters that show their argument, arguments that are called like a text.
SHOWN = re.compile(
    r"""(?:\|(?:default|default_if_none|yesno):
         |\s(?:label|title|heading|text|help|hint|caption|summary|message|question|button|alt|empty)=)"([^"]*)\"""",
    re.VERBOSE,
)


def blank_tags(source: str) -> str:
    """The template with its tags, variables, comments and translated blocks blanked; lines stay where they were."""
    out: list[str] = []
    until = ""
    for token in Lexer(source).tokenize():
        raw_lines = token.contents.count("\n")
        if until:
            if token.token_type is TokenType.BLOCK and token.split_contents()[0] == until:
                until = ""
            out.append("\n" * raw_lines)
        elif token.token_type is TokenType.TEXT:
            out.append(token.contents)
        else:
            if token.token_type is TokenType.BLOCK:
                tag, *arguments = token.split_contents()
                until = HIDDEN.get(tag, "")
                if tag == "block" and ATTRIBUTE_BLOCK.search(arguments[0]):
                    until = "endblock"
            # `<{{ level }}>` must stay an element for the parser.
            in_tag_name = token.token_type is TokenType.VAR and out and out[-1].endswith(("<", "</"))
            out.append("x" if in_tag_name else " " + "\n" * raw_lines)
    return "".join(out)


def words(text: str) -> str:
    """The words left after taking out names; empty when there are none."""
    rest = NAMES.sub(" ", text)
    return " ".join(rest.split()) if WORD.search(rest) else ""


class Page(HTMLParser):
    """Reads a blanked template and collects findings."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.findings: list[Finding] = []
        self.raw = ""  # the script or style element we are in

    def say(self, message: str, extra_lines: int = 0) -> None:
        self.findings.append(Finding(self.path, self.getpos()[0] + extra_lines, message))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name.lower(): value or "" for name, value in attrs}
        if tag in {"script", "style"}:
            self.raw = tag
        if tag == "style":
            self.say("<style> in a page: the content security policy blocks it")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.say("inline <script>: the content security policy blocks it")
        for name, value in given.items():
            if name == "style":
                self.say("style=: the content security policy blocks it")
            elif name.startswith(("on", "hx-on", "data-hx-on")):
                self.say(f"{name}=: the content security policy blocks it")
            elif value.strip().lower().startswith(("javascript:", "js:")):
                self.say(f"{name} holds an expression: the content security policy blocks it")
            elif name in READ_ATTRIBUTES and (left := words(value)):
                self.say(f"{name} has text outside gettext: {left[:60]!r}")
        if tag == "input" and given.get("type") in {"submit", "button"} and (left := words(given.get("value", ""))):
            self.say(f"value has text outside gettext: {left[:60]!r}")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.raw:
            self.raw = ""

    def handle_data(self, data: str) -> None:
        if self.raw:
            return
        for number, line in enumerate(data.split("\n")):
            if left := words(line):
                self.say(f"text outside gettext: {left[:60]!r}", number)


def check_text(path: Path, source: str) -> Iterator[Finding]:
    """What is wrong with one template's content; a plain-text template (mail) is checked for words only."""
    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            for literal in SHOWN.findall(token.contents):
                if not literal.endswith(".html") and (left := words(literal)):
                    yield Finding(path, token.lineno or 0, f'shows text outside gettext: "{left}"; write _("...")')
    blanked = blank_tags(source)
    if path.suffix == ".html":
        page = Page(path)
        page.feed(blanked)
        page.close()
        yield from page.findings
    else:
        for number, line in enumerate(blanked.split("\n"), 1):
            if left := words(line):
                yield Finding(path, number, f"text outside gettext: {left[:60]!r}")


def check_compiles(paths: list[Path]) -> Iterator[Finding]:
    """Templates that Django cannot compile with the project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    for path in paths:
        parts = path.relative_to(ROOT).parts
        name = "/".join(parts[parts.index("templates") + 1 :])
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            yield Finding(path, 0, f"does not compile: {error}")
        except TemplateDoesNotExist as error:
            yield Finding(path, 0, f"no installed app has this template, or one it needs: {error}")


def main() -> int:
    """Check every template of the product."""
    paths = [
        path
        for path in project_files(".html", ".txt")
        if path.is_relative_to(SOURCE) and "templates" in path.relative_to(SOURCE).parts
    ]
    findings = [f for path in paths if path.stem not in SAMPLES for f in check_text(path, path.read_text("utf-8"))]
    findings += check_compiles(paths)
    return report(f"templates ({len(paths)})", findings)


if __name__ == "__main__":
    sys.exit(main())
