"""What a file is by its first bytes. Names and extensions are never asked."""

import re
from enum import StrEnum

from radrate.images.decoding.refusal import Refused

HEAD_BYTES = 1024

_OTHER = (
    (b"%PDF", "PDF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"GIF8", "GIF"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"BM", "BMP"),
    (b"PK\x03\x04", "zip"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
)
_FTYP_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"}

_EXPLICIT_ELEMENT = re.compile(rb"[\x02\x08]\x00.\x00(?:UL|OB|UI|CS|SH|LO|DA|TM|PN)", re.DOTALL)
_IMPLICIT_ELEMENT = re.compile(rb"[\x02\x08]\x00.\x00.[\x00\x01]\x00\x00", re.DOTALL)


class Format(StrEnum):
    PNG = "image/png"
    JPEG = "image/jpeg"
    DICOM = "application/dicom"


def sniff(head: bytes) -> Format:
    """The format that the first HEAD_BYTES of a file show. Raises Refused, by name where known."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head[128:132] == b"DICM":
        return Format.DICOM
    if _starts_as_bare_dataset(head):
        raise Refused("no_meta")
    other = _other_format(head)
    if other:
        raise Refused("other_format", format=other)
    raise Refused("unknown_format")


def _other_format(head: bytes) -> str:
    for magic, name in _OTHER:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return _FTYP_BRANDS.get(head[8:12], "")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    return "SVG" if text.startswith(b"<") and b"<svg" in text else ""


def _starts_as_bare_dataset(head: bytes) -> bool:
    """Whether it begins with DICOM elements of group 0002 or 0008 where a preamble should be."""
    return bool(_EXPLICIT_ELEMENT.search(head[:256]) or _IMPLICIT_ELEMENT.match(head))
