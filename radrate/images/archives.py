"""The members of a zip archive that may be hostile: listed, bounded and never written by name."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from radrate.images.decoding.opening import open_regular
from radrate.images.decoding.refusal import Refused

ANY_SIZE = 1 << 62
DIRECTORY_BYTES = 8 << 20
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises over a broken archive or a compression that it does not know."""

_DRIVE = re.compile(r"[A-Za-z]:")
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(slots=True)
class Budget:
    """How many bytes may yet be unpacked."""

    remaining: int

    def spend(self, size: int) -> None:
        self.remaining -= size
        if self.remaining < 0:
            raise Refused("unpacks_too_large")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was seen, not yet read."""

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    packed: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that was seen and will not be read; `code` is one of `decoding.messages.REASONS`."""

    name: str
    code: str


class _CappedReader(io.BufferedReader):
    """Reads nothing larger at once than a directory of many thousand members.

    zipfile reads the central directory whole, into objects that weigh ten times as much.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = DIRECTORY_BYTES  # zipfile reads so only at the tail
        if size > DIRECTORY_BYTES:
            raise zipfile.BadZipFile("central directory too large")
        return super().read(size)


def is_zip(path: Path) -> bool:
    """By its first bytes. A file that cannot be opened is none."""
    try:
        with open_regular(path, limit=ANY_SIZE) as stream:
            return stream.read(4) in _MAGIC
    except (Refused, OSError):
        return False


def members(
    path: Path, *, name: str, file_bytes: int, budget: Budget, ignored: Callable[[str], bool]
) -> Iterator[Found | NotTaken]:
    """The files of the archive `name` in the order of their names, or why one is not taken."""
    try:
        with _opened(path) as archive:
            yield from _listed(archive, name, file_bytes=file_bytes, budget=budget, ignored=ignored)
    except Refused as refused:
        yield NotTaken(name, refused.code)
    except (*DAMAGE, OSError):
        yield NotTaken(name, "bad_zip")


def shallowest(path: Path, filename: str, *, limit: int) -> bytes | None:
    """The member of that last name nearest to the top, if it has at most `limit` bytes."""
    try:
        with _opened(path) as archive:
            named = [i for i in archive.infolist() if i.filename.rpartition("/")[2] == filename]
            nearest = min(named, key=lambda info: info.filename.count("/"), default=None)
            if nearest is None or nearest.file_size > limit or nearest.flag_bits & 1:
                return None
            return archive.read(nearest)
    except (*DAMAGE, Refused, OSError):
        return None


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    raw = open_regular(path, limit=ANY_SIZE).detach()
    with _CappedReader(raw) as stream, zipfile.ZipFile(stream) as archive:
        yield archive


def _listed(
    archive: zipfile.ZipFile,
    name: str,
    *,
    file_bytes: int,
    budget: Budget,
    ignored: Callable[[str], bool],
) -> Iterator[Found | NotTaken]:
    infos = sorted(archive.infolist(), key=lambda info: info.filename)
    if sum(info.file_size for info in infos) > budget.remaining:
        yield NotTaken(name, "unpacks_too_large")
        return
    for info in infos:
        if budget.remaining < 0:
            return
        if info.is_dir() or (ignored(info.filename) and not _climbs(info.filename)):
            continue
        code = _why_not(info, file_bytes=file_bytes)
        full_name = f"{name}/{info.filename}"
        if code:
            yield NotTaken(full_name, code)
        else:
            yield Found(full_name, partial(archive.open, info), packed=True)


def _why_not(info: zipfile.ZipInfo, *, file_bytes: int) -> str:
    """The code of the reason for which a member is not even opened, or an empty string."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    reasons = {
        "outside_archive": _climbs(info.filename),
        "not_a_file": kind not in (0, stat.S_IFREG),
        "encrypted": info.flag_bits & 1,
        "nested_zip": info.filename.lower().endswith(".zip"),
        "empty": info.file_size == 0,
        "file_too_large": info.file_size > file_bytes,
    }
    return next((code for code, holds in reasons.items() if holds), "")


def _climbs(filename: str) -> bool:
    path = filename.replace("\\", "/")
    return path.startswith("/") or bool(_DRIVE.match(path)) or ".." in path.split("/")
