"""The child: bounds itself, then decodes the files it is told of until its input ends.

Run as `python -m radrate.images.decoding.child` with the pipes of `client`. It opens no database
and no socket, writes no file, and says only codes: the wording is the parent's.
"""

import base64
import os
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from radrate.images.decoding import limits
from radrate.images.decoding.protocol import BrokenFrame, read_frame, write_frame
from radrate.images.decoding.refusal import Refused

Answer = tuple[dict[str, Any], tuple[bytes, ...]]


def main() -> None:
    _bound_everything()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into the pipe
    from radrate.images.decoding.dispatch import decode  # within the bounds

    write_frame(answers, {"status": "ready"})
    while True:
        try:
            request, _ = read_frame(sys.stdin.buffer)
        except BrokenFrame:
            return
        allow_cpu_seconds(limits.CPU_SECONDS_PER_FILE)
        salt = base64.b64decode(request["salt"])
        header, blobs = _answer(partial(decode, Path(request["path"]), salt=salt))
        write_frame(answers, header, blobs)


def _answer(decode: Callable[[], Answer]) -> Answer:
    try:
        fields, blobs = decode()
    except Refused as refused:
        return _rejected(refused.code, **refused.values)
    except MemoryError:
        header, blobs = _rejected("too_much_memory")
        return {**header, "exhausted": True}, blobs
    except RecursionError:
        return _rejected("nested_too_deeply")
    except Exception:
        return _rejected("damaged")
    return {"status": "decoded", "fields": fields}, blobs


def _rejected(code: str, **values: str | float) -> Answer:
    return {"status": "rejected", "code": code, "values": values}, ()


def _bound_everything() -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, limits.ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (limit, limit))


def allow_cpu_seconds(seconds: int) -> None:
    """Let the kernel end this process after so many more seconds of CPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
