"""What the checks share: the files of the project, and one way to report."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "brandwacht"


@dataclass(frozen=True, order=True)
class Finding:
    """Something that is wrong, at one place. `line` counts from 1; 0 means the file as a whole."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}: {self.message}" if self.line else f"{path}: {self.message}"


def project_files(*suffixes: str) -> Iterator[Path]:
    """Every file that is or may be committed, ordered by path; with suffixes, only those."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in sorted(filter(None, names.split("\0"))):
        path = ROOT / name
        if path.is_file() and (not suffixes or path.suffix in suffixes):
            yield path


def report(what: str, findings: Iterable[Finding], hints: Iterable[Finding] = ()) -> int:
    """Print findings and hints; the exit code is 1 when there are findings."""
    for hint in sorted(hints):
        print(f"hint: {hint}")
    found = sorted(findings)
    for finding in found:
        print(finding, file=sys.stderr)
    print(f"{what}: {len(found)} found" if found else f"{what}: ok")
    return 1 if found else 0
