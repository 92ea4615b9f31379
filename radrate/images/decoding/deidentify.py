"""A new DICOM file with the pixel data as it came and nothing but the allowed attributes."""

import hashlib
import hmac
import io
import math
import re
from collections.abc import Iterable
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import UID, SecondaryCaptureImageStorage, UID_dictionary

from radrate.images import terms
from radrate.images.decoding import allowed

IMPLEMENTATION_CLASS_UID = UID("2.25.146393408640275446117127427343268226417")
METHOD = "RadRate allow-list, PS3.15 Annex E Basic Profile"

_ORIENTATION = re.compile("[ALRPHF]{1,3}")


def deidentify(source: Dataset, *, salt: bytes, fallback: str) -> tuple[Dataset, list[str]]:
    """A new dataset with file meta and pixel data, and codes of warnings.

    `salt` keys the new UIDs; `fallback` stands in for a UID that the source does not have.
    """
    kept, warnings = Dataset(), []
    for keyword, permitted in allowed.CODES.items():
        _keep(kept, keyword, _codes(source, keyword, permitted))
    for keyword in allowed.NUMBERS:
        _keep(kept, keyword, _numbers(source, keyword))
    for keyword in allowed.LUTS:
        lut = _lut(source, keyword)
        if lut:
            setattr(kept, keyword, Sequence([lut]))
    for keyword in allowed.UIDS:
        setattr(
            kept,
            keyword,
            new_uid(first_text(source, keyword) or f"{keyword} {fallback}", salt=salt),
        )
    for keyword in allowed.EMPTIED:
        setattr(kept, keyword, "")
    kept.SOPClassUID = UID(first_text(source, "SOPClassUID"))
    if kept.SOPClassUID not in UID_dictionary:
        kept.SOPClassUID = SecondaryCaptureImageStorage
        warnings.append("sop_class_replaced")
    kept.PatientIdentityRemoved = "YES"
    kept.DeidentificationMethod = METHOD
    kept.LongitudinalTemporalInformationModified = "REMOVED"
    kept.add(_pixel_data(source))
    kept.file_meta = _file_meta(kept, source.file_meta.TransferSyntaxUID)
    if first_text(source, "BodyPartExamined") and "BodyPartExamined" not in kept:
        warnings.append("body_part_dropped")
    return kept, warnings


def new_uid(uid: str, *, salt: bytes) -> UID:
    """A UID of the form 2.25.<128 bits> that cannot be traced to `uid` without the salt."""
    digest = hmac.new(salt, uid.encode(), hashlib.sha256).digest()
    return UID(f"2.25.{int.from_bytes(digest[:16], 'big')}")


def part10(dataset: Dataset) -> bytes:
    """The file as bytes. Its preamble is 128 zeros."""
    dataset.preamble = bytes(128)
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def attributes(dataset: Dataset) -> dict[str, Any]:
    """The kept codes and numbers by keyword, as JSON values; values of VM > 1 as lists."""
    keywords = sorted(allowed.CODES.keys() | allowed.NUMBERS)
    return {name: _json(dataset[name].value) for name in keywords if name in dataset}


def _keep(kept: Dataset, keyword: str, values: list[Any]) -> None:
    if values:
        setattr(kept, keyword, values if len(values) > 1 else values[0])


def _codes(source: Dataset, keyword: str, permitted: frozenset[str]) -> list[str]:
    """The values of a code attribute, or none if one of those that count is not permitted."""
    values = [str(value).strip() for value in _values(source, keyword)]
    if keyword == "BodyPartExamined":
        values = [terms.normalise_body_part(value) for value in values]
    if keyword == "ImageType":
        values = values[:2]
    if keyword == "PatientOrientation":
        return values if all(_ORIENTATION.fullmatch(value) for value in values) else []
    return values if all(value in permitted for value in values) else []


def _numbers(source: Dataset, keyword: str) -> list[Any]:
    values = list(_values(source, keyword))
    numeric = all(isinstance(v, int | float) and math.isfinite(v) for v in values)
    return values if numeric else []


def _values(source: Dataset, keyword: str) -> Iterable[Any]:
    """The values of an attribute; none where it is absent, empty or cannot be read."""
    try:
        value = source.get(keyword)
    except (ValueError, TypeError, OverflowError, NotImplementedError):
        return []
    if value is None or value == "":
        return []
    return value if isinstance(value, MultiValue | list) else [value]


def first_text(source: Dataset, keyword: str) -> str:
    """The first value of an attribute as text; empty where it is absent or cannot be read."""
    return next((str(value).strip() for value in _values(source, keyword)), "")


def _lut(source: Dataset, keyword: str) -> Dataset | None:
    """The first item of a LUT sequence with its numbers alone; None if they are not numbers."""
    try:
        item = source[keyword].value[0]
        descriptor, data = item["LUTDescriptor"], item["LUTData"]
        entries, first, bits = (int(number) for number in descriptor.value)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None
    if descriptor.VR not in ("US", "SS") or data.VR not in ("US", "SS", "OW"):
        return None
    values = data.value[: (entries or 1 << 16) * (2 if data.VR == "OW" else 1)]
    kept = Dataset()
    kept.add(DataElement(descriptor.tag, descriptor.VR, [entries, first, bits]))
    kept.add(DataElement(data.tag, data.VR, values))
    return kept


def _pixel_data(source: Dataset) -> DataElement:
    """The pixel data as it came; what follows the last pixel of uncompressed data is cut off."""
    element = source["PixelData"]
    value = element.value
    if not source.file_meta.TransferSyntaxUID.is_compressed:
        size = source.Rows * source.Columns * source.BitsAllocated // 8
        value = value[:size] + bytes(size % 2)
    kept = DataElement(element.tag, element.VR, value)
    kept.is_undefined_length = element.is_undefined_length
    return kept


def _file_meta(dataset: Dataset, transfer_syntax: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = transfer_syntax
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = "RADRATE"
    return meta


def _json(value: Any) -> Any:
    if isinstance(value, MultiValue | list):
        return [_json(part) for part in value]
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str(value)
