"""DICOM files as a hospital would send them: with a patient in them."""

from pathlib import Path
from typing import Any

import gdcm
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

Lut = tuple[list[int], int, int]
"""Entries, first value mapped, bits per entry."""

_BY_PYDICOM = (RLELossless,)
_BY_GDCM = {
    JPEG2000Lossless: gdcm.TransferSyntax.JPEG2000Lossless,
    JPEGLSLossless: gdcm.TransferSyntax.JPEGLSLossless,
    JPEGLosslessSV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
}


def write_dicom(
    path: Path,
    *,
    pixels: np.ndarray,
    modality: str = "DX",
    body_part: str = "CHEST",
    photometric: str = "MONOCHROME2",
    bits_stored: int | None = None,
    window: tuple[float, float] | None = None,
    voi_lut: Lut | None = None,
    modality_lut: Lut | None = None,
    transfer_syntax: UID = ExplicitVRLittleEndian,
    patient_name: str = "DOE^JANE",
    patient_id: str = "123",
    **attributes: Any,
) -> Path:
    """A Part 10 file at `path`. `window` is center and width; `attributes` are set by keyword."""
    dataset = describe(pixels, photometric=photometric, bits_stored=bits_stored)
    dataset.Modality = modality
    dataset.BodyPartExamined = body_part
    dataset.PatientName = patient_name
    dataset.PatientID = patient_id
    if window:
        dataset.WindowCenter, dataset.WindowWidth = window
    if voi_lut:
        dataset.VOILUTSequence = [_lut(voi_lut)]
    if modality_lut:
        dataset.ModalityLUTSequence = [_lut(modality_lut)]
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return save(dataset, path, transfer_syntax=transfer_syntax)


def describe(
    pixels: np.ndarray, *, photometric: str = "MONOCHROME2", bits_stored: int | None = None
) -> Dataset:
    """A dataset that holds `pixels` of 8 or 16 bits and says no more than it must."""
    dataset = Dataset()
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID = generate_uid()
    dataset.SeriesInstanceUID = generate_uid()
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = pixels.itemsize * 8
    dataset.BitsStored = bits_stored or dataset.BitsAllocated
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelData = pixels.tobytes() + bytes(pixels.nbytes % 2)
    dataset["PixelData"].VR = "OW" if pixels.itemsize == 2 else "OB"
    return dataset


def save(dataset: Dataset, path: Path, *, transfer_syntax: UID = ExplicitVRLittleEndian) -> Path:
    dataset.file_meta = FileMetaDataset()
    encoded_later = transfer_syntax in _BY_PYDICOM or transfer_syntax in _BY_GDCM
    dataset.file_meta.TransferSyntaxUID = (
        ExplicitVRLittleEndian if encoded_later else transfer_syntax
    )
    if transfer_syntax in _BY_PYDICOM:
        dataset.compress(transfer_syntax, generate_instance_uid=False)
    dataset.save_as(path, enforce_file_format=True)
    if transfer_syntax in _BY_GDCM:
        _recode(path, _BY_GDCM[transfer_syntax])
    return path


def _lut(lut: Lut) -> Dataset:
    entries, first, bits = lut
    item = Dataset()
    item.LUTDescriptor = [len(entries) % 65536, first, bits]
    item.LUTData = entries
    item["LUTData"].VR = "US"
    return item


def _recode(path: Path, transfer_syntax: int) -> None:
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(transfer_syntax))
    writer = gdcm.ImageWriter()
    if not reader.Read():
        raise RuntimeError("gdcm cannot read the file")
    change.SetInput(reader.GetImage())
    if not change.Change():
        raise RuntimeError("gdcm cannot encode the file")
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    writer.SetFileName(str(path))
    if not writer.Write():
        raise RuntimeError("gdcm cannot write the file")
