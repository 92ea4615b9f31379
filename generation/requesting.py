"""From a job's row to the request that its backend gets."""

import io
from collections.abc import Sequence

from PIL import Image

from generation.backends.base import Anatomy, GenerationRequest, Operation
from generation.models import GenerationJob, Mask, Output
from generation.sources import Working, anatomy_of, working_copy


def request_of(job: GenerationJob, outputs: Sequence[Output]) -> GenerationRequest:
    """Ask only for outputs without an outcome. The same outputs give the same request id."""
    indices = ".".join(str(output.index) for output in outputs)
    working = working_of(job)
    return GenerationRequest(
        request_id=f"{job.pk}.{indices}",
        operation=Operation(job.campaign.operation),
        prompt=job.prompt,
        n=len(outputs),
        width=job.width,
        height=job.height,
        seeds=tuple(output.seed for output in outputs),
        negative_prompt=job.campaign.negative_prompt,
        image=working and working.image,
        mask=mask_image(job.mask, (job.width, job.height)) if job.mask else None,
        margins=tuple(job.margins),
        anatomy=anatomy_of(job.source) if job.source else Anatomy(),
        pixel_spacing=working and working.pixel_spacing,
        params={**job.campaign.parameters, **job.params},
    )


def working_of(job: GenerationJob) -> Working | None:
    """The copy of the source that is edited; its size is the job's without the margins."""
    if job.source is None:
        return None
    left, top, right, bottom = job.margins
    return working_copy(job.source, max(job.width - left - right, job.height - top - bottom))


def mask_image(mask: Mask, size: tuple[int, int]) -> Image.Image:
    with mask.file.open("rb") as file:
        image = Image.open(io.BytesIO(file.read()), formats=["PNG"]).convert("L")
    return image if image.size == size else image.resize(size, Image.Resampling.NEAREST)
