"""Sources for people to look at: the erased area outlined, the source in a box, in yellow."""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from generation.backends.editing import Bits, Box

YELLOW = (255, 214, 0)


def outlined(source: Image.Image, mask: Bits, *, width: int = 2) -> Image.Image:
    """RGB: what is to be generated is dimmed and outlined. Mask of shape (rows, columns)."""
    grey = np.asarray(source.convert("L"), "f4")
    rim = ndimage.binary_dilation(mask, iterations=width) & ~mask
    shown = np.where(mask, grey * 0.35, grey)
    colours = np.repeat(shown[..., None], 3, axis=2)
    colours[rim] = YELLOW
    return Image.fromarray(np.rint(colours).astype(np.uint8))


def boxed(canvas: Image.Image, box: Box, *, width: int = 2) -> Image.Image:
    """RGB: where the source lies on a canvas (left, top, right, bottom in px)."""
    picture = canvas.convert("RGB")
    left, top, right, bottom = box
    ImageDraw.Draw(picture).rectangle((left, top, right - 1, bottom - 1), None, YELLOW, width)
    return picture
