"""Open a file that may be anything, or gone, without following a link or waiting on a pipe."""

import errno
import io
import os
import stat
from pathlib import Path

from radrate.images.decoding import limits
from radrate.images.decoding.refusal import Refused

_ALLOCATED_UNASKED = 1 << 20


class _RegularFile(io.BufferedReader):
    """Asks for no more bytes than there are, so that a forged length allocates nothing."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _ALLOCATED_UNASKED:
            size = min(size, max(0, os.fstat(self.fileno()).st_size - self.tell()))
        return super().read(size)


def open_regular(path: Path, *, limit: int = limits.FILE_BYTES) -> io.BufferedReader:
    """A stream over a regular file of 1 to `limit` bytes. Raises Refused."""
    try:
        stream = _RegularFile(io.FileIO(os.fspath(path), opener=_opener))
    except FileNotFoundError as error:
        raise Refused("vanished") from error
    except OSError as error:
        no_file = error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO)
        raise Refused("not_a_file" if no_file else "unreadable") from error
    try:
        _check(os.fstat(stream.fileno()), limit=limit)
    except Refused:
        stream.close()
        raise
    return stream


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _check(status: os.stat_result, *, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Refused("not_a_file")
    if status.st_size == 0:
        raise Refused("empty")
    if status.st_size > limit:
        raise Refused("file_too_large", limit_mb=limit >> 20)
