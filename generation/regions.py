"""Where an output was changed or is wrong, as far as that is known: the answer to “find the edit”.

Of an edit it is what was generated. A backend that puts a defect into an image on purpose says
where in `defect_mask` of its metadata: a PNG of the image's size in base64, white = defect.
"""

import base64
import binascii
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from generation.backends.base import GeneratedImage, GenerationRequest
from generation.backends.editing import Bits, Size, mask_of
from generation.models import Output


def region_of(generated: GeneratedImage, request: GenerationRequest) -> Bits | None:
    """Shape (rows, columns) of the image asked for."""
    if request.image is not None:
        return mask_of(request)
    return defect_of(generated.metadata, (request.width, request.height))


def region_of_stored(output: Output) -> Bits | None:
    """The same of an output that was stored before regions were."""
    if output.radiograph is None:
        return None
    if output.distance:
        with output.distance.open("rb") as file:
            return np.asarray(Image.open(io.BytesIO(file.read()), formats=["PNG"])) > 0
    size = output.radiograph.columns, output.radiograph.rows
    return defect_of(output.radiograph.provenance.get("metadata", {}), size)


def defect_of(metadata: Mapping[str, Any], size: Size) -> Bits | None:
    """None where the metadata names no defect, or in no way that can be read."""
    try:
        data = base64.b64decode(metadata.get("defect_mask") or "", validate=True)
        image = Image.open(io.BytesIO(data), formats=["PNG"]) if data else None
        return None if image is None or image.size != size else np.asarray(image.convert("L")) > 127
    except (TypeError, binascii.Error, OSError, SyntaxError):
        return None
