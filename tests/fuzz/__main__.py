# ruff: noqa: T201 - a program for who develops
"""Feed broken input to every parser of what others send: no crash but the parser's own clear error.

    python -m tests.fuzz                            all parsers, together ten minutes
    python -m tests.fuzz --seconds 60 stix csaf     some of them, a minute together
    python -m tests.fuzz --again .local/fuzz/x      one input that was found before

Where `atheris` can be imported it guides the changes by what the code does with them; it is not among our packages, so
give it an environment of its own that sees ours too. What makes a parser fail is kept in `.local/fuzz`, with the seed
of the run; the exit code is 1 then. A found input becomes a test beside the parser.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.breaking import mutated
from tests.fuzz.parsers import PARSERS, attempt

KEPT = Path(__file__).resolve().parent.parent.parent / ".local" / "fuzz"


def keep(name: str, data: bytes, why: str, seed: int) -> None:
    """Keep an input that made a parser fail, and say why."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    print(f"{name}: {path} (seed {seed})\n{why}", flush=True)


def run(name: str, seconds: float, seed: int) -> int:
    """Feed one parser for so long; the number of different failures."""
    parser, chance = PARSERS[name], random.Random(seed)
    until, tried, found = time.monotonic() + seconds, 0, set()
    pool = list(parser.examples)
    while time.monotonic() < until and len(found) < 20:
        data = mutated(chance.choice(pool), chance)
        if len(data) < 100_000 and chance.random() < 0.01:
            pool = [
                *parser.examples,
                *pool[len(parser.examples) :][-50:],
                data,
            ]  # what is broken already breaks further
        tried += 1
        why = attempt(parser, data, slow=True)
        if why and why.splitlines()[-1][:60] not in found:
            found.add(why.splitlines()[-1][:60])
            keep(name, data, why, seed)
    print(f"{name}: {tried:,} inputs, {len(found)} failures", flush=True)
    return len(found)


def guided(name: str, seconds: float) -> int:
    """The same, guided by `atheris`, in a process of its own; 1 when something was found."""
    corpus = KEPT / f"corpus-{name}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(PARSERS[name].examples):
        (corpus / f"example{number}").write_bytes(data)
    command = [sys.executable, "-m", "tests.fuzz", "--guided", name, "--seconds", str(int(seconds))]
    return int(subprocess.run(command, cwd=KEPT.parent.parent).returncode != 0)


def _guide(name: str, seconds: float, seed: int) -> None:
    import atheris  # type: ignore[import-not-found]

    parser = PARSERS[name]

    def one(data: bytes) -> None:
        if why := attempt(parser, data, slow=True):
            keep(name, data, why, seed)
            raise AssertionError(why)

    def custom(data: bytes, most: int, number: int) -> bytes:
        chance = random.Random(number)
        changed = mutated(data, chance) if chance.random() < 0.5 else atheris.Mutate(data, most)
        return bytes(changed[:most])

    atheris.instrument_all()
    limits = [f"-max_total_time={int(seconds)}", "-max_len=60000", f"-seed={seed}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, str(KEPT / f"corpus-{name}")], one, custom_mutator=custom)
    atheris.Fuzz()


def main() -> int:
    """Feed what was asked; the exit code is 1 when something failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"parsers (default: all): {', '.join(PARSERS)}")
    parser.add_argument("--seconds", type=int, default=600, help="for all of them together")
    parser.add_argument("--seed", type=int, default=None, help="to play a run again")
    parser.add_argument("--again", type=Path, help="a kept input; its name begins with that of the parser")
    parser.add_argument("--guided", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    names = asked.names or list(PARSERS)
    if unknown := set(names) - set(PARSERS):
        parser.error(f"no parser called {', '.join(sorted(unknown))}")
    if asked.again:
        why = attempt(PARSERS[asked.again.name.partition("-")[0]], asked.again.read_bytes(), slow=True)
        print(why or "nothing wrong")
        return int(bool(why))
    seed = random.SystemRandom().randrange(2**31) if asked.seed is None else asked.seed
    if asked.guided:
        _guide(names[0], asked.seconds, seed)
    try:
        import atheris as _atheris  # noqa: F401

        play = lambda name, seconds: guided(name, seconds)  # noqa: E731
        print("guided by atheris")
    except ImportError:
        play = lambda name, seconds: run(name, seconds, seed)  # noqa: E731
        print(f"without atheris; seed {seed}")
    return int(sum(play(name, asked.seconds / len(names)) for name in names) > 0)


if __name__ == "__main__":
    sys.exit(main())
