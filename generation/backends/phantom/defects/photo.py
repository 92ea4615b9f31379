"""A photo of a film on a light box, as a telephone takes it, instead of the radiograph itself."""

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.backends.phantom.defects.family import Family, Site, everywhere
from generation.backends.phantom.projection import Floats


def _photographed(grey: Floats, site: Site) -> Floats:
    """Askew on the light box, darker to the corners, with moiré and the glare of a lamp."""
    film, light = _askew(grey, site)
    rows, columns = grey.shape
    x = np.linspace(-1, 1, columns, dtype="f4")[None, :]
    y = np.linspace(-1, 1, rows, dtype="f4")[:, None]
    stream = site.vary.stream("photo.light")
    cx, cy = stream.uniform(-0.15, 0.15, 2)
    vignette = 1 - np.float32(0.42 * site.strength) * ((x - cx) ** 2 + (y - cy) ** 2) / 2
    shown = 0.07 + 0.80 * film  # neither the black nor the white of the film itself
    shown = shown * (1 + np.float32(0.06 * site.strength) * _moire(x, y, stream))
    photo = (light * 0.93 + (1 - light) * shown) * vignette + _glare(x, y, site, stream)
    return np.clip(ndimage.gaussian_filter(photo, 0.0006 * max(grey.shape)), 0, 1)


def _askew(grey: Floats, site: Site) -> tuple[Floats, Floats]:
    """The film in perspective, and how much light box is seen at each pixel."""
    rows, columns = grey.shape
    stream = site.vary.stream("photo.corners")
    inset = np.abs(stream.normal(0, 0.022, (4, 2))) * site.strength + 0.022
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    seen = corners + inset * np.where(corners == 0, 1, -1)
    to_film = _projective(seen * (columns, rows), corners * (columns, rows))
    film, blank = (
        np.asarray(
            Image.fromarray(plane).transform(
                (columns, rows),
                Image.Transform.PERSPECTIVE,
                to_film,
                Image.Resampling.BILINEAR,
                fillcolor=fill,
            )
        )
        for plane, fill in ((grey.astype("f4"), 0.0), (np.zeros(grey.shape, "f4"), 1.0))
    )
    return film, ndimage.gaussian_filter(blank, 0.0012 * max(grey.shape))


def _projective(source: np.ndarray, target: np.ndarray) -> list[float]:
    """The eight numbers of the projection that takes four source points to four target points."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(number) for number in np.linalg.solve(rows, values)]


def _moire(x: Floats, y: Floats, stream: np.random.Generator) -> Floats:
    """The beat of two fine grids: curved bands."""
    a, b = stream.uniform(40, 60, 2)
    bend = stream.uniform(-5, 5, 2)
    one = np.sin(a * x + bend[0] * y * y + bend[1] * x * y)
    other = np.sin(b * y + bend[1] * x * x - bend[0] * x)
    return (one * other + 0.5 * one).astype("f4")


def _glare(x: Floats, y: Floats, site: Site, stream: np.random.Generator) -> Floats:
    cx, cy = stream.uniform(-0.6, 0.6, 2)
    wide, high, turn = stream.uniform((0.25, 0.08, -0.6), (0.45, 0.16, 0.6))
    u = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn)
    v = (y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)
    lamp = np.exp(-(((u / wide) ** 2 + (v / high) ** 2) ** 1.5))
    return (0.36 * site.strength * lamp).astype("f4")


PHOTO = {"photo_of_film": Family("Photo of a film", everywhere, graded=True, film=_photographed)}
