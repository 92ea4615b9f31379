"""Frames on the pipes between parent and child: a length, a JSON header, then blobs.

A header may list `blobs`, the byte counts of what follows it. The child is not trusted once it has
touched a file, so every count is bounded before it is believed.
"""

import json
import struct
from typing import IO, Any

_LENGTH = struct.Struct(">I")
HEADER_BYTES = 1 << 20
BLOB_BYTES = 512 << 20


class BrokenFrame(Exception):
    """The other side is gone, or does not keep to the protocol."""


def write_frame(stream: IO[bytes], header: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> None:
    body = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode()
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """The next header and its blobs; BrokenFrame at the end of the stream or on nonsense."""
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size, limit=_LENGTH.size))
    try:
        header = json.loads(_read_exactly(stream, length, limit=HEADER_BYTES))
        sizes = [int(size) for size in header.pop("blobs")]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BrokenFrame from error
    if sum(sizes) > BLOB_BYTES or any(size < 0 for size in sizes):
        raise BrokenFrame
    return header, [_read_exactly(stream, size, limit=BLOB_BYTES) for size in sizes]


def _read_exactly(stream: IO[bytes], size: int, *, limit: int) -> bytes:
    if size > limit:
        raise BrokenFrame
    data = stream.read(size)
    if len(data) != size:
        raise BrokenFrame
    return data
