"""Runs the processes of RadRate beside the command that started them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from radrate.embedded.processes import commands

NAMES = ("web", "worker", "beat")
GRACE_S = 8
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TAIL_LINES = 15


class ProcessFailed(Exception):
    """A process ended by itself; the message holds the end of its log."""


class Runner:
    """web, worker and beat as children, each with a log under var/log; leaving the block ends them.

    Each child leads a session of its own, so that Ctrl-C reaches only us and we end them in order.
    """

    def __init__(self, *, port: int, var: Path) -> None:
        self._commands = commands(port, "127.0.0.1", var)
        self._logs = var / "log"
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for number in INTERRUPTS:
            signal.signal(number, _interrupt)
        self._logs.mkdir(parents=True, exist_ok=True)
        bin_folder = Path(sys.executable).parent
        env = os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
        try:
            for name in NAMES:
                self._start(name, env)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def _start(self, name: str, env: dict[str, str]) -> None:
        with (self._logs / f"{name}.log").open("wb") as log:
            self._children[name] = subprocess.Popen(
                self._commands[name],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def end(self) -> None:
        """End every child: politely, then after a while by force."""
        _interrupt_no_more()
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        while time.monotonic() < deadline and self._alive():
            time.sleep(0.05)
        self._signal(signal.SIGKILL)
        for child in self._children.values():
            child.wait()

    def wait(self) -> None:
        """Block until interrupted. Raises `ProcessFailed` as soon as one process ends."""
        while True:
            self.check()
            time.sleep(0.5)

    def check(self) -> None:
        for name, child in self._children.items():
            if child.poll() is not None:
                log = self._logs / f"{name}.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
                raise ProcessFailed(f"{name} ended with status {child.returncode}:\n{tail}")

    def wait_until_healthy(self, port: int, timeout_s: float = 60) -> None:
        """Until /healthz says ok. Raises `TimeoutError` with its last answer."""
        deadline = time.monotonic() + timeout_s
        while (problem := _problem(port)) and time.monotonic() < deadline:
            self.check()
            time.sleep(0.3)
        if problem:
            raise TimeoutError(f"not healthy after {timeout_s:.0f} s: {problem}")

    def _alive(self) -> bool:
        return any(child.poll() is None for child in self._children.values())

    def _signal(self, number: int) -> None:
        for child in self._children.values():
            if child.poll() is None:
                os.killpg(child.pid, number)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """The first interrupt ends everything; a second one (make passes its own on) is ignored."""
    _interrupt_no_more()
    raise KeyboardInterrupt


def _interrupt_no_more() -> None:
    for number in INTERRUPTS:
        signal.signal(number, signal.SIG_IGN)


def _problem(port: int) -> str:
    """What /healthz complains of; empty when all is well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            json.load(answer)
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
