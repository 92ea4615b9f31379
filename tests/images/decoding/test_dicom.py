"""What a DICOM file tells, and which are not taken."""

import numpy as np
import pytest
from pydicom.uid import (
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from tests.factories.dicom import describe, save, write_dicom

COMPRESSED = [RLELossless, JPEG2000Lossless, JPEGLSLossless, JPEGLosslessSV1]


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, *COMPRESSED], ids=lambda uid: uid.name)
def test_every_lossless_syntax_gives_the_same_pixels(tmp_path, decode, gradient, syntax):
    description = {"pixels": gradient, "bits_stored": 12, "window": (2048, 4096)}
    plain = write_dicom(tmp_path / "plain.dcm", **description)
    coded = write_dicom(tmp_path / "coded.dcm", transfer_syntax=syntax, **description)
    assert decode(coded).pixel_hash == decode(plain).pixel_hash


def test_the_facts_of_a_file_are_told(tmp_path, decode, gradient):
    path = write_dicom(
        tmp_path / "knee.dcm",
        pixels=gradient,
        bits_stored=12,
        modality="CR",
        body_part="KNEE",
        patient_id="4711",
        photometric="MONOCHROME1",
        window=(2048, 4096),
        ViewPosition="LL",
        ImageLaterality="R",
        PixelSpacing=[0.2, 0.1],
        ImagerPixelSpacing=[0.4, 0.4],
        PatientAge="034Y",
        KVP=60,
    )
    decoded = decode(path)
    assert (decoded.body_part_examined, decoded.view_position) == ("KNEE", "LATERAL")
    assert (decoded.image_laterality, decoded.modality) == ("R", "CR")
    assert (decoded.pixel_spacing, decoded.bits_stored) == ((0.2, 0.1), 12)
    assert (decoded.age_group, decoded.subject_id) == ("adult", "4711")
    assert decoded.photometric_interpretation == "MONOCHROME1"
    assert decoded.attributes["KVP"] == 60
    assert decoded.attributes["PixelSpacing"] == [0.2, 0.1]
    assert decoded.attributes["ViewPosition"] == "LL"


def test_imager_spacing_stands_in_for_pixel_spacing(tmp_path, decode, gradient):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, ImagerPixelSpacing=[0.15, 0.15])
    assert decode(path).pixel_spacing == (0.15, 0.15)


@pytest.mark.parametrize("spacing", [[0, 0], ["0.1"], None])
def test_impossible_spacing_is_none(tmp_path, decode, gradient, spacing):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, PixelSpacing=spacing)
    assert decode(path).pixel_spacing is None


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"PatientAge": "018Y"}, "adult"),
        ({"PatientAge": "017Y"}, "child"),
        ({"PatientAge": "020M"}, "child"),
        ({"PatientBirthDate": "20000601", "StudyDate": "20180531"}, "child"),
        ({"PatientBirthDate": "20000601", "StudyDate": "20180601"}, "adult"),
        ({"PatientBirthDate": "20000601"}, ""),
        ({}, ""),
    ],
)
def test_age_group(tmp_path, decode, gradient, attributes, expected):
    path = write_dicom(tmp_path / "knee.dcm", pixels=gradient, **attributes)
    assert decode(path).age_group == expected


@pytest.mark.parametrize(
    ("modality", "reason"),
    [
        ("CT", "modality CT (computed tomography) is not projection radiography"),
        ("OT", "modality OT (other) is not projection radiography"),
        ("HMM", "modality HMM is not projection radiography"),
        ("", "the DICOM file does not say its modality"),
    ],
)
def test_other_modalities_are_refused_with_the_reason(
    tmp_path, why_not, gradient, modality, reason
):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, modality=modality)
    assert why_not(path).message == reason


@pytest.mark.parametrize("modality", ["CR", "DX", "RG", "MG"])
def test_projection_radiography_is_taken(tmp_path, decode, gradient, modality):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, modality=modality)
    assert decode(path).modality == modality


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"NumberOfFrames": 2}, "multi_frame"),
        ({"photometric": "PALETTE COLOR"}, "colour"),
        ({"SamplesPerPixel": 3, "Rows": 64, "Columns": 40}, "too_small"),
        ({"BitsStored": 17}, "bit_depth"),
        ({"Rows": 0}, "malformed"),
        ({"Rows": 81}, "truncated"),
    ],
)
def test_what_is_not_one_grey_image_is_refused(tmp_path, why_not, gradient, attributes, code):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, **attributes)
    assert why_not(path).code == code


def test_an_overlay_drawn_into_the_pixels_is_refused(tmp_path, why_not, gradient):
    dataset = describe(gradient, bits_stored=12)
    dataset.Modality = "CR"
    dataset.add_new(0x60000010, "US", 80)
    dataset.add_new(0x60000011, "US", 96)
    dataset.add_new(0x60000102, "US", 15)
    assert why_not(save(dataset, tmp_path / "k.dcm")).code == "embedded_overlay"


def test_a_file_without_pixels_is_refused(tmp_path, why_not, gradient):
    dataset = describe(gradient)
    del dataset.PixelData
    expected = "the DICOM file holds no image (no pixel data)"
    assert why_not(save(dataset, tmp_path / "k.dcm")).message == expected


@pytest.mark.parametrize("kept", [0.3, 0.9])
@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, *COMPRESSED], ids=lambda uid: uid.name)
def test_a_file_that_is_cut_short_is_refused(tmp_path, why_not, syntax, kept):
    noise = np.random.default_rng(3).integers(0, 4096, (128, 128)).astype(np.uint16)
    path = write_dicom(tmp_path / "k.dcm", pixels=noise, bits_stored=12, transfer_syntax=syntax)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert why_not(path).code in ("truncated", "undecodable")


def test_a_file_that_is_only_a_header_is_refused(tmp_path, why_not):
    (tmp_path / "k.dcm").write_bytes(bytes(128) + b"DICM")
    assert why_not(tmp_path / "k.dcm").code == "no_transfer_syntax"


def test_a_syntax_that_nothing_decodes_is_refused_by_its_number(tmp_path, why_not, gradient):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient)
    mpeg2 = b"1.2.840.10008.1.2.4.100\x00"
    plain = b"1.2.840.10008.1.2.1\x00"
    data = path.read_bytes().replace(b"UI\x14\x00" + plain, b"UI\x18\x00" + mpeg2)
    path.write_bytes(data)
    expected = "DICOM transfer syntax 1.2.840.10008.1.2.4.100 is not supported"
    assert why_not(path).message == expected


def test_random_damage_never_takes_the_decoder_down(tmp_path, shared_decoder, gradient):
    """Whatever 60 files with flipped bytes are, each has an answer, and the child lives on."""
    whole = write_dicom(tmp_path / "k.dcm", pixels=gradient, voi_lut=([0, 255], 2000, 8))
    data, random = whole.read_bytes(), np.random.default_rng(5)
    answers = 0
    for _ in range(60):
        damaged = bytearray(data)
        for place in random.integers(132, 2000, 8):
            damaged[place] = random.integers(256)
        path = tmp_path / "damaged.dcm"
        path.write_bytes(damaged)
        try:
            shared_decoder.decode(path, name="damaged.dcm")
        except Exception as error:
            assert type(error).__name__ == "Rejected", error
            assert error.code != "crashed"
        answers += 1
    assert answers == 60
