"""One file to the fields and blobs of an answer. Runs in the child only."""

from pathlib import Path
from typing import Any

from radrate.images.decoding.dicom import read_dicom
from radrate.images.decoding.encode import grey_png, pixel_hash, thumbnail
from radrate.images.decoding.opening import open_regular
from radrate.images.decoding.raster import read_raster
from radrate.images.decoding.sniff import HEAD_BYTES, Format, sniff


def decode(path: Path, *, salt: bytes) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Fields of `Decoded` and its blobs: pixels, thumbnail and, for DICOM, the file to archive."""
    original = b""
    with open_regular(path) as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        media_type = sniff(head)
        if media_type is Format.DICOM:
            pixels, fields, original = read_dicom(stream, salt=salt)
        else:
            pixels, warnings = read_raster(stream, head)
            fields = {
                "bits_stored": pixels.itemsize * 8,
                "warnings": warnings,
                "pixel_spacing": None,
            }
    fields |= {
        "columns": pixels.shape[1],
        "rows": pixels.shape[0],
        "media_type": media_type.value,
        "pixel_hash": pixel_hash(pixels),
    }
    blobs = (grey_png(pixels), thumbnail(pixels))
    return fields, (*blobs, original) if original else blobs
