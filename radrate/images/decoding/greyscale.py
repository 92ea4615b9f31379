"""The DICOM greyscale pipeline: stored values to 16-bit MONOCHROME2, as one table (PS3.3 C.11).

The whole pipeline is a function of one stored value of at most 16 bits, so it is computed once for
each value that can occur and then looked up: exact, and independent of the size of the image.
pydicom's own functions are not used: they wrap the index of a VOI LUT that has 8-bit entries and
more than 256 of them, and know no 12-bit Modality LUT.
"""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from radrate.images.decoding.encode import Pixels

WHITE = 65535


def to_monochrome2(stored: np.ndarray, dataset: Dataset) -> tuple[Pixels, list[str]]:
    """Stored pixels of 8 or 16 allocated bits to uint16 after Modality LUT and VOI LUT or window.

    Of several windows the first counts, and a VOI LUT before any window. Without either, the range
    of the pixels (padding left out) is stretched. Also returns codes of warnings.
    """
    stored = stored.astype(stored.dtype.newbyteorder("="), copy=False)
    bits = stored.itemsize * 8
    unsigned = stored.view(f"u{stored.itemsize}")
    signed = stored.dtype.kind == "i"
    values = stored_values(bits=bits, bits_stored=int(dataset.BitsStored), signed=signed)
    modality = _modality_values(values, dataset)
    grey, warnings = _voi(modality, dataset)
    if grey is None:
        grey = _full_range(modality, present=_present(unsigned, dataset))
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        grey = 1 - grey
    return np.rint(grey * WHITE).astype(np.uint16)[unsigned], warnings


def stored_values(*, bits: int, bits_stored: int, signed: bool) -> np.ndarray:
    """For each pattern of `bits` bits the number it stores; bits over `bits_stored` are void."""
    patterns = np.arange(1 << bits, dtype=np.int64) & ((1 << bits_stored) - 1)
    sign = 1 << (bits_stored - 1)
    return (patterns ^ sign) - sign if signed else patterns


def window(values: np.ndarray, *, center: float, width: float, function: str) -> np.ndarray:
    """Values to 0…1 (PS3.3 C.11.2.1.2 and C.11.2.1.3). Raises ValueError for an invalid width."""
    if function == "LINEAR":
        center, width = center - 0.5, width - 1
    if not width > 0 and not (function == "LINEAR" and width == 0):
        raise ValueError(f"window width {width}")
    if width == 0:
        return (values > center).astype(float)
    if function == "SIGMOID":
        return 1 / (1 + np.exp(np.clip(-4 * (values - center) / width, -700, 700)))
    return np.clip((values - center) / width + 0.5, 0, 1)


def _modality_values(values: np.ndarray, dataset: Dataset) -> np.ndarray:
    if dataset.get("ModalityLUTSequence"):
        item = dataset.ModalityLUTSequence[0]
        table, _ = _lut(item, dataset)
        return _look_up(values, table, first=item.LUTDescriptor[1])
    slope, intercept = dataset.get("RescaleSlope"), dataset.get("RescaleIntercept")
    if slope is None or intercept is None:
        return values.astype(float)
    return values * float(slope) + float(intercept)


def _voi(modality: np.ndarray, dataset: Dataset) -> tuple[np.ndarray | None, list[str]]:
    """0…1 for each value, or None where the file says nothing that can be used."""
    try:
        if dataset.get("VOILUTSequence"):
            item = dataset.VOILUTSequence[0]
            table, top = _lut(item, dataset)
            return _look_up(modality, table, first=item.LUTDescriptor[1]) / top, []
        center, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
        if center is None or width is None:
            return None, ["no_window"]
        function = dataset.get("VOILUTFunction") or "LINEAR"
        return window(modality, center=center, width=width, function=function), []
    except (ValueError, TypeError, IndexError, AttributeError):
        return None, ["window_ignored"]


def _lut(item: Dataset, dataset: Dataset) -> tuple[np.ndarray, int]:
    """The table of a LUT item of `dataset` and the greatest value that an entry may have."""
    entries, _, bits = item.LUTDescriptor
    data = item.LUTData
    if isinstance(data, bytes):
        little = dataset.file_meta.TransferSyntaxUID.is_little_endian
        data = np.frombuffer(data, "<u2" if little else ">u2")
    table = np.atleast_1d(np.asarray(data, dtype=np.int64))[: entries or 1 << 16]
    if table.size == 0 or not 1 <= bits <= 16:
        raise ValueError("empty LUT")
    return table, (1 << bits) - 1


def _look_up(values: np.ndarray, table: np.ndarray, *, first: int) -> np.ndarray:
    index = np.clip(np.rint(values).astype(np.int64) - first, 0, table.size - 1)
    return table[index].astype(float)


def _full_range(modality: np.ndarray, *, present: np.ndarray) -> np.ndarray:
    low, high = modality[present].min(), modality[present].max()
    return np.clip((modality - low) / ((high - low) or 1), 0, 1)


def _present(unsigned: np.ndarray, dataset: Dataset) -> np.ndarray:
    """Which bit patterns occur in the image, padding left out unless there is nothing else."""
    present = np.zeros(1 << (unsigned.itemsize * 8), dtype=bool)
    present[unsigned.reshape(-1)] = True
    padding = dataset.get("PixelPaddingValue")
    if isinstance(padding, int) and present.sum() > 1:
        present[padding % present.size] = False
    return present


def _first(value: Any) -> float | None:
    if value is None or value == "":
        return None
    return float(value if isinstance(value, int | float) else value[0])
