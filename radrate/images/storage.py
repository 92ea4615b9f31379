"""Content-addressed files: the name is the digest, so storing twice is storing once."""

import hashlib
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store(*, folder: str, data: bytes, suffix: str) -> str:
    """Store bytes under their SHA-256 and return the storage name."""
    return _put(ContentFile(data), folder=folder, digest=sha256(data), suffix=suffix)


def store_file(*, folder: str, path: Path, suffix: str) -> tuple[str, str]:
    """Store a file, read in chunks, under its SHA-256; return the storage name and the digest."""
    digest = sha256_of_file(path)
    with path.open("rb") as file:
        return _put(File(file), folder=folder, digest=digest, suffix=suffix), digest


def _put(content: File, *, folder: str, digest: str, suffix: str) -> str:
    """A file of another length under that name is what a crash has left, and is replaced."""
    name = f"{folder}/{digest[:2]}/{digest}{suffix}"
    if default_storage.exists(name):
        if default_storage.size(name) == content.size:
            return name
        default_storage.delete(name)
    return default_storage.save(name, content)
