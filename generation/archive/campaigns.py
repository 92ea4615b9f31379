"""The campaigns that an archive becomes, all rows at once and all of them ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from generation.archive.manifest import Operation
from generation.archive.rows import Ended, JobRow, by_operation, job_rows, usual_size
from generation.models import ARCHIVE, Campaign, GenerationJob, Output, State
from generation.planning import ROWS_AT_ONCE
from radrate.audit.services import record
from radrate.images.importer import Stopped
from radrate.images.models import Batch, BatchExposure, Radiograph
from radrate.images.services import note_opened

COUNTED = {
    "made": State.SUCCEEDED,
    "refused": State.REFUSED,
    "unsupported": State.UNSUPPORTED,
    "failed": State.FAILED,
}


def write_campaigns(
    batch: Batch, ended: Sequence[Ended], *, found: Mapping[str, Radiograph]
) -> list[Campaign]:
    """One campaign an operation, within the caller's transaction; the first one has the batch that
    was imported. Without an image that was asked for there is none. Raises Stopped."""
    running = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING)
    groups = by_operation(ended)
    kind = Batch.Kind.CAMPAIGN if groups else Batch.Kind.IMPORT
    if not running.update(kind=kind, state=Batch.State.FINISHED, finished_at=timezone.now()):
        raise Stopped
    batch.refresh_from_db()
    several = len(groups) > 1
    campaigns = []
    for number, (operation, group) in enumerate(groups.items()):
        title = f"{batch.title} ({operation.label})" if several else batch.title
        own = batch if number == 0 else _sibling(batch, group)
        campaigns.append(_campaign(own, title[:200], operation, group, found, of=batch))
    return campaigns


def _sibling(batch: Batch, group: Iterable[Ended]) -> Batch:
    """A batch for another operation, with its images and with whoever opened the first one."""
    sibling = Batch.objects.create(
        kind=Batch.Kind.CAMPAIGN,
        state=Batch.State.FINISHED,
        reviewed=batch.reviewed,
        manifest=batch.manifest,
        created_by=batch.created_by,
        finished_at=batch.finished_at,
    )
    images = [one.image for one in group if one.image]
    batch.radiographs.filter(pk__in=images).update(batch=sibling)
    for exposure in BatchExposure.objects.filter(batch=batch).select_related("user"):
        note_opened(user=exposure.user, batch=sibling)
    return sibling


def _campaign(
    batch: Batch,
    title: str,
    operation: Operation,
    ended: Sequence[Ended],
    found: Mapping[str, Radiograph],
    *,
    of: Batch,
) -> Campaign:
    about = of.manifest["archive"]
    size = usual_size(ended) or (0, 0)
    campaign = Campaign.objects.create(
        title=title,
        backend=ARCHIVE,
        operation=operation,
        width=size[0],
        height=size[1],
        seed=0,
        parameters={
            "import": str(of.pk),
            "archive": about["name"],
            "sha256": about["sha256"],
            "models": sorted({one.entry.model for one in ended} - {""}),
        },
        state=Campaign.State.FINISHED,
        batch=batch,
        created_by=of.created_by,
        started_at=of.created_at,
        finished_at=of.finished_at,
    )
    _write_jobs(campaign, job_rows(ended, {name: one.pk for name, one in found.items()}), found)
    counts = {name: sum(one.state == state for one in ended) for name, state in COUNTED.items()}
    Batch.objects.filter(pk=batch.pk).update(title=title, requested=len(ended), **counts)
    record(actor=of.created_by, verb="finish", target=campaign, **counts)
    return campaign


def _write_jobs(
    campaign: Campaign, rows: Sequence[JobRow], found: Mapping[str, Radiograph]
) -> None:
    sources = {source.pk: source for source in found.values()}
    jobs = [
        _job(campaign, position, row, sources.get(row.source)) for position, row in enumerate(rows)
    ]
    GenerationJob.objects.bulk_create(jobs, batch_size=ROWS_AT_ONCE)
    outputs = [
        Output(job=job, index=index, **_outcome(one))
        for job, row in zip(jobs, rows, strict=True)
        for index, one in enumerate(row.ended)
    ]
    Output.objects.bulk_create(outputs, batch_size=ROWS_AT_ONCE)


def _job(
    campaign: Campaign, position: int, row: JobRow, source: Radiograph | None
) -> GenerationJob:
    """Its size is that of its images; of an edit of which none was made, that of its source."""
    of_source = source and (source.columns, source.rows)
    width, height = row.size or of_source or (campaign.width, campaign.height)
    decisive = row.decisive
    return GenerationJob(
        campaign=campaign,
        position=position,
        prompt=row.prompt,
        params=row.params,
        source=source,
        width=width,
        height=height,
        asked=len(row.ended),
        n=len(row.ended),
        state=decisive.state,
        progress=1,
        reason_code=decisive.code[:60],
        reason=decisive.reason,
        finished_at=campaign.finished_at,
    )


def _outcome(one: Ended) -> dict[str, Any]:
    refused = one.state == State.REFUSED
    return {
        "state": one.state,
        "seed": one.entry.seed,
        "radiograph_id": one.image,
        "reason_code": one.code[:60],
        "reason": one.reason,
        "categories": one.entry.categories if refused else [],
    }
