"""House rules that no other tool knows.

- A file under src/ or tests/ fits in one sitting: more than 400 lines is a hint, more than 600 is wrong.
- No address of a package registry or mirror is written down: which one is used is for the machine to say.
- package-lock.json holds names, versions and hashes, no download addresses.
- No binary file above 300 kB.
- A day is a day here: between midnight here and midnight UTC, `now.date()` gives yesterday.
- Engines take time and chance as arguments: they call no clock and no generator of their own.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.project import ROOT, SOURCE, Finding, project_files, report

LINES_HINT, LINES_WRONG = 400, 600
CODE = {".py", ".html", ".css", ".scss", ".js", ".mjs"}
BINARY_LIMIT = 300_000

# In parts, so that this file does not contain what it looks for.
_REGISTRIES = [
    ("registry.", "npmjs", ".org"),
    ("registry.", "yarnpkg", ".com"),
    ("files.", "pythonhosted", ".org"),
    ("py", "pi", ".org"),
    ("deb.", "debian", ".org"),
    ("proxy.", "golang", ".org"),
    ("static.", "crates", ".io"),
    ("repo1.", "maven", ".org"),
]
REGISTRY = re.compile("|".join(re.escape("".join(parts)) for parts in _REGISTRIES), re.IGNORECASE)

UTC_DAY = re.compile(r"\bnow(\(\))?\.date\(\)|\bdate\.today\(\)")

OWN_CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"},
    "timezone": {"now", "localdate", "localtime"},
    "uuid": {"uuid1", "uuid4", "uuid7"},
    "secrets": {"token_hex", "token_urlsafe", "token_bytes", "choice", "randbelow"},
    "random": {
        *("random", "randint", "randrange", "choice", "choices", "shuffle", "sample", "uniform", "gauss", "seed"),
        *("expovariate", "betavariate", "triangular", "normalvariate", "lognormvariate", "SystemRandom"),
    },
}


def check_length(path: Path) -> tuple[list[Finding], list[Finding]]:
    """Findings and hints on the length of a file of code."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > LINES_WRONG:
        return [Finding(path, 0, f"{lines} lines; split it by what it is about (at most {LINES_WRONG})")], []
    if lines > LINES_HINT:
        return [], [Finding(path, 0, f"{lines} lines; time to look for a seam (signal at {LINES_HINT})")]
    return [], []


def check_addresses(path: Path, text: str) -> Iterator[Finding]:
    """Addresses of package registries."""
    for number, line in enumerate(text.splitlines(), 1):
        if REGISTRY.search(line):
            yield Finding(path, number, "names a package registry")


def check_package_lock(path: Path, text: str) -> Iterator[Finding]:
    """Download addresses in package-lock.json."""
    for name, package in json.loads(text).get("packages", {}).items():
        if "resolved" in package and not package.get("link"):
            yield Finding(path, 0, f"{name} has a download address; .npmrc asks npm to leave those out")


def check_days(path: Path, text: str) -> Iterator[Finding]:
    """Days taken from a moment in UTC, or from the clock of the machine."""
    for number, line in enumerate(text.splitlines(), 1):
        if UTC_DAY.search(line):
            yield Finding(path, number, "the day in UTC: actor.today or timezone.localdate(now) is the day here")


def check_engine(path: Path, text: str) -> Iterator[Finding]:
    """Calls of an engine to a clock or a generator of its own."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
        if node.func.attr in OWN_CLOCKS.get(name, ()):
            yield Finding(path, node.lineno, f"{name}.{node.func.attr}() in an engine: take it as an argument")
        elif (name, node.func.attr) == ("random", "Random") and not node.args:
            yield Finding(path, node.lineno, "random.Random() without a seed in an engine")


def main() -> int:
    """Check every file of the project."""
    findings: list[Finding] = []
    hints: list[Finding] = []
    for path in project_files():
        content = path.read_bytes()
        if b"\0" in content[:8000]:
            if len(content) > BINARY_LIMIT:
                findings.append(Finding(path, 0, f"binary file of {len(content) // 1000} kB (at most 300)"))
            continue
        text = content.decode("utf-8", errors="replace")
        findings += check_addresses(path, text)
        if path == ROOT / "package-lock.json":
            findings += check_package_lock(path, text)
        in_code = path.suffix in CODE and path.relative_to(ROOT).parts[0] in {"src", "tests"}
        if in_code and "migrations" not in path.parts:  # Django writes those
            wrong, long = check_length(path)
            findings += wrong
            hints += long
        if path.suffix == ".py" and in_code:
            findings += check_days(path, text)
        if path.suffix == ".py" and path.is_relative_to(SOURCE / "engines"):
            findings += check_engine(path, text)
    return report("house rules", findings, hints)


if __name__ == "__main__":
    sys.exit(main())
