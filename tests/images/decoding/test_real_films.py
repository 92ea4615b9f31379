"""Real radiographs, where a folder of them is given by RADRATE_TEST_IMAGES."""

import csv
import os
from pathlib import Path

import pytest

from radrate.images.decoding import Rejected
from tests.images.decoding.conftest import pixels_of

FILMS = Path(os.environ.get("RADRATE_TEST_IMAGES", ""))
pytestmark = pytest.mark.skipif(
    "RADRATE_TEST_IMAGES" not in os.environ, reason="RADRATE_TEST_IMAGES names no folder"
)

TAKEN = {
    "derived_RG3_implicitLE.dcm",
    "nema_MG1_J2KI.dcm",
    "nema_RG1_J2KI.dcm",
    "nema_RG1_JLSN.dcm",
    "nema_RG2_J2KR.dcm",
    "nema_RG2_JPLL.dcm",
    "nema_RG2_RLE.dcm",
    "nema_RG3_J2KR.dcm",
}
REFUSED = {
    "nema_RG2_JPLY.dcm": "undecodable",
    "nema_CT1_UNC.dcm": "modality",
    "nema_US1_RLE.dcm": "modality",
    "pydicom_MR_truncated.dcm": "truncated",
    "pydicom_badVR.dcm": "modality",
    "pydicom_no_meta.dcm": "no_meta",
    "pydicom_meta_missing_tsyntax.dcm": "no_transfer_syntax",
    "pydicom_J2K_pixelrep_mismatch.dcm": "modality",
    "pydicom_image_dfl.dcm": "deflated",
    "pydicom_examples_palette.dcm": "modality",
    "pydicom_DICOMDIR.dcm": "media_directory",
    "pydicomdata_vlut_04.dcm": "modality",
    "cornerstone_no-pixel-data.dcm": "no_pixel_data",
}


def rows(folder: str) -> list[dict[str, str]]:
    with (FILMS / folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_film_of_the_library_is_decoded(decode):
    for row in rows("images"):
        decoded = decode(FILMS / "images" / row["filename"])
        assert (decoded.columns, decoded.rows) == (int(row["width"]), int(row["height"]))
        assert pixels_of(decoded.pixels_png).std() > 5, row["filename"]


def test_every_dicom_file_is_taken_or_refused_as_its_manifest_says(decode):
    answers = {}
    for row in rows("dicom"):
        name = row["filename"]
        try:
            decoded = decode(FILMS / "dicom" / name)
        except Rejected as rejected:
            answers[name] = rejected.code
        else:
            answers[name] = "taken"
            assert (decoded.rows, decoded.columns) == (int(row["rows"]), int(row["columns"]))
            assert decoded.body_part_examined == row["body_part"]
            assert decoded.photometric_interpretation == row["photometric"]
    assert answers == dict.fromkeys(TAKEN, "taken") | REFUSED


def test_one_film_in_several_lossless_syntaxes_has_one_hash(decode):
    for first, *others in (
        ("nema_RG2_J2KR.dcm", "nema_RG2_JPLL.dcm", "nema_RG2_RLE.dcm"),
        ("nema_RG3_J2KR.dcm", "derived_RG3_implicitLE.dcm"),
    ):
        hashes = {decode(FILMS / "dicom" / name).pixel_hash for name in (first, *others)}
        assert len(hashes) == 1


def test_the_archived_form_of_a_film_shows_the_same_pixels(tmp_path, decode):
    for name in ("nema_RG1_JLSN.dcm", "nema_RG2_JPLL.dcm", "derived_RG3_implicitLE.dcm"):
        first = decode(FILMS / "dicom" / name)
        (tmp_path / name).write_bytes(first.original)
        assert decode(tmp_path / name).pixel_hash == first.pixel_hash
