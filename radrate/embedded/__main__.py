"""`python -m radrate.embedded status|stop|wipe`, on RADRATE_VAR or `var/` of the project."""

import argparse
import os
import sys
from pathlib import Path

from radrate.embedded import EmbeddedError, lease, var_folder


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    var = var_folder(os.environ)
    try:
        print(COMMANDS[options.command](var))  # noqa: T201 - the answer to a person at a terminal
    except EmbeddedError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m radrate.embedded",
        description="RadRate's embedded Postgres and Redis.",
    )
    parser.add_argument("command", choices=sorted(COMMANDS))
    return parser


def _status(var: Path) -> str:
    if not lease.exists(var):
        return f"No servers have been set up in {var}."
    states = lease.running(var).items()
    return "\n".join(f"{name}: {'running' if runs else 'stopped'}" for name, runs in states)


def _stop(var: Path) -> str:
    if lease.exists(var):
        lease.stop(var)
    return "Stopped."


def _wipe(var: Path) -> str:
    if lease.exists(var):
        lease.wipe(var)
    return f"The servers' data of {var} are gone."


COMMANDS = {"status": _status, "stop": _stop, "wipe": _wipe}

if __name__ == "__main__":
    sys.exit(main())
