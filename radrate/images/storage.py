"""Content-addressed files: the name is the digest, so storing twice is storing once."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage


class FolderStorage(FileSystemStorage):
    """Files under MEDIA_ROOT: each is there whole or not at all, and on the disk before `save`
    returns, so that a row never outlives its file. A name that is taken is overwritten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, allow_overwrite=True, **kwargs)

    def _save(self, name: str, content: File) -> str:
        partial = f"{name}.{uuid4().hex}.partial"
        place = Path(self.path(name))
        try:
            super()._save(partial, content)
            _flush(Path(self.path(partial)))
            Path(self.path(partial)).replace(place)
        except BaseException:
            self.delete(partial)
            raise
        _flush(place.parent)
        return name


def _flush(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store(*, folder: str, data: bytes, suffix: str) -> str:
    """Store bytes under their SHA-256 and return the storage name."""
    return _put(ContentFile(data), folder=folder, digest=sha256(data), suffix=suffix)


def store_together(*files: tuple[str, bytes, str]) -> list[str]:
    """Store several files, each as (folder, data, suffix); their names in the same order.

    Each waits for the disk or the network, so together they take as long as the slowest.
    """
    with ThreadPoolExecutor(len(files)) as pool:
        waiting = [
            pool.submit(store, folder=folder, data=data, suffix=suffix)
            for folder, data, suffix in files
        ]
        return [one.result() for one in waiting]


def store_file(*, folder: str, path: Path, suffix: str) -> tuple[str, str]:
    """Store a file, read in chunks, under its SHA-256; return the storage name and the digest."""
    digest = sha256_of_file(path)
    with path.open("rb") as file:
        return _put(File(file), folder=folder, digest=digest, suffix=suffix), digest


def _put(content: File, *, folder: str, digest: str, suffix: str) -> str:
    """A file of another length under that name is damaged, and is replaced."""
    name = f"{folder}/{digest[:2]}/{digest}{suffix}"
    if default_storage.exists(name) and default_storage.size(name) == content.size:
        return name
    return default_storage.save(name, content)
