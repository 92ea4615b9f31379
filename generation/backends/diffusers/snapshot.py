"""The files of a model: where they lie, which class they name, and a fingerprint of them.

Nothing here imports torch, and nothing is downloaded.
"""

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from generation.backends.diffusers.options import Options

INDEX = "model_index.json"
BLOCK = 4096
BLOCKS = 64


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder in the layout of diffusers. `commit` is the hub's, or empty."""

    folder: Path
    name: str
    commit: str = ""

    @property
    def label(self) -> str:
        return f"{self.name}@{self.commit}" if self.commit else self.name

    def index(self) -> dict[str, Any]:
        """What model_index.json says; empty if it cannot be read."""
        try:
            index = json.loads((self.folder / INDEX).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return index if isinstance(index, dict) else {}

    def class_name(self) -> str:
        """The pipeline class, empty if unknown. A list names code of the folder: never run."""
        name = self.index().get("_class_name")
        return name if isinstance(name, str) else ""

    def fingerprint(self) -> str:
        """SHA-256 over every file's name, size and up to 64 blocks of 4 KiB spread over it.

        Cheap for many gigabytes of weights. Two trainings of one model differ in it although their
        files have the same sizes; it does not prove that each byte is the same.
        """
        digest = hashlib.sha256()
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            size = path.stat().st_size
            digest.update(f"{path.relative_to(self.folder).as_posix()}\0{size}\0".encode())
            with path.open("rb") as file:
                for block in _spread(file, size):
                    digest.update(block)
        return digest.hexdigest()


def find(options: Options) -> Snapshot | None:
    """The model's files on this machine; None if they are not here."""
    if options.model.startswith("/"):
        folder = Path(options.model)
        return Snapshot(folder, folder.name) if (folder / INDEX).is_file() else None
    if not options.model or importlib.util.find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import try_to_load_from_cache

    index = try_to_load_from_cache(options.model, INDEX, revision=options.revision or None)
    if not isinstance(index, str):
        return None
    folder = Path(index).parent
    return Snapshot(folder, options.model, commit=folder.name)


def lora_file(options: Options) -> Path | None:
    """The LoRA's one file; None if there is none or it is not clear which."""
    if not options.lora:
        return None
    path = Path(options.lora)
    if path.is_dir():
        found = sorted(path.glob(options.lora_weight_name or "*.safetensors"))
        return found[0] if len(found) == 1 else None
    return path if path.is_file() and path.suffix == ".safetensors" else None


def _spread(file: BinaryIO, size: int) -> Iterator[bytes]:
    """All of a small file; of a large one blocks at even distances, the first and last included."""
    if size <= BLOCK * BLOCKS:
        yield file.read()
        return
    for number in range(BLOCKS):
        file.seek((size - BLOCK) * number // (BLOCKS - 1))
        yield file.read(BLOCK)
