"""The child process as the parent sees it: start, ask, end."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import radrate
from radrate.images.decoding.protocol import BrokenFrame, read_frame, write_frame

_CODE_ROOT = Path(radrate.__file__).resolve().parents[1]
_START_SECONDS = 60


class ChildEnded(Exception):
    """The child did not answer; `timed_out` tells whether that was for want of time."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("timed out" if timed_out else "ended")
        self.timed_out = timed_out


class Child:
    """One running child. After ChildEnded it is gone for good."""

    def __init__(self) -> None:
        self._process = _start()
        self._requests = _pipe(self._process.stdin)
        self._answers = _pipe(self._process.stdout)
        try:
            self._within(_START_SECONDS, None)
        except ChildEnded as error:
            raise RuntimeError("the decoder does not start") from error

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self, request: dict[str, Any], *, wall_seconds: float
    ) -> tuple[dict[str, Any], list[bytes]]:
        """The header and blobs of the answer. Raises ChildEnded."""
        return self._within(wall_seconds, request)

    def close(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with suppress(BrokenPipeError):
                pipe.close()

    def _within(
        self, seconds: float, request: dict[str, Any] | None
    ) -> tuple[dict[str, Any], list[bytes]]:
        timed_out = threading.Event()
        timer = threading.Timer(seconds, self._stop, (timed_out,))
        timer.start()
        answered = False
        try:
            if request is not None:
                write_frame(self._requests, request)
            answer = read_frame(self._answers)
            answered = True
        except (BrokenFrame, OSError) as error:
            raise ChildEnded(timed_out=timed_out.is_set() or self._ran_out_of_cpu()) from error
        finally:
            timer.cancel()
            if not answered:
                self.close()
        return answer

    def _stop(self, timed_out: threading.Event) -> None:
        timed_out.set()
        self._process.kill()

    def _ran_out_of_cpu(self) -> bool:
        """Whether the kernel ended it for its CPU limit. Waits: pipes close before a death."""
        try:
            return self._process.wait(timeout=5) == -signal.SIGXCPU
        except subprocess.TimeoutExpired:
            return False


def _start() -> subprocess.Popen[bytes]:
    """With no environment but what it needs, so that no secret of ours is in its memory."""
    return subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "radrate.images.decoding.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={
            "PYTHONPATH": os.fspath(_CODE_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        },
        start_new_session=True,
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the child has no pipe")
    return pipe
