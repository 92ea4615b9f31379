import io

import numpy as np
import pytest
from PIL import Image

from tests.images.decoding.conftest import pixels_of


@pytest.fixture
def grey() -> np.ndarray:
    return np.add.outer(np.arange(70), np.arange(100)).astype(np.uint8)


def test_a_grey_png_keeps_every_pixel(tmp_path, decode, grey):
    Image.fromarray(grey).save(tmp_path / "knee.png")
    decoded = decode(tmp_path / "knee.png")
    assert np.array_equal(pixels_of(decoded.pixels_png), grey)
    assert (decoded.columns, decoded.rows, decoded.bits_stored) == (100, 70, 8)
    assert (decoded.media_type, decoded.original) == ("image/png", None)
    assert decoded.warnings == ()


def test_a_16_bit_png_stays_16_bit(tmp_path, decode, grey):
    deep = grey.astype(np.uint16) * 257 + 3
    Image.fromarray(deep).save(tmp_path / "knee.png")
    decoded = decode(tmp_path / "knee.png")
    assert np.array_equal(pixels_of(decoded.pixels_png), deep)
    assert decoded.bits_stored == 16


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_every_mode_becomes_the_same_luminance(tmp_path, decode, grey, mode):
    Image.fromarray(grey).convert(mode).save(tmp_path / "knee.png")
    assert np.array_equal(pixels_of(decode(tmp_path / "knee.png").pixels_png), grey)


def test_colour_becomes_luminance(tmp_path, decode):
    Image.new("RGB", (80, 80), (200, 100, 50)).save(tmp_path / "knee.png")
    expected = round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)
    assert set(np.unique(pixels_of(decode(tmp_path / "knee.png").pixels_png))) == {expected}


def test_one_bit_becomes_black_and_white(tmp_path, decode, grey):
    Image.fromarray(grey > 80).save(tmp_path / "knee.png")
    assert np.array_equal(pixels_of(decode(tmp_path / "knee.png").pixels_png), (grey > 80) * 255)


def test_what_is_transparent_is_black_and_told(tmp_path, decode):
    Image.new("RGBA", (80, 80), (255, 255, 255, 0)).save(tmp_path / "knee.png")
    decoded = decode(tmp_path / "knee.png")
    assert pixels_of(decoded.pixels_png).max() == 0
    assert decoded.warnings == ("transparent areas were filled with black",)


def test_a_jpeg_is_decoded_whatever_its_name_says(tmp_path, decode, grey):
    Image.fromarray(grey).save(tmp_path / "knee.dcm", format="JPEG", quality=95)
    decoded = decode(tmp_path / "knee.dcm")
    assert decoded.media_type == "image/jpeg"
    assert np.abs(pixels_of(decoded.pixels_png).astype(int) - grey).max() <= 2


def test_exif_orientation_is_applied_and_told(tmp_path, decode, grey):
    image = Image.fromarray(grey)
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "knee.jpg", exif=exif, quality=100)
    decoded = decode(tmp_path / "knee.jpg")
    assert (decoded.columns, decoded.rows) == (70, 100)
    turned = pixels_of(decoded.pixels_png).astype(int)
    assert np.abs(turned - np.rot90(grey, k=-1)).max() <= 2
    assert decoded.warnings == ("turned as its EXIF orientation says",)


def test_nothing_beside_the_pixels_passes(tmp_path, decode, grey):
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Comment", "DOE JANE")
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, format="PNG", pnginfo=text)
    path = tmp_path / "knee.png"
    path.write_bytes(buffer.getvalue() + b"<script>alert('DOE')</script>")
    decoded = decode(path)
    assert b"DOE" in path.read_bytes()
    assert b"DOE" not in decoded.pixels_png + decoded.thumbnail
    assert b"script" not in decoded.pixels_png + decoded.thumbnail


def test_the_thumbnail_fits_its_box_and_keeps_the_shape(tmp_path, decode):
    Image.new("L", (1280, 640), 90).save(tmp_path / "knee.png")
    thumbnail = pixels_of(decode(tmp_path / "knee.png").thumbnail)
    assert (thumbnail.shape, thumbnail.dtype) == ((160, 320), np.uint8)
    assert set(np.unique(thumbnail)) == {90}


def test_equal_pixels_have_one_hash_in_any_container(tmp_path, decode, grey):
    Image.fromarray(grey).save(tmp_path / "a.png", compress_level=9)
    Image.fromarray(grey).convert("RGB").save(tmp_path / "b.png", compress_level=1)
    Image.fromarray(grey.T).save(tmp_path / "c.png")
    hashes = [decode(tmp_path / name).pixel_hash for name in ("a.png", "b.png", "c.png")]
    assert hashes[0] == hashes[1] != hashes[2]


def test_an_animated_png_is_refused(tmp_path, why_not, grey):
    frames = [Image.fromarray(grey + step) for step in range(3)]
    frames[0].save(tmp_path / "knee.png", save_all=True, append_images=frames[1:])
    assert why_not(tmp_path / "knee.png").code == "animated"


@pytest.mark.parametrize("extension", ["png", "jpg"])
def test_a_file_that_is_cut_short_is_refused(tmp_path, why_not, extension):
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    path = tmp_path / f"knee.{extension}"
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:8000])
    assert why_not(path).message == "the file is cut short: part of the image is missing"


def test_a_file_that_is_only_a_signature_is_refused(tmp_path, why_not):
    (tmp_path / "knee.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert why_not(tmp_path / "knee.png").code == "damaged"


def test_an_icon_is_too_small(tmp_path, why_not):
    Image.new("L", (63, 500)).save(tmp_path / "knee.png")
    expected = "63 × 500 pixels; each side must have at least 64"
    assert why_not(tmp_path / "knee.png").message == expected
