"""New drafts: from a design, from a published study, or from parts of another study."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from radrate.accounts.models import User
from radrate.audit.services import record
from radrate.errors import NotAllowed
from radrate.images.models import Batch
from radrate.images.queries import campaigns_read_blind
from radrate.studies import designing
from radrate.studies.models import Arm, Phase, ReaderStudy
from radrate.studies.outline import places
from radrate.studies.protocol import SETTINGS
from radrate.studies.published import PhasePart, Published
from radrate.studies.rubrics.models import Rubric
from radrate.studies.rubrics.services import default_rubric, shipped_rubric
from radrate.studies.services import build_cases, create_study, draft

READERS = 3  # without a number of one's own
TEXTS = ("told", "consent")
PARTS = {
    "phases": gettext_lazy("Phases and settings"),
    "rubrics": gettext_lazy("Rubrics"),
    "campaigns": gettext_lazy("Campaigns"),
    "places": gettext_lazy("Places for readers"),
    "texts": gettext_lazy("What readers are told and agree to"),
}


@transaction.atomic
def begin(
    *,
    actor: User,
    name: str,
    task: str,
    batches: Sequence[Batch],
    design: str = "pair",
    published: Published | None = None,
    **settings: Any,
) -> ReaderStudy:
    """A draft with its cases: one phase of a design, or the phases of a published study."""
    parts = published.phases if published else (PhasePart(design, ""),)
    first, *more = [_options(part, task) for part in parts]
    study = create_study(actor=actor, name=name, task=task, batches=batches, **first, **settings)
    study.planned_readers = published.planned_readers if published else READERS
    study.save(update_fields=["planned_readers"])
    phases = [study.phases.get(), *(designing.add_phase(study=study, **each) for each in more)]
    for part, phase in zip(parts, phases, strict=True):
        if part.shows_again is not None:
            phase.same_images_as = phases[part.shows_again - 1]
            phase.save(update_fields=["same_images_as"])
    if more:
        build_cases(study=study)
    return study


def _options(part: PhasePart, task: str) -> dict[str, Any]:
    return {
        "design": part.design,
        "images": part.images,
        "title": str(part.title),
        "told": str(part.told),
        "rubric": _rubric(part.rubric, task),
        **part.options,
    }


def _rubric(name: str, task: str) -> Rubric:
    """Phantoms are never asked for realism, so there a study's own words are asked."""
    if not name or task != ReaderStudy.Task.WHICH_REAL:
        return default_rubric(task)
    return shipped_rubric(name)


@transaction.atomic
def copy_study(
    *, actor: User, source: ReaderStudy, name: str, parts: Collection[str]
) -> ReaderStudy:
    """A draft of one's own study's parts, with a seed of its own and none of its answers."""
    if source.manager_id != actor.pk:
        raise NotAllowed(_("Only the manager of a study copies it."))
    if "campaigns" in parts and campaigns_read_blind(actor).filter(pk__in=source.batches.all()):
        raise NotAllowed(_("Whoever reads images of a campaign blind cannot test it."))
    settings: dict[str, Any] = {"matching_rules": source.matching_rules}
    if "phases" in parts:
        settings["block_size"] = source.block_size
    if "places" in parts:
        settings |= {
            "planned_readers": places(source),
            "spare_readers": source.spare_readers,
        }
    study = draft(actor=actor, name=name, task=source.task, **settings)
    arms = _copied_arms(study, source) if "campaigns" in parts else {}
    _copy_phases(study, source, arms, parts)
    record(actor=actor, verb="copy", target=study, source=str(source.pk), parts=sorted(parts))
    build_cases(study=study)
    return study


def _copied_arms(study: ReaderStudy, source: ReaderStudy) -> Mapping[int, Arm]:
    """By the primary key of the arm that each is a copy of."""
    study.batches.set(source.batches.all())
    mine = {
        arm.pk: Arm(study=study, batch_id=arm.batch_id, label=arm.label)
        for arm in source.arms.order_by("pk")
    }
    Arm.objects.bulk_create(mine.values())
    return mine


def _copy_phases(
    study: ReaderStudy, source: ReaderStudy, arms: Mapping[int, Arm], parts: Collection[str]
) -> None:
    """Without its settings a phase has its design alone."""
    copies: dict[int, Phase] = {}
    for phase in source.phases.select_related("rubric").prefetch_related("arms"):
        names = set(SETTINGS) - set(TEXTS) - {"design", "images"} if "phases" in parts else set()
        names |= set(TEXTS) if "texts" in parts else set()
        copy = designing.add_phase(
            study=study,
            design=phase.design,
            images=phase.images,
            rubric=phase.rubric if "rubrics" in parts else None,
            **{each: getattr(phase, each) for each in names},
        )
        if "phases" in parts:
            copy.same_images_as = copies.get(phase.same_images_as_id or 0)
            copy.save(update_fields=["same_images_as"])
        copy.arms.set([arms[arm.pk] for arm in phase.arms.all() if arm.pk in arms])
        copies[phase.pk] = copy
