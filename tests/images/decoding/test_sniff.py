import pytest

from radrate.images.decoding.refusal import Refused
from radrate.images.decoding.sniff import Format, sniff

OTHERS = {
    "HTML": b"\n<!DOCTYPE html><title>Log in</title>",
    "SVG": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "PDF": b"%PDF-1.7",
    "TIFF": b"II*\x00\x08\x00\x00\x00",
    "WebP": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0",
    "GIF": b"GIF89a",
    "HEIC": b"\x00\x00\x00\x18ftypheic",
    "zip": b"PK\x03\x04",
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_format_is_refused_by_its_name(tmp_path, why_not, name):
    path = tmp_path / "knee.png"
    path.write_bytes(OTHERS[name].ljust(200, b" "))
    assert why_not(path).message == f"not a PNG, JPEG or DICOM file, but {name}"


def test_bytes_of_no_known_format_are_refused(tmp_path, why_not):
    path = tmp_path / "knee.png"
    path.write_bytes(b"knee" * 100)
    assert why_not(path).message == "not a PNG, JPEG or DICOM file"


def test_a_program_in_the_preamble_does_not_hide_a_dicom_file():
    assert sniff(b"MZ".ljust(128, b"\x90") + b"DICM") is Format.DICOM


@pytest.mark.parametrize(
    "start",
    [
        b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100",
        b"\x02\x00\x00\x00UL\x04\x00",
        b" \x08\x00\x08\x00CS",
    ],
)
def test_a_dataset_without_its_header_is_told_from_rubbish(start):
    with pytest.raises(Refused) as caught:
        sniff(start.ljust(200, b"\x00"))
    assert caught.value.code == "no_meta"
