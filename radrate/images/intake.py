"""The files of a folder, a zip or a single upload, one at a time, each as a private copy.

The copy is what is decoded, hashed and archived, so a file that changes or vanishes meanwhile is
told once and cannot be stored as two different things. Names from outside are only ever shown or
looked up, never used as a path to write to.
"""

import hashlib
import itertools
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from radrate.images import archives
from radrate.images.archives import Found, NotTaken
from radrate.images.decoding import Rejected, rejection
from radrate.images.decoding.opening import open_regular
from radrate.images.decoding.refusal import Refused
from radrate.images.storage import sha256, sha256_of_file

MANIFEST_NAME = "manifest.csv"
MANIFEST_BYTES = 16 << 20
_LONGEST_NAME = 500
_CHUNK_BYTES = 1 << 20
_IGNORED = {"__macosx", "thumbs.db", "desktop.ini", MANIFEST_NAME}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one import may hold."""

    files: int = 20_000
    file_bytes: int = 512 << 20
    unpacked_bytes: int = 20 << 30
    """Of all zip archives together."""


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file to decode. `path` is a private copy that is gone when the next file is asked for."""

    name: str
    """Path within the source with / between parts, for example `films.zip/knee/ap.png`."""
    path: Path
    size: int


def iter_files(
    source: Path, *, name: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[IncomingFile | Rejected]:
    """Every file of `source` in the order of names, or in its place the reason it is not taken.

    `name` is what a single file or zip is called where that is not its name on disk. Hidden files,
    `__MACOSX` and manifests are passed over. Closing the iterator removes the private folder.
    """
    budget = archives.Budget(limits.unpacked_bytes)
    items = _items(source, name=name or source.name, limits=limits, budget=budget)
    with tempfile.TemporaryDirectory(prefix="radrate-intake-") as folder:
        for count, item in enumerate(items):
            if count == limits.files:
                yield _rejected("too_many_files", name or source.name, limits)
                return
            if isinstance(item, NotTaken):
                yield _rejected(item.code, item.name, limits)
            else:
                yield _copied(item, to=Path(folder, "file"), limits=limits, budget=budget)


def count_files(source: Path, *, limits: Limits = DEFAULT_LIMITS) -> int:
    """How many answers `iter_files` will give if nothing changes; nothing is unpacked."""
    return len(names_in(source, name=source.name, limits=limits))


def find_manifest(source: Path) -> bytes | None:
    """The contents of manifest.csv in the folder, or nearest to the top of the zip."""
    if not source.is_dir():
        return archives.shallowest(source, MANIFEST_NAME, limit=MANIFEST_BYTES)
    try:
        with open_regular(source / MANIFEST_NAME, limit=MANIFEST_BYTES) as stream:
            return stream.read()
    except (Refused, OSError):
        return None


def digest_of(source: Path) -> str:
    """SHA-256 by which an archive is known again: of the file, or of a folder (see `combined`)."""
    source = source.resolve()
    if not _is_folder(source):
        return sha256_of_file(source)
    return combined((name, digest) for path, name in _walk(source) if (digest := _digest(path)))


def combined(digests: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of files' digests and names, in lines as `sha256sum` writes them, sorted by name."""
    listed = sorted((name, digest) for name, digest in digests)
    return sha256("".join(f"{digest}  {name}\n" for name, digest in listed).encode())


def _digest(path: Path) -> str:
    """Empty for what is no regular file or cannot be read."""
    try:
        with open_regular(path, limit=archives.ANY_SIZE) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (Refused, OSError):
        return ""


def names_in(source: Path, *, name: str, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    """What `iter_files` will call its files if nothing changes; nothing is unpacked."""
    budget = archives.Budget(limits.unpacked_bytes)
    items = _items(source, name=name, limits=limits, budget=budget)
    return [display_name(item.name) for item in itertools.islice(items, limits.files + 1)]


def _items(
    source: Path, *, name: str, limits: Limits, budget: archives.Budget
) -> Iterator[Found | NotTaken]:
    source = source.resolve()
    for path, relative in _walk(source) if _is_folder(source) else [(source, name)]:
        if archives.is_zip(path):
            yield from archives.members(
                path,
                name=relative,
                file_bytes=limits.file_bytes,
                budget=budget,
                ignored=_is_ignored,
            )
        else:
            yield Found(relative, partial(open_regular, path, limit=limits.file_bytes))


def _walk(top: Path) -> Iterator[tuple[Path, str]]:
    """Files below `top` with their names relative to it, in order. Links are not followed.

    A folder that cannot be listed is given as if it were a file, which it then is found not to be.
    """
    waiting = [(top, "")]
    while waiting:
        path, relative = waiting.pop()
        names = _names_in(path)
        if names is None:
            yield path, relative
            continue
        prefix = f"{relative}/" if relative else ""
        shown = [name for name in names if not _is_ignored(name)]
        waiting += [(path / name, prefix + name) for name in reversed(shown)]


def _names_in(path: Path) -> list[str] | None:
    """The sorted names in a folder; None for whatever is no folder or cannot be listed."""
    try:
        return sorted(entry.name for entry in path.iterdir()) if _is_folder(path) else None
    except OSError:
        return None


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _is_ignored(name: str) -> bool:
    """Whether a path lies in, or is, something that a person did not mean to import."""
    return any(part.startswith(".") or part.lower() in _IGNORED for part in name.split("/"))


def _copied(
    found: Found, *, to: Path, limits: Limits, budget: archives.Budget
) -> IncomingFile | Rejected:
    """Trouble in reading is told as the file's; trouble in writing is ours, and is raised."""
    size = 0
    try:
        with _opened(found) as stream, to.open("wb") as copy:
            while chunk := _chunk(stream):
                size += len(chunk)
                _check_size(size, limits)
                if found.packed:
                    budget.spend(len(chunk))
                copy.write(chunk)
    except Refused as refused:
        return _rejected(refused.code, found.name, limits)
    return IncomingFile(name=display_name(found.name), path=to, size=size)


def _opened(found: Found) -> AbstractContextManager[IO[bytes]]:
    try:
        return found.open()
    except archives.DAMAGE as error:
        raise Refused("bad_member") from error


def _chunk(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(_CHUNK_BYTES)
    except archives.DAMAGE as error:
        raise Refused("bad_member") from error
    except OSError as error:
        raise Refused("unreadable") from error


def _check_size(size: int, limits: Limits) -> None:
    """A file may grow while it is copied, and an archive may lie about its members."""
    if size > limits.file_bytes:
        raise Refused("file_too_large")


def _rejected(code: str, name: str, limits: Limits) -> Rejected:
    return rejection(
        code,
        name=display_name(name),
        limit=limits.files,
        limit_mb=limits.file_bytes >> 20,
        limit_gb=limits.unpacked_bytes / (1 << 30),
    )


def display_name(name: str) -> str:
    """A name from outside as one line of at most 500 characters that any database stores."""
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)
    return line if len(line) <= _LONGEST_NAME else f"…{line[1 - _LONGEST_NAME :]}"
