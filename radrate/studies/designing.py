"""The phases of a draft: what each asks, of which images, and what its readers are told."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from radrate.images.models import Batch
from radrate.studies.models import Arm, Phase, ReaderStudy
from radrate.studies.rubrics.models import Rubric
from radrate.studies.rubrics.services import default_rubric
from radrate.studies.verdicts import verdict_rubric

Design = Phase.Design
IMAGES: dict[str, int] = {Design.PAIR: 2, Design.PREFERENCE: 2, Design.MULTIPLE: 4}  # else 1


@transaction.atomic
def add_phase(
    *,
    study: ReaderStudy,
    design: str = "pair",
    rubric: Rubric | None = None,
    images: int | None = None,
    **options: Any,
) -> Phase:
    """Append a phase to a draft. `options` are fields of `Phase`."""
    last = study.phases.aggregate(last=Max("position"))["last"] or 0
    phase = Phase(
        study=study,
        position=last + 1,
        design=design,
        images=images or IMAGES.get(design, 1),
        rubric=rubric or default_rubric(study.task),
        **options,
    )
    set_verdict(phase)
    phase.save()
    return phase


def set_verdict(phase: Phase) -> None:
    """Give a phase the questions of its design."""
    phase.verdict = verdict_rubric(
        design=phase.design,
        task=phase.study.task,
        images=phase.images,
        offers_both=phase.offers_both,
        offers_unsure=phase.offers_unsure,
    )


def add_arms(study: ReaderStudy, batches: Collection[UUID]) -> None:
    """Campaigns as conditions of a study, the oldest first."""
    Arm.objects.bulk_create(
        Arm(study=study, batch=batch, label=batch.title)
        for batch in Batch.objects.filter(pk__in=batches).order_by("created_at")
    )
