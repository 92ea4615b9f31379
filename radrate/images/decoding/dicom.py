"""A DICOM Part 10 file to grey pixels, facts and a de-identified copy. Runs in the child only."""

import re
import warnings
from datetime import date
from typing import Any, BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.pixels import pixel_array
from pydicom.uid import UID

from radrate.images import terms
from radrate.images.decoding import allowed, deidentify
from radrate.images.decoding.encode import Pixels, pixel_hash
from radrate.images.decoding.greyscale import to_monochrome2
from radrate.images.decoding.raster import check_not_huge, check_size
from radrate.images.decoding.refusal import Refused

TRANSFER_SYNTAXES = frozenset(
    f"1.2.840.10008.1.2{suffix}"
    for suffix in (
        *("", ".1", ".2", ".5", ".4.50", ".4.51", ".4.57", ".4.70", ".4.80", ".4.81"),
        *(".4.90", ".4.91", ".4.201", ".4.202", ".4.203"),
    )
)
DEFLATED = frozenset(
    f"1.2.840.10008.1.2{suffix}" for suffix in (".1.99", ".4.95", ".4.205", ".8.1")
)
MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"

_META_OFFSET = 132
_AGE = re.compile(r"(\d{3})([DWMY])")
_ADULT_YEARS = 18


def read_dicom(stream: BinaryIO, *, salt: bytes) -> tuple[Pixels, dict[str, Any], bytes]:
    """Pixels (uint16), the fields of `Decoded` that DICOM knows, and the file to archive."""
    transfer_syntax = _checked_transfer_syntax(stream)
    dataset = _parsed(stream)
    check_description(dataset)
    pixels, remarks = to_monochrome2(_stored_pixels(dataset, transfer_syntax), dataset)
    kept, more = deidentify.deidentify(dataset, salt=salt, fallback=pixel_hash(pixels))
    fields = _facts(dataset, kept) | {"warnings": [*remarks, *more, *_remarks(kept)]}
    dataset.clear()
    return pixels, fields, deidentify.part10(kept)


def _checked_transfer_syntax(stream: BinaryIO) -> UID:
    """From the file meta alone: a deflated dataset must be refused before it is parsed."""
    try:
        stream.seek(_META_OFFSET)
        meta = read_dataset(stream, False, True, stop_when=_outside_file_meta)
        stream.seek(0)
        uid = UID(str(meta.get("TransferSyntaxUID", "")))
        storage = str(meta.get("MediaStorageSOPClassUID", ""))
    except Exception as error:
        raise Refused("malformed") from error
    if storage == MEDIA_DIRECTORY:
        raise Refused("media_directory")
    if not uid:
        raise Refused("no_transfer_syntax")
    if uid in DEFLATED:
        raise Refused("deflated")
    if uid not in TRANSFER_SYNTAXES:
        raise Refused("transfer_syntax", uid=re.sub(r"[^0-9.]", "", uid)[:64])
    return uid


def _outside_file_meta(tag: int, vr: str | None, length: int) -> bool:  # noqa: ARG001 - pydicom's
    return tag >> 16 != 0x0002


def _parsed(stream: BinaryIO) -> Dataset:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message="End of file reached")
            return dcmread(stream)
    except (MemoryError, RecursionError):
        raise
    except (EOFError, UserWarning) as error:
        raise Refused("truncated") from error
    except Exception as error:
        raise Refused("malformed") from error


def check_description(dataset: Dataset) -> None:
    """What the attributes say of the image, before anything is decoded. Raises Refused."""
    if "PixelData" not in dataset:
        raise Refused("no_pixel_data")
    rows, columns = _integer(dataset, "Rows"), _integer(dataset, "Columns")
    if not (rows and columns):
        raise Refused("malformed")
    check_not_huge(columns=columns, rows=rows)
    _check_complete(dataset, rows * columns)
    _check_modality(dataset)
    check_size(columns=columns, rows=rows)
    _check_kind(dataset)


def _check_complete(dataset: Dataset, pixels: int) -> None:
    """Only uncompressed data can be told to be cut short before it is decoded."""
    samples = _integer(dataset, "SamplesPerPixel", default=1)
    size = pixels * samples * _integer(dataset, "BitsAllocated") // 8
    compressed = dataset.file_meta.TransferSyntaxUID.is_compressed
    if not compressed and len(dataset.PixelData) < size:
        raise Refused("truncated")


def _check_kind(dataset: Dataset) -> None:
    """One grey frame of at most 16 bits, and nothing drawn into it."""
    photometric = _text(dataset, "PhotometricInterpretation")
    samples = _integer(dataset, "SamplesPerPixel", default=1)
    if photometric not in allowed.CODES["PhotometricInterpretation"] or samples != 1:
        raise Refused("colour", photometric=_word(photometric))
    frames = _integer(dataset, "NumberOfFrames", default=1)
    if frames > 1:
        raise Refused("multi_frame", frames=frames)
    bits = _integer(dataset, "BitsAllocated")
    if bits not in (8, 16) or not 1 <= _integer(dataset, "BitsStored") <= bits:
        raise Refused("bit_depth", bits=bits)
    if any(_embeds_overlay(dataset, group) for group in range(0x6000, 0x6020, 2)):
        raise Refused("embedded_overlay")


def _check_modality(dataset: Dataset) -> None:
    """Mammography (MG) and dental films (IO, PX) are projection radiography, and are taken. Moving
    or reconstructed images (RF, XA, CT) and whatever does not say what it is (OT) are not.
    """
    modality = _word(_text(dataset, "Modality"))
    if not modality:
        raise Refused("no_modality")
    if modality not in allowed.CODES["Modality"]:
        raise Refused("modality", modality=modality)


def _embeds_overlay(dataset: Dataset, group: int) -> bool:
    """Whether an overlay lives in unused bits of the pixel data (retired, but it occurs)."""
    return (group, 0x0010) in dataset and (group, 0x3000) not in dataset


def _stored_pixels(dataset: Dataset, transfer_syntax: UID) -> Pixels:
    try:
        stored = pixel_array(dataset, raw=True)
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("undecodable", syntax=transfer_syntax.name) from error
    if stored.shape != (dataset.Rows, dataset.Columns) or stored.itemsize > 2:
        raise Refused("undecodable", syntax=transfer_syntax.name)
    return stored


def _facts(source: Dataset, kept: Dataset) -> dict[str, Any]:
    spacing = kept.get("PixelSpacing") or kept.get("ImagerPixelSpacing")
    laterality = kept.get("ImageLaterality") or kept.get("Laterality") or ""
    return {
        "bits_stored": source.BitsStored,
        "attributes": deidentify.attributes(kept),
        "body_part_examined": kept.get("BodyPartExamined", ""),
        "view_position": terms.normalise_view(kept.get("ViewPosition", "")),
        "image_laterality": terms.normalise_laterality(laterality),
        "photometric_interpretation": source.PhotometricInterpretation,
        "pixel_spacing": [float(mm) for mm in spacing] if _is_spacing(spacing) else None,
        "modality": kept.Modality,
        "age_group": _age_group(source),
        "subject_id": _text(source, "PatientID"),
    }


def _is_spacing(spacing: Any) -> bool:
    return not isinstance(spacing, float | None) and len(spacing) == 2 and min(spacing) > 0


def _remarks(kept: Dataset) -> list[str]:
    remarks = {
        "for_processing": kept.get("PresentationIntentType") == "FOR PROCESSING",
        "burned_in": kept.get("BurnedInAnnotation") == "YES",
    }
    return [code for code, holds in remarks.items() if holds]


def _age_group(source: Dataset) -> str:
    """Adult from 18 years on, by Patient Age, else from the dates of birth and of the study."""
    age = _AGE.fullmatch(_text(source, "PatientAge"))
    if age:
        adult = age[2] == "Y" and int(age[1]) >= _ADULT_YEARS
        return "adult" if adult else "child"
    born, taken = _date(source, "PatientBirthDate"), _date(source, "StudyDate")
    if not (born and taken):
        return ""
    before_birthday = (taken.month, taken.day) < (born.month, born.day)
    years = taken.year - born.year - before_birthday
    return "adult" if years >= _ADULT_YEARS else "child"


def _date(source: Dataset, keyword: str) -> date | None:
    try:
        return date.fromisoformat(_text(source, keyword))
    except ValueError:
        return None


def _text(source: Dataset, keyword: str) -> str:
    return deidentify.first_text(source, keyword)


def _word(text: str) -> str:
    """A code as a message may repeat it: nothing but what a DICOM code string holds."""
    return re.sub(r"[^A-Z0-9_]", "", text.upper())[:16]


def _integer(source: Dataset, keyword: str, *, default: int = 0) -> int:
    text = _text(source, keyword)
    return int(text) if text.isdecimal() and text.isascii() else default
