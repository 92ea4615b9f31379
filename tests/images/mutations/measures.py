"""How plain a mutation is, by numbers. Images are floats from 0 to 1."""

import numpy as np
from scipy import ndimage

from radrate.images.mutations import mutate

FINE = 1 / 60  # of the longest side, in px: what counts as fine structure


def fine(image: np.ndarray) -> np.ndarray:
    return image - ndimage.gaussian_filter(image, max(image.shape) * FINE)


def roughness(image: np.ndarray, where: np.ndarray) -> float:
    """How strong the fine structure is."""
    return float(fine(image)[where].std())


def likeness(one: np.ndarray, other: np.ndarray, where: np.ndarray) -> float:
    """Correlation over the pixels of a region."""
    return float(np.corrcoef(one[where], other[where])[0, 1])


def as_floats(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(float) / np.iinfo(pixels.dtype).max


def check_blurred(name: str, film: np.ndarray) -> None:
    after = as_floats(mutate("blurred", film, 1).pixels)
    before, everywhere = as_floats(film), np.ones(film.shape, bool)
    assert roughness(after, everywhere) < 0.5 * roughness(before, everywhere), name
    sharp = [np.abs(ndimage.laplace(image)).mean() for image in (before, after)]
    assert sharp[1] < 0.45 * sharp[0], name


def check_scrambled(name: str, film: np.ndarray) -> None:
    made = mutate("trabeculae_scrambled", film, 1)
    before, after, where = as_floats(film), as_floats(made.pixels), made.region
    assert where.mean() > 0.05, name
    assert likeness(fine(before), fine(after), where) < 0.6, name
    assert roughness(after, where) > 0.95 * roughness(before, where), name
    assert np.abs(after - before)[where].mean() > 0.015, name
    assert likeness(before, after, np.ones(film.shape, bool)) > 0.88, name


def check_removed(name: str, film: np.ndarray) -> None:
    made = mutate("bone_removed", film, 1)
    darker = (as_floats(film) - as_floats(made.pixels))[made.region]
    assert 0.01 < made.region.mean() < 0.12, name
    assert darker.mean() > 0.05, name
    assert (darker > 0.05).mean() > 0.4, name
