"""The DICOM greyscale pipeline as PS3.3 C.11 words it, on values and on files."""

import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from radrate.images.decoding.greyscale import WHITE, stored_values, window
from tests.factories.dicom import write_dicom
from tests.images.decoding.conftest import pixels_of


@pytest.fixture
def shown(tmp_path, decode):
    """The pixels of a DICOM file with the given description, as archived."""

    def show(pixels, **description):
        path = write_dicom(tmp_path / "knee.dcm", pixels=pixels, **description)
        return pixels_of(decode(path).pixels_png).astype(np.int64)

    return show


def test_a_linear_window_is_that_of_the_standard():
    center, width = 2048.0, 4096.0
    values = np.array([-1.0, 0, 2047, 4095, 5000])
    expected = (values - (center - 0.5)) / (width - 1) + 0.5
    expected[[0, 1]], expected[[3, 4]] = 0, 1
    assert window(values, center=center, width=width, function="LINEAR") == pytest.approx(expected)


def test_a_window_of_width_one_is_a_threshold():
    values = window(np.array([9.0, 9.5, 10.0]), center=10, width=1, function="LINEAR")
    assert values.tolist() == [0, 0, 1]


def test_an_exact_window_spans_its_width():
    values = window(np.array([0.0, 50, 100]), center=50, width=100, function="LINEAR_EXACT")
    assert values.tolist() == [0, 0.5, 1]


def test_a_sigmoid_window_never_saturates_near_its_center():
    values = window(np.array([-1e9, 50.0, 1e9]), center=50, width=100, function="SIGMOID")
    assert values == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize(("width", "function"), [(0, "LINEAR"), (-5, "LINEAR_EXACT")])
def test_an_impossible_width_is_an_error(width, function):
    with pytest.raises(ValueError, match="window width"):
        window(np.zeros(1), center=0, width=width, function=function)


def test_bits_above_those_stored_do_not_count():
    values = stored_values(bits=16, bits_stored=12, signed=True)
    assert (values[0xF7FF], values[0x0800], values[0x0FFF]) == (2047, -2048, -1)


def test_a_window_is_applied_once_at_full_depth(shown, gradient):
    pixels = shown(gradient, bits_stored=12, window=(2048, 4096))
    assert np.array_equal(pixels, np.rint(gradient / 4095 * WHITE))
    assert len(np.unique(pixels)) == 4096


def test_the_first_of_several_windows_counts(shown, gradient):
    pixels = shown(gradient, bits_stored=12, window=([2048, 100], [4096, 10]))
    assert np.array_equal(pixels, np.rint(gradient / 4095 * WHITE))


def test_monochrome1_is_inverted(shown, gradient):
    bright = shown(gradient, bits_stored=12, window=(2048, 4096))
    dark = shown(gradient, bits_stored=12, window=(2048, 4096), photometric="MONOCHROME1")
    assert np.abs(WHITE - bright - dark).max() <= 1


def test_rescale_comes_before_the_window(shown, gradient):
    rescaled = {"RescaleSlope": 2, "RescaleIntercept": -1000, "RescaleType": "US"}
    pixels = shown(gradient, bits_stored=12, window=(3096, 8192), **rescaled)
    expected = np.clip((gradient * 2.0 - 1000 - 3095.5) / 8191 + 0.5, 0, 1)
    assert np.array_equal(pixels, np.rint(expected * WHITE))


def test_signed_pixels_are_signed(shown, gradient):
    signed = gradient.astype(np.int16) - 2048
    pixels = shown(signed, bits_stored=12, window=(0, 4096))
    assert np.array_equal(pixels, np.rint(gradient / 4095 * WHITE))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, None])
def test_a_voi_lut_is_looked_up(shown, gradient, syntax):
    curve = [round(4095 * (value / 4095) ** 2) for value in range(4096)]
    extra = {"transfer_syntax": syntax} if syntax else {}
    if syntax == ExplicitVRBigEndian:
        gradient = gradient.astype(">u2")
    pixels = shown(gradient, bits_stored=12, voi_lut=(curve, 0, 12), **extra)
    assert np.array_equal(pixels, np.rint(np.array(curve)[gradient] / 4095 * WHITE))


def test_a_voi_lut_of_8_bit_entries_may_have_more_than_256_of_them(shown, gradient):
    curve = [value >> 4 for value in range(4096)]
    pixels = shown(gradient, bits_stored=12, voi_lut=(curve, 0, 8))
    assert np.array_equal(pixels, np.rint((gradient >> 4) / 255 * WHITE))


def test_a_voi_lut_clamps_what_lies_outside_it(shown, gradient):
    pixels = shown(gradient, bits_stored=12, voi_lut=([10, 20, 255], 100, 8))
    expected = np.array([10, 20, 255])[np.clip(gradient.astype(int) - 100, 0, 2)]
    assert np.array_equal(pixels, np.rint(expected / 255 * WHITE))


def test_a_voi_lut_comes_before_a_window(shown, gradient):
    pixels = shown(gradient, bits_stored=12, voi_lut=([0, 255], 2000, 8), window=(10, 20))
    assert np.array_equal(pixels, (gradient > 2000) * WHITE)


def test_a_modality_lut_of_12_bits_is_looked_up_before_the_window(shown, gradient):
    backwards = [4095 - value for value in range(4096)]
    pixels = shown(gradient, bits_stored=12, modality_lut=(backwards, 0, 12), window=(2048, 4096))
    assert np.array_equal(pixels, np.rint((4095 - gradient) / 4095 * WHITE))


def test_without_a_window_the_range_is_stretched_and_that_is_told(tmp_path, decode, gradient):
    path = write_dicom(tmp_path / "knee.dcm", pixels=gradient // 4 + 500, bits_stored=12)
    decoded = decode(path)
    pixels = pixels_of(decoded.pixels_png)
    assert (pixels.min(), pixels.max()) == (0, WHITE)
    assert decoded.warnings == ("no window or VOI LUT: the full range of the pixels is shown",)


def test_padding_does_not_take_part_in_the_stretch(shown, gradient):
    padded = gradient // 4 + 500
    padded[:5] = 0
    pixels = shown(padded, bits_stored=12, PixelPaddingValue=0)
    assert (pixels[5:].min(), pixels[5:].max()) == (0, WHITE)


def test_a_window_that_cannot_be_used_is_told(tmp_path, decode, gradient):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, bits_stored=12, window=(100, 0))
    warning = "the window or LUT could not be used: the full range of the pixels is shown"
    assert decode(path).warnings == (warning,)


def test_an_image_of_one_grey_is_no_error(shown):
    assert shown(np.full((80, 80), 7, np.uint16)).shape == (80, 80)


def test_8_bit_pixels_are_windowed_to_16(shown):
    pixels = np.arange(6400, dtype=np.uint16).reshape(80, 80).astype(np.uint8)
    assert np.array_equal(shown(pixels, window=(128, 256)), pixels.astype(int) * 257)
