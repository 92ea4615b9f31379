"""One job, once: claim it, ask the backend, check what came, store it."""

import io
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _
from PIL import Image

from generation import jobs
from generation.backends import registry
from generation.backends.base import (
    BackendError,
    Cancelled,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    Misconfigured,
    Operation,
    Refused,
    TransientError,
    Unsupported,
)
from generation.models import Campaign, GenerationJob, Output, State
from radrate.images.models import Origin
from radrate.images.services import SUFFIXES, store_generated

logger = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 1.0
FORMATS = ("PNG", "JPEG", "WEBP")


class BadImage(Exception):
    """What a backend gave is not the image that was asked for."""


class JobContext:
    """Lent to the backend: stores progress at most once a second, which also renews the lease."""

    def __init__(self, job: GenerationJob, *, lease_s: float) -> None:
        self._job = job
        self._lease_s = lease_s
        self._fraction = 0.0
        self._reported_at = time.monotonic()

    def progress(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
        self._fraction = max(self._fraction, min(1.0, fraction))
        now = time.monotonic()
        if now - self._reported_at >= PROGRESS_INTERVAL_S:
            self._reported_at = now
            jobs.report(self._job, fraction=self._fraction, lease_s=self._lease_s)

    def raise_if_cancelled(self) -> None:
        jobs.raise_if_cancelled(self._job)


def run(job_id: UUID) -> None:
    """Run a due job to its outcome. Harmless when it is not due, taken, ended or gone."""
    alias = _alias(job_id)
    lease_s = _lease_seconds(alias)
    job = jobs.claim(job_id, lease_s=lease_s)
    if job is None:
        return
    try:
        _run(job, lease_s=lease_s)
    except jobs.LeaseLost:
        logger.info("job %s was taken over or ended by another", job_id)


def _alias(job_id: UUID) -> str:
    campaign = Campaign.objects.filter(jobs=job_id)
    return campaign.values_list("backend", flat=True).first() or ""


def _lease_seconds(alias: str) -> float:
    try:
        return registry.lease_seconds(alias)
    except Misconfigured:
        return registry.LEASE_SECONDS


def _run(job: GenerationJob, *, lease_s: float) -> None:
    """Turn whatever the backend answers or raises into the job's outcome.

    Only without the database there is none to write: then the lease runs out and the sweep decides.
    """
    outputs = jobs.open_outputs(job)
    if not outputs:
        jobs.end(job)
        return
    try:
        result = _generate_and_store(job, outputs, lease_s=lease_s)
    except (jobs.LeaseLost, OperationalError, InterfaceError):
        raise
    except Cancelled as error:
        jobs.end(job, State.CANCELLED, code=error.reason_code)
    except Refused as error:
        _end_with(job, State.REFUSED, error)
    except Unsupported as error:
        _end_with(job, State.UNSUPPORTED, error)
    except TransientError as error:
        _postpone(job, error)
    except BackendError as error:
        _end_with(job, State.FAILED, error)
    except Exception as error:
        logger.exception("job %s failed", job.pk)
        name = type(error).__name__
        jobs.end(job, State.FAILED, code=name, reason=f"{name}: {error}")
    else:
        jobs.end(job, seconds=result.seconds)


def _generate_and_store(
    job: GenerationJob, outputs: list[Output], *, lease_s: float
) -> GenerationResult:
    """Ask the backend for what is missing, and give each output its outcome in a transaction."""
    request = _request(job, outputs)
    backend = registry.get_backend(job.campaign.backend)
    result = backend.run(request, JobContext(job, lease_s=lease_s))
    for generated in sorted(result.images, key=lambda image: image.index):
        output = outputs[generated.index]
        try:
            with transaction.atomic():
                jobs.hold(job, lease_s=lease_s)
                _store(job, output, generated, request, result)
        except OSError as error:
            raise TransientError(_("The image could not be stored: %s") % error) from error
    return result


def _end_with(job: GenerationJob, state: State, error: BackendError) -> None:
    jobs.end(job, state, code=error.reason_code, reason=error.public_message)


def _postpone(job: GenerationJob, error: TransientError) -> None:
    """Try again later, until it has been tried too often."""
    if job.attempts >= jobs.MAX_ATTEMPTS:
        reason = _("Tried %(times)s times; the last time: %(reason)s") % {
            "times": job.attempts,
            "reason": error.public_message,
        }
        jobs.end(job, State.FAILED, code=error.reason_code, reason=reason)
        return
    delay = jobs.retry_delay(job.attempts, error.retry_after)
    jobs.postpone(job, delay_s=delay, code=error.reason_code, reason=error.public_message)


def _request(job: GenerationJob, outputs: list[Output]) -> GenerationRequest:
    """Ask only for outputs without an outcome. The same outputs give the same request id."""
    indices = ".".join(str(output.index) for output in outputs)
    return GenerationRequest(
        request_id=f"{job.pk}.{indices}",
        operation=Operation(job.campaign.operation),
        prompt=job.prompt,
        n=len(outputs),
        width=job.campaign.width,
        height=job.campaign.height,
        seeds=tuple(output.seed for output in outputs),
        params=job.params,
    )


def _store(
    job: GenerationJob,
    output: Output,
    generated: GeneratedImage,
    request: GenerationRequest,
    result: GenerationResult,
) -> None:
    if generated.refusal is not None:
        refusal = generated.refusal
        jobs.end_output(output, State.REFUSED, code=refusal.code, reason=refusal.message)
        return
    try:
        image = checked(generated, width=request.width, height=request.height)
    except BadImage as error:
        jobs.end_output(output, State.FAILED, code="bad_image", reason=str(error))
        return
    radiograph = store_generated(
        batch=job.campaign.batch,
        origin=Origin.SIMULATED if generated.simulated else Origin.SYNTHETIC,
        name=f"{job.pk}-{output.index}",
        image=image,
        raw=generated.raw,
        media_type=generated.media_type,
        anatomy=asdict(generated.anatomy),
        provenance=provenance(job, generated, request, result),
    )
    jobs.end_output(output, State.SUCCEEDED, radiograph=radiograph)


def checked(generated: GeneratedImage, *, width: int, height: int) -> Image.Image:
    """The decoded image, of the size that was asked for. Raises BadImage."""
    file = None if generated.raw is None else _opened(generated.raw, generated.media_type)
    images = [image for image in (generated.image, file) if image is not None]
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


def provenance(
    job: GenerationJob,
    generated: GeneratedImage,
    request: GenerationRequest,
    result: GenerationResult,
) -> dict[str, object]:
    """How these pixels came to be, as plain JSON. `seconds` is of the whole request of n images."""
    record = {
        "backend": job.campaign.backend,
        "backend_version": result.backend_version,
        "model": result.model,
        "operation": job.campaign.operation,
        "prompt": job.prompt,
        "revised_prompt": generated.revised_prompt,
        "seed": generated.seed,
        "params": job.params,
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
    plain: dict[str, object] = json.loads(json.dumps(record, default=_plain))
    return plain


def _plain(value: object) -> object:
    """JSON for what backends put into metadata: mappings as objects, the rest as words."""
    return dict(value) if isinstance(value, Mapping) else str(value)
