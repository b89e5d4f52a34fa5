"""Run every bench in this folder and renew RESULTS.md.

A bench is a script with a `main()`: it measures us and a peer on the same work in one run and prints, as its last
line, one JSON object (or a list of them):

    {"figure": "...", "ours": 0.0, "peer": 0.0, "ratio": 0.0, "unit": "...", "n": 0}

    bench/run.py                 all benches; renews RESULTS.md when every one of them succeeded
    bench/run.py cascade sigma   some of them; prints only
    bench/run.py --quick         less of the same work; prints only, since its figures are rougher
"""

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
MINUTES = 30  # for one bench; --quick has two minutes, where 50 seconds is the rule


@dataclass(frozen=True)
class Figure:
    """One measured figure. `ratio` is how many times better we are than the peer, as the bench defines it."""

    bench: str
    figure: str
    ours: float
    peer: float | None
    ratio: float | None
    unit: str
    n: int
    seconds: float

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        cells = [self.bench, self.figure, _number(self.ours), _number(self.peer), _number(self.ratio), self.unit]
        return "| " + " | ".join([*cells, f"{self.n:,}", f"{self.seconds:.0f} s"]) + " |"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def benches() -> list[Path]:
    """The scripts in this folder that define `main`, by name; helpers without one are left out."""
    found = []
    for path in sorted(HERE.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path != Path(__file__).resolve() and any(
            isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body
        ):
            found.append(path)
    return found


def measure(path: Path, quick: bool) -> list[Figure]:
    """Run one bench. Raises ValueError with a sentence when it fails or its last line is not what it should be."""
    began = time.monotonic()
    command = [sys.executable, str(path), *(["--quick"] if quick else [])]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONUNBUFFERED": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=HERE.parent,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=120 if quick else MINUTES * 60,
        )
    except subprocess.TimeoutExpired as late:
        raise ValueError(f"{path.name} took more than {late.timeout:.0f} s") from late
    seconds = time.monotonic() - began
    lines = done.stdout.strip().splitlines()
    print("\n".join(f"    {line}" for line in lines), flush=True)
    if done.returncode:
        raise ValueError(f"{path.name} ended with exit code {done.returncode}")
    try:
        last = json.loads(lines[-1])
        found = last if isinstance(last, list) else [last]
        return [
            Figure(
                bench=path.stem,
                figure=each["figure"],
                ours=float(each["ours"]),
                peer=None if each.get("peer") is None else float(each["peer"]),
                ratio=None if each.get("ratio") is None else float(each["ratio"]),
                unit=each["unit"],
                n=int(each["n"]),
                seconds=seconds,
            )
            for each in found
        ]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name}: the last line is not the JSON that bench/run.py asks for ({error!r})"
        ) from error


def machine() -> list[str]:
    """What the figures rest on: processor, memory, Python, the packages that matter."""
    processor = platform.processor() or platform.machine()
    cpuinfo, meminfo = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if cpuinfo.is_file():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    facts = [f"{processor}, {os.cpu_count()} cores"]
    if meminfo.is_file():
        facts[0] += f", {int(meminfo.read_text().split()[1]) / 2**20:.0f} GiB of memory"
    facts.append(f"{platform.system()} {platform.release()}, Python {platform.python_version()}")
    packages = ("django", "pysigma", "evtx", "orjson", "msgspec", "openpyxl")
    facts.append(", ".join(f"{name} {metadata.version(name)}" for name in packages))
    return facts


def write_results(figures: list[Figure]) -> None:
    """Replace RESULTS.md as a whole."""
    lines = [
        "# Results",
        "",
        "Written by `make bench`; do not edit. Each figure is the median of several repeats, ours and the peer's on",
        "the same work in one run; each script in this folder says what the peer is and how the data is made.",
        "",
        f"Measured on {datetime.now(UTC).date().isoformat()}:",
        "",
        *(f"- {fact}" for fact in machine()),
        "",
        "| bench | figure | ours | peer | ratio | unit | n | took |",
        "| --- | --- | ---: | ---: | ---: | --- | ---: | ---: |",
        *(figure.row() for figure in figures),
        "",
    ]
    part = RESULTS.with_suffix(".part")
    part.write_text("\n".join(lines), encoding="utf-8")
    part.replace(RESULTS)


def main() -> int:
    """Run what was asked; the exit code is 1 when a bench failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less of the same work, within 50 seconds per bench")
    parser.add_argument("names", nargs="*", help="benches to run (default: all)")
    options = parser.parse_args()
    known = {path.stem: path for path in benches()}
    if unknown := set(options.names) - set(known):
        parser.error(f"no bench called {', '.join(sorted(unknown))}; there are: {', '.join(known) or 'none yet'}")

    figures: list[Figure] = []
    failures: list[str] = []
    for name in options.names or known:
        print(f"{name} ...", flush=True)
        try:
            figures += measure(known[name], options.quick)
        except ValueError as failure:
            failures.append(str(failure))
    print()
    for figure in figures:
        print(figure.row())
    for message in failures:
        print(f"FAILED: {message}", file=sys.stderr)
    if figures and not (failures or options.quick or options.names):
        write_results(figures)
        print(f"\n{RESULTS.relative_to(HERE.parent)} renewed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
