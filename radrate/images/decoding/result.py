"""What a decoded file is to the rest of RadRate."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Decoded:
    """One radiograph, decoded, de-identified and freshly encoded."""

    pixels_png: bytes
    """Grey PNG of 8 or 16 bits, MONOCHROME2 (higher is brighter), LUTs and window applied."""
    thumbnail: bytes
    """Grey PNG of 8 bits that fits in a square of 320 px."""
    columns: int
    rows: int
    bits_stored: int
    """Of the original: 8 or 16 for PNG and JPEG, Bits Stored for DICOM."""
    pixel_hash: str
    """SHA-256 (hex) over shape, dtype and bytes of these pixels; equal for duplicates."""
    media_type: str
    """Of the original: image/png, image/jpeg or application/dicom."""
    original: bytes | None
    """The de-identified DICOM file to archive; None for PNG and JPEG, kept as they came."""
    attributes: dict[str, Any] = field(default_factory=dict)
    """The DICOM attributes that were kept, by keyword, as JSON values. Empty for PNG and JPEG."""
    body_part_examined: str = ""
    view_position: str = ""
    image_laterality: str = ""
    photometric_interpretation: str = "MONOCHROME2"
    """As the original said it; the pixels are MONOCHROME2 always."""
    pixel_spacing: tuple[float, float] | None = None
    """Row and column spacing in mm; Pixel Spacing, else Imager Pixel Spacing."""
    modality: str = ""
    age_group: str = ""
    """"adult", "child" (younger than 18 years) or "" (not known)."""
    subject_id: str = ""
    """Patient ID as it came. Only to derive a keyed pseudonym from; never store it."""
    warnings: tuple[str, ...] = ()
    """One translated line each."""
