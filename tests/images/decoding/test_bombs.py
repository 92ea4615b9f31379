"""Files that are made to exhaust whoever decodes them. The child stays below 1 GiB and lives on."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
    generate_uid,
)

from radrate.images.decoding import Decoder, Rejected
from tests.factories.dicom import write_dicom

MIB = 1 << 20


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    """One with a child of its own, so that what is measured is this test's doing."""
    with Decoder(salt=b"salt") as decoder:
        yield decoder


@pytest.fixture
def harmless(tmp_path) -> Path:
    Image.new("L", (80, 80)).save(tmp_path / "harmless.png")
    return tmp_path / "harmless.png"


def reason(decoder: Decoder, path: Path) -> Rejected:
    with pytest.raises(Rejected) as caught:
        decoder.decode(path, name=path.name)
    return caught.value


def peak_mib(decoder: Decoder) -> int:
    """The most memory the child ever had resident, in MiB."""
    status = Path(f"/proc/{decoder.child_pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) >> 10


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def deflated_zeros(size: int, *, raw: bool = False) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15 if raw else 15)
    block = bytes(MIB)
    parts = [packer.compress(block) for _ in range(size // MIB)]
    return b"".join([*parts, packer.compress(bytes(size % MIB)), packer.flush()])


def write_png(path: Path, *, side: int, depth: int, colour: int) -> Path:
    """A black square of `side` pixels. Colour 0 is grey, 6 is RGBA."""
    samples = {0: 1, 6: 4}[colour]
    data = deflated_zeros((side * depth * samples // 8 + 1) * side)
    header = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    path.write_bytes(
        signature + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )
    return path


def test_a_png_of_900_megapixels_in_109_kb_is_refused_by_its_header(tmp_path, decoder):
    path = write_png(tmp_path / "bomb.png", side=30_000, depth=1, colour=0)
    assert path.stat().st_size < 115_000
    expected = "30000 × 30000 pixels; at most 100 megapixels are accepted"
    assert reason(decoder, path).message == expected
    assert peak_mib(decoder) < 200


def test_a_png_that_needs_too_much_memory_is_refused_and_the_next_file_is_decoded(
    tmp_path, decoder, harmless
):
    path = write_png(tmp_path / "bomb.png", side=9_900, depth=8, colour=6)
    expected = "decoding needs more memory than one file may use"
    assert reason(decoder, path).message == expected
    assert decoder.decode(harmless, name="harmless.png").columns == 80


def test_a_deflated_dicom_bomb_is_refused_before_it_is_inflated(tmp_path, decoder, harmless):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    empty = Dataset()
    empty.file_meta = meta
    path = tmp_path / "bomb.dcm"
    empty.save_as(path, enforce_file_format=True)
    with path.open("ab") as file:
        file.write(deflated_zeros(512 * MIB, raw=True))
    assert path.stat().st_size < MIB
    assert reason(decoder, path).code == "deflated"
    assert peak_mib(decoder) < 200


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless, JPEG2000Lossless])
def test_forged_rows_and_columns_are_refused_before_anything_is_allocated(
    tmp_path, decoder, gradient, syntax
):
    path = write_dicom(tmp_path / "bomb.dcm", pixels=gradient, transfer_syntax=syntax)
    forge(path, rows=60_000, columns=60_000)
    expected = "60000 × 60000 pixels; at most 100 megapixels are accepted"
    assert reason(decoder, path).message == expected
    assert peak_mib(decoder) < 200


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless, JPEG2000Lossless])
def test_forged_rows_and_columns_within_the_limit_do_not_pass_either(
    tmp_path, decoder, gradient, syntax
):
    path = write_dicom(tmp_path / "bomb.dcm", pixels=gradient, transfer_syntax=syntax)
    forge(path, rows=9_900, columns=9_900)
    assert reason(decoder, path).code in ("truncated", "undecodable", "too_much_memory")


def forge(path: Path, *, rows: int, columns: int) -> None:
    data = path.read_bytes()
    for tag, old, new in ((b"\x10\x00", 80, rows), (b"\x11\x00", 96, columns)):
        element = b"\x28\x00" + tag + b"US\x02\x00"
        assert data.count(element + struct.pack("<H", old)) == 1
        data = data.replace(element + struct.pack("<H", old), element + struct.pack("<H", new))
    path.write_bytes(data)


def test_sequences_nested_20000_deep_are_refused(tmp_path, decoder, gradient, harmless):
    path = write_dicom(tmp_path / "bomb.dcm", pixels=gradient)
    sequence = b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    data = path.read_bytes()
    place = data.index(b"\x10\x00\x10\x00PN")
    path.write_bytes(data[:place] + sequence * 20_000 + data[place:])
    assert reason(decoder, path).message == "DICOM sequences are nested too deeply"
    assert decoder.decode(harmless, name="harmless.png").columns == 80
    assert peak_mib(decoder) < 400


def test_100_megapixels_of_16_bits_fit(tmp_path, decoder):
    rows = np.arange(10_000, dtype=np.uint16)
    pixels = np.broadcast_to(rows[:, None], (10_000, 10_000))
    path = write_dicom(tmp_path / "large.dcm", pixels=np.ascontiguousarray(pixels))
    assert decoder.decode(path, name="large.dcm").rows == 10_000
    assert peak_mib(decoder) < 1024


def test_a_forged_element_length_allocates_nothing(tmp_path, decoder, gradient):
    path = write_dicom(tmp_path / "bomb.dcm", pixels=gradient)
    data = path.read_bytes()
    place = data.index(b"\xe0\x7f\x10\x00OW\x00\x00") + 8
    path.write_bytes(data[:place] + struct.pack("<I", 0xFFFFFFF0) + data[place + 4 :])
    assert decoder.decode(path, name="bomb.dcm").rows == 80
    assert peak_mib(decoder) < 200
