"""What must hold when the dust has settled, whatever has failed before."""

import hashlib
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
from django.db.models import Count, Q
from django.db.models.fields.files import FieldFile
from PIL import Image

from generation.backends import registry
from generation.models import Campaign, Output, State
from radrate.images.decoding.encode import pixel_hash
from radrate.images.models import Batch, Radiograph
from tests.faults.stand import Stand

TERMINAL = (State.SUCCEEDED, State.REFUSED, State.UNSUPPORTED, State.FAILED, State.CANCELLED)
COUNTED = {
    "made": State.SUCCEEDED,
    "refused": State.REFUSED,
    "unsupported": State.UNSUPPORTED,
    "failed": State.FAILED,
}


def violations(stand: Stand, *, crashes: int = 0) -> list[str]:
    """Everything of all campaigns that is not as it must be, in words; empty when all is well.

    `crashes` is how many processes or servers were lost while they worked on a job: each may have
    cost the calls of the job that was in hand.
    """
    found: list[str] = []
    for campaign in Campaign.objects.select_related("batch"):
        found += _of_campaign(campaign)
        found += _of_images(campaign)
        found += _of_calls(campaign, stand, crashes)
    return [*found, *_of_files(stand)]


def _of_campaign(campaign: Campaign) -> Iterator[str]:
    """Every job and output in one terminal state, the counts complete, the campaign ended."""
    batch, outputs = campaign.batch, Output.objects.filter(job__campaign=campaign)
    if campaign.state not in (Campaign.State.FINISHED, Campaign.State.CANCELLED):
        yield f"{campaign} is {campaign.state}"
    if campaign.finished_at is None or batch.finished_at is None:
        yield f"{campaign} has no end"
    for job in campaign.jobs.exclude(state__in=TERMINAL):
        yield f"job {job.pk} is {job.state}"
    for job in campaign.jobs.filter(Q(lease__isnull=False) | Q(finished_at__isnull=True)):
        if job.state != State.CANCELLED or job.lease:
            yield f"job {job.pk} ended as {job.state} with lease {job.lease}, {job.finished_at}"
    for output in outputs.exclude(state__in=TERMINAL):
        yield f"output {output} is {output.state}"
    for output in outputs.filter(state=State.FAILED, reason=""):
        yield f"output {output} failed without a reason"
    if outputs.count() != batch.requested:
        yield f"{outputs.count()} outputs of {batch.requested} requested"
    for name, state in COUNTED.items():
        if getattr(batch, name) != outputs.filter(state=state).count():
            yield f"the batch counts {getattr(batch, name)} {name}"
    expected = Batch.State.CANCELLED if campaign.state == "cancelled" else Batch.State.FINISHED
    if batch.state != expected:
        yield f"the batch is {batch.state}"


def _of_images(campaign: Campaign) -> Iterator[str]:
    """At most one image a (job, index), and none that is nobody's; files as their rows say."""
    made = Output.objects.filter(job__campaign=campaign, state=State.SUCCEEDED)
    images = Radiograph.objects.filter(batch=campaign.batch_id)
    if images.count() != made.count():
        yield f"{images.count()} images for {made.count()} outputs"
    twice = images.values("source_name").annotate(times=Count("pk")).filter(times__gt=1)
    for row in twice:
        yield f"{row['source_name']} is there {row['times']} times"
    for output in made.select_related("radiograph"):
        radiograph = output.radiograph
        if radiograph.source_name != f"{output.job_id}-{output.index}":
            yield f"{output} has the image of {radiograph.source_name}"
        yield from _of_radiograph(radiograph)


def _of_radiograph(radiograph: Radiograph) -> Iterator[str]:
    try:
        original, pixels = _bytes(radiograph.original), _bytes(radiograph.pixels)
        _bytes(radiograph.thumbnail)
    except OSError as error:
        yield f"a file of {radiograph.source_name} is missing: {error}"
        return
    if hashlib.sha256(original).hexdigest() != radiograph.sha256:
        yield f"the file of {radiograph.source_name} is not what its row says"
    if pixel_hash(np.asarray(Image.open(io.BytesIO(pixels)))) != radiograph.pixel_hash:
        yield f"the pixels of {radiograph.source_name} are not what their row says"


def _bytes(file: FieldFile) -> bytes:
    with file.open("rb") as stream:
        data: bytes = stream.read()
    return data


def _of_calls(campaign: Campaign, stand: Stand, crashes: int) -> Iterator[str]:
    """No more asked of the backend than was planned, a job in hand for each crash apart, and
    nothing that was asked for beyond the budget."""
    asked = dict(campaign.jobs.values_list("pk", "asked"))
    planned, most = sum(asked.values()), max(asked.values())
    billed = images_billed(campaign, stand)
    if billed > planned + crashes * most:
        yield f"{billed} images asked for, {planned} planned, {crashes} crashes of up to {most}"
    cost = registry.limits(campaign.backend).cost_per_image * billed
    if cost > campaign.spent:
        yield f"{cost} of costs, {campaign.spent} reckoned"
    if campaign.budget is not None and max(campaign.spent, Decimal(cost)) > campaign.budget:
        yield f"the budget of {campaign.budget} was passed: {campaign.spent}, {cost}"


def images_billed(campaign: Campaign, stand: Stand) -> int:
    """Images asked of the backend, but for those that it declined to make."""
    ids = {str(pk) for pk in campaign.jobs.values_list("pk", flat=True)}
    return sum(
        (line["n"] if what == "called" else -line["n"])
        for what in ("called", "declined")
        for line in stand.calls(what)
        if line["job"] in ids
    )


def _of_files(stand: Stand) -> Iterator[str]:
    """Whatever lies there is whole, its name the digest of its bytes, or is called partial."""
    for path in _files(stand.media):
        if path.suffix != ".partial" and hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
            yield f"{path.relative_to(stand.media)} is not what its name says"


def orphans(stand: Stand) -> int:
    """Files that no row names: what was written before a crash that came before the commit."""
    named: set[str] = set()
    for radiograph in Radiograph.objects.all():
        named |= {radiograph.original.name, radiograph.pixels.name, radiograph.thumbnail.name}
    files = {str(path.relative_to(stand.media)) for path in _files(stand.media)}
    return len(files - named)


def _files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()] if media.exists() else []
