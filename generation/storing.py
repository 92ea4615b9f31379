"""What a backend gave, checked and stored: the image, what it came from, and how it came to be."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _
from PIL import Image

from generation import jobs
from generation.backends.base import (
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    Operation,
    Step,
)
from generation.backends.editing import distances, mask_of, source_box
from generation.models import Candidate, GenerationJob, Output, State
from generation.regions import region_of
from radrate.images.decoding.encode import pixel_hash
from radrate.images.models import Origin, Radiograph
from radrate.images.rasters import encode
from radrate.images.services import SUFFIXES, store_generated
from radrate.images.storage import store

FORMATS = ("PNG", "JPEG", "WEBP")


class BadImage(Exception):
    """What a backend gave is not the image that was asked for."""

    def __init__(self, reason: str, *, code: str = "bad_image") -> None:
        super().__init__(reason)
        self.code = code


def store_output(
    job: GenerationJob,
    output: Output,
    generated: GeneratedImage,
    request: GenerationRequest,
    result: GenerationResult,
) -> None:
    """Give one output its outcome, with the image if there is one. Within a transaction."""
    _store_candidates(output, generated.steps)
    if generated.refusal is not None:
        refusal = generated.refusal
        categories = list(refusal.categories)
        jobs.end_output(
            output,
            State.REFUSED,
            code=refusal.code,
            reason=refusal.message,
            categories=categories,
        )
        return
    if generated.unsupported:
        jobs.end_output(output, State.UNSUPPORTED, code="unsupported", reason=generated.unsupported)
        return
    try:
        image = checked(generated, request)
        _check_new(job, image)
    except BadImage as error:
        jobs.end_output(output, State.FAILED, code=error.code, reason=str(error))
        return
    guides = _guides(generated.guides)
    radiograph = store_generated(
        batch=job.campaign.batch,
        origin=Origin.SIMULATED if generated.simulated else Origin.SYNTHETIC,
        name=f"{job.pk}-{output.index}",
        image=image,
        raw=generated.raw,
        media_type=generated.media_type,
        anatomy=_anatomy(generated, request),
        provenance=provenance(job, generated, request, result),
        source=job.source,
        guides=guides,
        pixel_spacing=request.pixel_spacing,
        edited_region=region_of(generated, request),
        **credits_of([*filter(None, [job.source]), *guides]),
    )
    jobs.end_output(output, State.SUCCEEDED, radiograph=radiograph, distance=_distance(request))


def _anatomy(generated: GeneratedImage, request: GenerationRequest) -> dict[str, str]:
    """What the backend says that the image shows; of an edit, else what its source shows. Whether a
    finding is still there after an edit is not known."""
    anatomy = asdict(generated.anatomy)
    if request.image is None or anatomy["body_part_examined"]:
        return anatomy
    return {**asdict(request.anatomy), "finding": anatomy["finding"]}


def _guides(ids: Iterable[str]) -> list[Radiograph]:
    return list(Radiograph.objects.filter(pk__in=[UUID(pk) for pk in ids]).order_by("pk"))


def credits_of(used: Iterable[Any]) -> dict[str, str]:
    """The licences and attributions of everything that an image is a derivative of, in one line
    each; whatever has the two attributes may be used."""
    return {
        name: "; ".join(dict.fromkeys(filter(None, (getattr(one, name) for one in used))))
        for name in ("licence", "attribution")
    }


def _distance(request: GenerationRequest) -> str:
    """Of an edit, a 16-bit PNG of each pixel's distance to the source in px; its stored name."""
    if request.image is None:
        return ""
    grey = Image.fromarray(distances(mask_of(request)).astype(np.uint16))
    return store(folder="distances", data=encode(grey, "PNG"), suffix=".png")


def _store_candidates(output: Output, steps: Sequence[Step]) -> None:
    Candidate.objects.bulk_create(
        Candidate(
            output=output,
            step=number,
            number=index,
            box=list(step.box),
            score=step.scores[index],
            chosen=index == step.chosen,
            file=store(
                folder="candidates",
                data=encode(candidate.convert("L"), "PNG"),
                suffix=".png",
            ),
        )
        for number, step in enumerate(steps)
        for index, candidate in enumerate(step.candidates)
    )


def checked(generated: GeneratedImage, request: GenerationRequest) -> Image.Image:
    """The decoded image, of the size that was asked for. Raises BadImage.

    The file behind an edit is what the provider gave before it was composed, of any size.
    """
    file = None if generated.raw is None else _opened(generated.raw, generated.media_type)
    edited = request.operation is not Operation.TEXT_TO_IMAGE
    images = [image for image in (generated.image, None if edited else file) if image is not None]
    width, height = request.width, request.height
    if not images:
        raise BadImage(_("The backend gave no image."))
    for image in images:
        if image.size != (width, height):
            raise BadImage(
                _("The image has %(columns)s × %(rows)s px instead of %(width)s × %(height)s.")
                % {"columns": image.width, "rows": image.height, "width": width, "height": height}
            )
        _decode(image)
    return images[0]


def _opened(raw: bytes, media_type: str) -> Image.Image:
    """Open a file by its header: nothing is decoded before the size is known to be right."""
    if media_type not in SUFFIXES:
        raise BadImage(_("%s is not a kind of image that is kept.") % media_type)
    try:
        image = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadImage(_("The file is not a PNG, JPEG or WebP image.")) from error
    if image.get_format_mimetype() != media_type:
        raise BadImage(_("The file is not the %s that it claims to be.") % media_type)
    return image


def _decode(image: Image.Image) -> None:
    try:
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise BadImage(_("The image cannot be decoded: %s") % error) from error


def _check_new(job: GenerationJob, image: Image.Image) -> None:
    """Raise BadImage for pixels that another sample of the job has: they are no further sample."""
    if job.n == 1:
        return
    digest = pixel_hash(np.asarray(image.convert("L")))
    if job.outputs.filter(radiograph__pixel_hash=digest).exists():
        raise BadImage(
            _("The backend gave the same image as for another sample."), code="duplicate_image"
        )


def provenance(
    job: GenerationJob,
    generated: GeneratedImage,
    request: GenerationRequest,
    result: GenerationResult,
) -> dict[str, object]:
    """How these pixels came to be, as plain JSON. `seconds` is of the whole request of n images."""
    record: dict[str, object] = {
        "backend": job.campaign.backend,
        "backend_version": result.backend_version,
        "model": result.model,
        "operation": job.campaign.operation,
        "prompt": job.prompt,
        "revised_prompt": generated.revised_prompt,
        "seed": generated.seed,
        "negative_prompt": request.negative_prompt,
        "params": request.params,
        "width": request.width,
        "height": request.height,
        "request_id": request.request_id,
        "provider_request_id": result.provider_request_id,
        "n": request.n,
        "seconds": result.seconds,
        "usage": result.usage,
        "metadata": generated.metadata,
        "campaign": job.campaign_id,
        "job": job.pk,
    }
    if job.source is not None:
        record["source"] = {"id": job.source_id, "sha256": job.source.sha256}
        record["guides"] = list(generated.guides)
        record["margins"] = job.margins
        record["source_box"] = source_box(request)
    if job.mask is not None:
        mask = {"id": job.mask_id, "sha256": job.mask.sha256, "label": job.mask.label}
        record["mask"] = mask
    plain: dict[str, object] = json.loads(json.dumps(record, default=_plain))
    return plain


def _plain(value: object) -> object:
    """JSON for what backends put into metadata: mappings as objects, the rest as words."""
    return dict(value) if isinstance(value, Mapping) else str(value)
