"""Writes: masks on radiographs. The same pixels on the same source are one mask."""

import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

from generation.masks import drawn, share
from generation.models import Mask
from generation.sources import working_size
from radrate.errors import DomainError
from radrate.images.models import Radiograph
from radrate.images.rasters import encode
from radrate.images.storage import sha256, store

SIDE = 1024  # px: the longest side of the copy on which masks are drawn
LARGEST_FILE = 4 * 2**20
MOST_PIXELS = 40_000_000


def make_mask(
    *, actor: Any, source: Radiograph, recipe: Mapping[str, Any], label: str = ""
) -> Mask:
    """The mask of a recipe (see masks.py). Raises DomainError."""
    size = working_size(source, SIDE)
    image = drawn(recipe, size, body_part_examined=source.body_part_examined)
    kind, name = Mask.Kind.DRAWN, _("drawn")
    if "region" in recipe:
        kind, name = Mask.Kind.REGION, str(recipe["region"])
    elif "random" in recipe:
        kind, name = Mask.Kind.RANDOM, _("by chance")
    return _kept(actor, source, image, kind=kind, recipe=dict(recipe), label=label or name)


def upload_mask(*, actor: Any, source: Radiograph, data: bytes, label: str = "") -> Mask:
    """A mask from a PNG of the source's shape, white = generate. Raises DomainError."""
    if len(data) > LARGEST_FILE:
        raise DomainError(_("A mask may have at most 4 MiB."))
    try:
        opened = Image.open(io.BytesIO(data), formats=["PNG"])
        if opened.width * opened.height > MOST_PIXELS:
            raise DomainError(_("This mask has too many pixels."))
        grey = opened.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DomainError(_("This file is not a PNG image.")) from error
    if abs(grey.width * source.rows - grey.height * source.columns) > max(
        source.rows, source.columns
    ):
        raise DomainError(
            _("The mask is %(mask)s px, which has not the shape of the image (%(image)s px).")
            % {
                "mask": f"{grey.width} × {grey.height}",
                "image": f"{source.columns} × {source.rows}",
            }
        )
    image = grey.resize(working_size(source, SIDE), Image.Resampling.NEAREST)
    image = image.point(lambda value: 255 if value > 127 else 0)
    if not 0 < share(image) < 1:
        raise DomainError(_("A mask must cover a part of the image, not nothing and not all."))
    return _kept(
        actor, source, image, kind=Mask.Kind.UPLOADED, recipe={}, label=label or _("uploaded")
    )


def _kept(
    actor: Any, source: Radiograph, image: Image.Image, *, kind: str, recipe: Any, label: str
) -> Mask:
    png = encode(image, "PNG")
    mask, _created = Mask.objects.get_or_create(
        source=source,
        sha256=sha256(png),
        defaults={
            "label": label[:100],
            "kind": kind,
            "recipe": recipe,
            "area": share(image),
            "file": store(folder="masks", data=png, suffix=".png"),
            "created_by": actor,
        },
    )
    return mask
