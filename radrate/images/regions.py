"""Where an image was changed, as a grey PNG of its size: white = changed."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from radrate.images.models import Radiograph
from radrate.images.rasters import encode
from radrate.images.storage import store

Bits = NDArray[np.bool_]


def store_region(region: Bits | None) -> str:
    """The stored name of a region (rows, columns), empty where none is known or nothing changed."""
    if region is None or not region.any():
        return ""
    image = Image.fromarray(region.astype(np.uint8) * 255)
    return store(folder="regions", data=encode(image, "PNG", optimize=True), suffix=".png")


def region_of(radiograph: Radiograph) -> Image.Image | None:
    """Mode L, of the image's size."""
    if not radiograph.edited_region:
        return None
    with radiograph.edited_region.open("rb") as file:
        return Image.open(io.BytesIO(file.read()), formats=["PNG"]).convert("L")
