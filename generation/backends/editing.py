"""What every edit needs around a backend: a size that it takes, and the source kept as it was.

Masks are mode L with 255 = generate. Arrays have shape (rows, columns).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from generation.backends.protocol import (
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    InvalidRequest,
    Operation,
)

Bits = NDArray[np.bool_]
Size = tuple[int, int]  # width, height in px
Box = tuple[int, int, int, int]  # left, top, right, bottom in px

LONGEST_SIDE = 8192
RESPECTED_WITHIN = 8.0  # grey levels: mean change outside the mask that still counts as keeping it


def check_edit(request: GenerationRequest) -> None:
    """Raise InvalidRequest unless the source, the mask and the margins fit what is asked for."""
    if request.image is None:
        raise InvalidRequest("an edit needs a source image")
    if max(request.width, request.height) > LONGEST_SIDE:
        raise InvalidRequest(f"no side of an edit may be over {LONGEST_SIDE} px")
    size = (request.width, request.height)
    if request.operation is Operation.OUTPAINT:
        if min(request.margins) < 0 or not any(request.margins):
            raise InvalidRequest("outpainting needs a margin to fill")
        if extended(request.image.size, request.margins) != size:
            raise InvalidRequest("the source with its margins must have the size asked for")
        return
    if request.mask is None or not generated_part(request.mask).any():
        raise InvalidRequest("inpainting needs a mask with an area to generate")
    if request.image.size != size or request.mask.size != size:
        raise InvalidRequest("source, mask and result must have one size")


def extended(size: Size, margins: tuple[int, int, int, int]) -> Size:
    left, top, right, bottom = margins
    return size[0] + left + right, size[1] + top + bottom


def source_box(request: GenerationRequest) -> Box:
    """Where the source lies on the canvas of an outpainting."""
    left, top, right, bottom = request.margins
    return left, top, request.width - right, request.height - bottom


def generated_part(mask: Image.Image) -> Bits:
    return np.asarray(mask.convert("L")) > 127


def mask_of(request: GenerationRequest) -> Bits:
    """What an edit generates, on the canvas of the result."""
    if request.mask is not None:
        return generated_part(request.mask)
    left, top, right, bottom = source_box(request)
    outside = np.ones((request.height, request.width), bool)
    outside[top:bottom, left:right] = False
    return outside


def canvas_of(request: GenerationRequest) -> Image.Image:
    """The source on the canvas of the result; what an outpainting adds is black so far."""
    if request.image is None:
        raise InvalidRequest("an edit needs a source image")
    canvas = Image.new("L", (request.width, request.height))
    canvas.paste(request.image.convert("L"), source_box(request)[:2])
    return canvas


def distances(mask: Bits) -> NDArray[np.uint16]:
    """How far each generated pixel is from the nearest kept one, in px; 0 where kept."""
    if mask.all():
        raise ValueError("nothing of the source is kept")
    return np.rint(ndimage.distance_transform_edt(mask)).astype(np.uint16)


def composed(generated: Image.Image, canvas: Image.Image, mask: Bits) -> Image.Image:
    """The generated pixels within the mask, the source's own, bit for bit, outside of it."""
    return Image.fromarray(
        np.where(mask, np.asarray(generated.convert("L")), np.asarray(canvas.convert("L")))
    )


def change_outside(generated: Image.Image, canvas: Image.Image, mask: Bits) -> float:
    """Mean absolute change where nothing should have changed, in grey levels."""
    if mask.all():
        return 0.0
    difference = np.asarray(generated.convert("L"), "f4") - np.asarray(canvas.convert("L"), "f4")
    return float(np.abs(difference)[~mask].mean())


def finished(image: GeneratedImage, request: GenerationRequest) -> GeneratedImage:
    """One answer of an edit: composed over the source, and how well the mask was kept to."""
    if image.image is None or image.image.size != (request.width, request.height):
        return image
    canvas, mask = canvas_of(request), mask_of(request)
    change = change_outside(image.image, canvas, mask)
    told: dict[str, Any] = {
        "change_outside_mask": round(change, 3),
        "mask_respected": change <= RESPECTED_WITHIN,
    }
    return replace(
        image,
        image=composed(image.image, canvas, mask),
        metadata={**told, **image.metadata},
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """A request in a size that the backend takes, and the way back to the size asked for."""

    request: GenerationRequest
    restore: Callable[[Image.Image], Image.Image]


def fit(request: GenerationRequest, can: Capabilities) -> Fitted:
    """Scale an inpainting down where the backend's largest side asks for it, then pad it at right
    and bottom to a size that the backend takes. The padding repeats the border and is kept."""
    size = (request.width, request.height)
    if is_offered(size, can):
        return Fitted(request, lambda image: image)
    inner, outer = _sizes(size, can)
    if request.image is None or request.mask is None:
        raise InvalidRequest("inpainting needs a source and a mask")
    image = _padded(request.image.convert("L").resize(inner, Image.Resampling.LANCZOS), outer)
    scaled = request.mask.convert("L").resize(inner, Image.Resampling.NEAREST)
    mask = Image.new("L", outer)
    mask.paste(scaled, (0, 0))
    spacing = request.pixel_spacing and request.pixel_spacing * size[0] / inner[0]
    changed = replace(
        request, image=image, mask=mask, width=outer[0], height=outer[1], pixel_spacing=spacing
    )

    def restore(answer: Image.Image) -> Image.Image:
        if answer.size != outer:
            return answer
        cropped = answer.convert("L").crop((0, 0, *inner))
        return cropped if inner == size else cropped.resize(size, Image.Resampling.LANCZOS)

    return Fitted(changed, restore)


def is_offered(size: Size, can: Capabilities) -> bool:
    if can.sizes is not None and size not in can.sizes:
        return False
    return all(can.min_side <= side <= can.max_side for side in size) and not any(
        side % can.size_multiple for side in size
    )


def _sizes(size: Size, can: Capabilities) -> tuple[Size, Size]:
    """The size to scale to, and the offered size around it in which the least is padded."""
    if can.sizes is None:
        scale = min(1.0, can.max_side / max(size))
        inner = _scaled(size, scale)
        return inner, (_multiple(inner[0], can), _multiple(inner[1], can))

    def largest_within(outer: Size) -> Size:
        return _scaled(size, min(1.0, outer[0] / size[0], outer[1] / size[1]))

    outer = max(
        can.sizes,
        key=lambda offered: (_area(largest_within(offered)), -_area(offered)),
    )
    return largest_within(outer), outer


def _scaled(size: Size, scale: float) -> Size:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _area(size: Size) -> int:
    return size[0] * size[1]


def _multiple(side: int, can: Capabilities) -> int:
    """The next side that is offered; never above the largest."""
    step = can.size_multiple
    return min(-(-max(side, can.min_side) // step) * step, can.max_side // step * step)


def _padded(image: Image.Image, outer: Size) -> Image.Image:
    pixels = np.asarray(image)[: outer[1], : outer[0]]
    rows, columns = outer[1] - pixels.shape[0], outer[0] - pixels.shape[1]
    return Image.fromarray(np.pad(pixels, ((0, rows), (0, columns)), mode="edge"))
