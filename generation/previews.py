"""A source as a line of a plan would edit it, small: for the form, before anything is written."""

import numpy as np
from PIL import Image

from generation.backends.editing import Box
from generation.masks import drawn
from generation.models import GenerationJob, Mask
from generation.pictures import boxed, outlined
from generation.requesting import mask_image, working_of
from generation.sources import working_copy
from generation.targets import Target
from radrate.images.models import Radiograph
from radrate.images.rasters import encode

SIDE = 320


def previewed(source: Radiograph, target: Target) -> bytes:
    """PNG of at most about 320 px: the erased area outlined, or the source on its canvas. Raises
    DomainError for what cannot be drawn."""
    if target.extends:
        return encode(_extended(source, target), "PNG")
    image = working_copy(source, SIDE).image
    return encode(outlined(image, np.asarray(_mask(source, target, image.size)) > 127), "PNG")


def pictured(job: GenerationJob) -> bytes:
    """The same for a job, as PNG."""
    return encode(source_picture(job, SIDE), "PNG")


def source_picture(job: GenerationJob, side: int) -> Image.Image:
    """A job's source within `side` px: what was erased outlined, or boxed on the canvas; as it is
    where neither is known."""
    image = canvas_of(job)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    if job.mask is not None:
        return outlined(image, np.asarray(mask_image(job.mask, image.size)) > 127)
    if any(job.margins):
        return boxed(image, source_on(job, image.width / job.width))
    return image.convert("RGB")


def source_on(job: GenerationJob, scale: float) -> Box:
    """Where the source lies on the job's canvas, scaled: left, top, right, bottom in px."""
    left, top, right, bottom = job.margins
    edges = (left, top, job.width - right, job.height - bottom)
    return tuple(round(edge * scale) for edge in edges)


def canvas_of(job: GenerationJob) -> Image.Image:
    """The source on the canvas of the job's results; what was added is dark grey."""
    working = working_of(job)
    if working is not None and not any(job.margins):
        return working.image.copy()
    canvas = Image.new("L", (job.width, job.height), 40)
    if working is not None:
        canvas.paste(working.image, tuple(job.margins[:2]))
    return canvas


def _mask(source: Radiograph, target: Target, size: tuple[int, int]) -> Image.Image:
    if target.mask is None:
        return drawn(target.recipe, size, body_part_examined=source.body_part_examined)
    mask = Mask.objects.filter(pk=target.mask, source=source).first()
    if mask is None:
        return Image.new("L", size)
    return mask_image(mask, size)


def _extended(source: Radiograph, target: Target) -> Image.Image:
    left, top, right, bottom = target.margins
    shrunk = SIDE / (1 + max(left + right, top + bottom))
    image = working_copy(source, max(16, round(shrunk))).image
    corner = round(left * image.width), round(top * image.height)
    size = (
        image.width + corner[0] + round(right * image.width),
        image.height + corner[1] + round(bottom * image.height),
    )
    canvas = Image.new("L", size, 40)
    canvas.paste(image, corner)
    return boxed(canvas, (*corner, corner[0] + image.width, corner[1] + image.height))
