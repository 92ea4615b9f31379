"""The parent's side: keeps one child, gives it a path, gives back Decoded or Rejected."""

import base64
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from radrate.images.decoding import limits
from radrate.images.decoding.messages import rejection, warning
from radrate.images.decoding.process import Child, ChildEnded
from radrate.images.decoding.result import Decoded


class Decoder(AbstractContextManager["Decoder"]):
    """Decodes many files, one at a time, in one child that is replaced after a crash or a limit.

    `salt` is the installation's secret from which new UIDs are derived: the same salt maps the same
    UID to the same new one. Not thread-safe: one Decoder a thread.
    """

    def __init__(self, *, salt: bytes, wall_seconds: float = limits.WALL_SECONDS_PER_FILE) -> None:
        self._salt = salt
        self._wall_seconds = wall_seconds
        self._child: Child | None = None

    @property
    def child_pid(self) -> int | None:
        """Process id of the running child, if one runs."""
        return self._child.pid if self._child and self._child.alive else None

    def decode(self, path: Path, *, name: str) -> Decoded:
        """Decode the file at `path`; `name` is what messages call it. Raises Rejected."""
        header, blobs = self._ask(path, name=name)
        if header.get("exhausted"):
            self.close()
        try:
            if header["status"] == "decoded":
                return _decoded(header["fields"], blobs)
            rejected = rejection(header["code"], name=name, **header["values"])
        except (KeyError, TypeError, ValueError) as error:
            self.close()
            raise rejection("crashed", name=name) from error
        raise rejected

    def close(self) -> None:
        """End the child at once. A later decode starts a fresh one."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _ask(self, path: Path, *, name: str) -> tuple[dict[str, Any], list[bytes]]:
        if self._child is None or not self._child.alive:
            self.close()
            self._child = Child()
        request = {
            "path": os.fspath(path.absolute()),
            "salt": base64.b64encode(self._salt).decode("ascii"),
        }
        try:
            return self._child.ask(request, wall_seconds=self._wall_seconds)
        except ChildEnded as ended:
            self.close()
            code = "too_slow" if ended.timed_out else "crashed"
            raise rejection(code, name=name) from ended


def decode_file(path: Path, *, name: str, salt: bytes) -> Decoded:
    """Decode one file in a child of its own. Raises Rejected."""
    with Decoder(salt=salt) as decoder:
        return decoder.decode(path, name=name)


def _decoded(fields: dict[str, Any], blobs: list[bytes]) -> Decoded:
    pixels_png, thumbnail, *original = blobs
    spacing = fields.pop("pixel_spacing")
    return Decoded(
        pixels_png=pixels_png,
        thumbnail=thumbnail,
        original=original[0] if original else None,
        pixel_spacing=(float(spacing[0]), float(spacing[1])) if spacing else None,
        warnings=tuple(warning(code) for code in fields.pop("warnings")),
        **fields,
    )
