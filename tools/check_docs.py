"""Every relative link in a Markdown file leads to a file that exists, and every #anchor to a heading.

Links to the outside are not followed: the check must work without a network.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tools.project import Finding, project_files, report

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
INLINE_CODE = re.compile(r"`[^`]*`")


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of a Markdown text, without fenced code."""
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip().startswith(fence):
            fence = ""
        elif not fence:
            yield number, line


def anchors(text: str) -> set[str]:
    """The anchors that a forge makes of the headings: lower case, no punctuation, spaces as hyphens."""
    found: set[str] = set()
    for _, line in prose(text):
        if heading := HEADING.match(line):
            words = re.sub(r"[^\w\- ]", "", heading[1].lower())
            anchor, n = words.replace(" ", "-"), 0
            while (numbered := f"{anchor}-{n}" if n else anchor) in found:
                n += 1
            found.add(numbered)
    return found


def check(path: Path) -> Iterator[Finding]:
    """Links in one file that lead nowhere."""
    for number, line in prose(path.read_text(encoding="utf-8")):
        for target in LINK.findall(INLINE_CODE.sub("", line)):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            name, _, anchor = unquote(target).partition("#")
            goal = (path.parent / name).resolve() if name else path
            if not goal.exists():
                yield Finding(path, number, f"link to {target}: no such file")
            elif anchor and goal.suffix == ".md" and anchor not in anchors(goal.read_text(encoding="utf-8")):
                yield Finding(path, number, f"link to {target}: no such heading")


def main() -> int:
    """Check every Markdown file of the project."""
    return report("links in documents", (finding for path in project_files(".md") for finding in check(path)))


if __name__ == "__main__":
    sys.exit(main())
