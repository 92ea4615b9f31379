"""Starting, recognising and ending one server process."""

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from radrate.embedded.account import Account
from radrate.embedded.errors import EmbeddedError

EXEC_POLLS = 20
PAUSE_S = 0.05


def spawn(command: Sequence[str | Path], log: Path, account: Account) -> int:
    """Starts a program that outlives us and appends to `log`; returns its process id.

    The shell in between ends at once, so that the server is nobody's child and leaves no zombie
    with us.
    """
    script = 'log=$1; shift; "$@" >>"$log" 2>&1 & echo $!'
    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", log, *command],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        **account.popen_arguments(),
    )
    return int(done.stdout)


def belongs(pid: int, mark: Path) -> bool:
    """Whether the process lives and has `mark` (its data or configuration) as an argument.

    A process id alone proves nothing: after a crash or a reboot it may be anyone's.
    """
    return str(mark) in _arguments(pid)


def _arguments(pid: int) -> list[str]:
    """The command line of a process; empty if it is gone or a zombie."""
    if Path("/proc/self/cmdline").exists():
        return _arguments_in_proc(Path(f"/proc/{pid}"))
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        check=False,
        text=True,
    )
    return shlex.split(shown.stdout)


def _arguments_in_proc(process: Path) -> list[str]:
    """While a process is about to run another program, the kernel shows no arguments: ask again."""
    for _ in range(EXEC_POLLS):
        try:
            line = (process / "cmdline").read_bytes()
            state = (process / "stat").read_bytes().rpartition(b")")[2].split()[0]
        except OSError:
            return []
        if line or state in (b"Z", b"X"):
            return [os.fsdecode(argument) for argument in line.split(b"\0")]
        time.sleep(PAUSE_S)
    return []


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Polls until true; False if it did not become true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_S)
    return True


def end(pid: int, mark: Path, how: signal.Signals, *, seconds: float) -> bool:
    """Sends the signal if the process is the one meant, and waits; False if it lives on."""
    if not belongs(pid, mark):
        return True
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return True
    except PermissionError as error:
        raise EmbeddedError(
            f"Process {pid} is another user's: stop it as that user or as root."
        ) from error
    return wait_until(lambda: not belongs(pid, mark), seconds=seconds)


def tail(log: Path, lines: int = 15) -> str:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(no log was written)"
    return "\n".join(text.splitlines()[-lines:])


def failure(what: str, log: Path) -> EmbeddedError:
    return EmbeddedError(f"{what}. The end of {log}:\n{tail(log)}")
