"""Where an image was changed, as a grey PNG of its size: white = changed."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from radrate.images.models import Radiograph
from radrate.images.rasters import encode
from radrate.images.storage import store

Bits = NDArray[np.bool_]


def store_region(region: Bits | None) -> dict[str, object]:
    """Write the file of a region (rows, columns); the fields of a Radiograph that tell of it. They
    are empty where none is known or nothing changed."""
    if region is None or not region.any():
        return {"edited_region": "", "edited_share": None}
    image = Image.fromarray(region.astype(np.uint8) * 255)
    name = store(folder="regions", data=encode(image, "PNG", optimize=True), suffix=".png")
    return {"edited_region": name, "edited_share": float(region.mean())}


def region_of(radiograph: Radiograph) -> Image.Image | None:
    """Mode L, of the image's size."""
    if not radiograph.edited_region:
        return None
    with radiograph.edited_region.open("rb") as file:
        return Image.open(io.BytesIO(file.read()), formats=["PNG"]).convert("L")
