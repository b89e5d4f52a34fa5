"""Run every check, show what failed, and say at the end how each one ended. The exit code is 0 when all are well."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tools.project import ROOT

PYTHON = sys.executable
CHECKS = {
    "style": [PYTHON, "-m", "ruff", "check", "src", "tests", "tools", "bench"],
    "layout": [PYTHON, "-m", "ruff", "format", "--check", "src", "tests", "tools", "bench"],
    "types": [PYTHON, "-m", "mypy"],
    "imports": [PYTHON, "-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"],
    "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "django": [PYTHON, "-m", "django", "check", "--fail-level", "WARNING"],
    "templates": [PYTHON, "-m", "tools.check_templates"],
    "texts": [PYTHON, "-m", "tools.check_translations"],
    "links": [PYTHON, "-m", "tools.check_docs"],
    "house": [PYTHON, "-m", "tools.check_house"],
}


def run(name: str) -> tuple[str, int, str, float]:
    """Run one check; returns its name, exit code, output and seconds."""
    # The sources of this folder, whichever folder the environment was installed from.
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": path}
    began = time.monotonic()
    done = subprocess.run(
        CHECKS[name], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return name, done.returncode, done.stdout, time.monotonic() - began


def main() -> int:
    """Run the checks two at a time; names given as arguments choose some of them."""
    chosen = sys.argv[1:] or list(CHECKS)
    if unknown := set(chosen) - set(CHECKS):
        print(f"No check called {', '.join(sorted(unknown))}; there are: {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    # The slowest first, so that the others run beside it.
    order = sorted(chosen, key=lambda name: name != "types")
    with ThreadPoolExecutor(2) as pool:
        results = {result[0]: result for result in pool.map(run, order)}
    for name in chosen:
        _, code, output, _ = results[name]
        if code or "hint:" in output:
            print(f"--- {name}\n{output.rstrip()}\n")
    for name in chosen:
        _, code, _, seconds = results[name]
        print(f"  {name:12s} {'FAILED' if code else 'ok':8s} {seconds:5.1f} s")
    return 1 if any(result[1] for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
