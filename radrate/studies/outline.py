"""A draft as its manager sees it: each phase with what was found for it, in constant queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from radrate.studies.allocation import PhasePlan, PlannedCase
from radrate.studies.design_words import NAMES
from radrate.studies.models import Arm, Case, Phase, ReaderStudy
from radrate.studies.rubrics.models import Criterion

SECONDS_A_CASE = 90


@dataclass(frozen=True, slots=True)
class Left:
    """Images under test of one kind that stand in no case; `reason` is a code of matching."""

    batch: object
    body_part_examined: str
    view_position: str
    reason: str
    count: int

    @property
    def what(self) -> str:
        return f"{self.body_part_examined} {self.view_position}".strip() or _("unknown")


@dataclass(frozen=True)
class Outline:
    """A phase with its numbers: `mains` cases, how many `readers` the study plans for."""

    phase: Phase
    arms: Sequence[Arm]
    left: Sequence[Left]
    readers: int

    @property
    def name(self) -> str:
        """Of the design, as it is offered."""
        return str(NAMES[self.phase.design])

    @property
    def mains(self) -> int:
        return self.phase.mains

    @cached_property
    def plan(self) -> PhasePlan:
        """As allocation takes it; of cases only their number."""
        phase = self.phase
        kinds = [Case.Kind.MAIN] * phase.mains + [Case.Kind.CATCH] * phase.catch_trials
        return PhasePlan(
            number=phase.position,
            cases=tuple(PlannedCase(n, kind) for n, kind in enumerate(kinds, start=1)),
            images=phase.images,
            block_size=phase.study.block_size,
            kind=phase.allocation,
            anchors=phase.anchors,
            cases_per_reader=phase.cases_per_reader,
            repeats=phase.repeats,
            minimum_lag=phase.minimum_lag,
            sessions=phase.sessions,
        )

    @property
    def load(self) -> int:
        """Different cases that a reader reads."""
        return self.plan.load

    @property
    def minutes(self) -> int:
        """Of a reader's first session, the longer one."""
        shown = self.load + self.phase.repeats + self.phase.catch_trials + self.phase.examples
        return round(shown * SECONDS_A_CASE / 60)

    @property
    def left_count(self) -> int:
        return sum(row.count for row in self.left)

    @property
    def asked(self) -> list[Criterion]:
        """The scores of the rubric and the questions of the design."""
        verdict = self.phase.verdict
        return [*self.phase.rubric.criteria.all(), *(verdict.criteria.all() if verdict else ())]

    @property
    def allocation(self) -> str:
        """Who reads what, in one sentence."""
        return sentence(self)


def outlines(study: ReaderStudy) -> list[Outline]:
    is_kind = {kind: Q(cases__kind=kind) for kind in Case.Kind.values}
    phases = (
        study.phases.select_related("rubric", "verdict", "same_images_as")
        .prefetch_related(
            "rubric__criteria", "verdict__criteria", Prefetch("arms", Arm.objects.order_by("pk"))
        )
        .annotate(
            mains=Count("cases", filter=is_kind["main"]),
            examples=Count("cases", filter=is_kind["training"]),
        )
    )
    every = list(study.arms.order_by("pk"))
    left = left_out(study)
    readers = places(study)
    found = []
    for phase in phases:
        phase.study = study
        arms = list(phase.arms.all()) or every
        batches = {arm.batch_id for arm in arms}
        mine = [row for row in left if row.batch in batches and not phase.same_images_as]
        found.append(Outline(phase, arms, mine, readers))
    return found


def left_out(study: ReaderStudy) -> list[Left]:
    names = ("radiograph__batch", "radiograph__body_part_examined", "radiograph__view_position")
    rows = study.unmatched.values_list(*names, "reason").annotate(n=Count("pk"))
    return [Left(*row) for row in rows.order_by(*names[1:], "reason")]


def places(study: ReaderStudy) -> int:
    """For readers, spare ones not counted."""
    return max(study.planned_readers, study.readers.count())


def sentence(outline: Outline) -> str:
    phase, load = outline.phase, outline.load
    words = {"all": outline.mains, "n": load, "shared": outline.plan.shared}
    if not outline.mains:
        return _("There is nothing to read yet.")
    if load == outline.mains and phase.allocation != Phase.Allocation.BLOCKS:
        said = ngettext(
            "Every reader reads the one case", "Every reader reads all %(n)d cases", load
        )
    elif phase.allocation == Phase.Allocation.BLOCKS:
        said = _("Each reader reads %(n)d of %(all)d cases, %(shared)d of them read by everyone")
    else:
        said = _("Each reader reads %(n)d of %(all)d cases")
    parts = [said % words, *_again(phase)]
    minutes = ngettext("about %(n)d minute", "about %(n)d minutes", outline.minutes)
    return ", ".join([*parts, minutes % {"n": outline.minutes}]) + "."


def _again(phase: Phase) -> list[str]:
    parts = []
    if phase.repeats:
        told = ngettext("%(n)d shown twice", "%(n)d shown twice", phase.repeats)
        parts.append(told % {"n": phase.repeats})
    if phase.sessions == 2:
        parts.append(_("all once more after %(days)d days") % {"days": phase.washout_days})
    return parts


def by_reason(left: Sequence[Left]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in left:
        counts[row.reason] += row.count
    return counts
