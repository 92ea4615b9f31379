"""From plans to rows: what every place of a study is to read, streamed into Postgres."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from django.db import connection
from django.utils.translation import gettext as _

from radrate.errors import DomainError
from radrate.studies.allocation import PhasePlan, Place, PlannedCase, Problem, plan, problems
from radrate.studies.models import Assignment, CaseImage, Phase, ReaderStudy, StudyReader, new_token

COLUMNS = (
    "study_reader_id",
    "case_id",
    "position",
    "block",
    "session",
    "occurrence",
    "layout",
    "token",
)
COPY = f"COPY {Assignment._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN"
MESSAGES = {
    "too_many_anchors": lambda: _("no more than %(limit)d cases can be read by everyone"),
    "too_many_repeats": lambda: _("no more than %(limit)d cases can be repeated"),
    "lag_too_short": lambda: _("a repeat comes %(limit)d case later at the earliest"),
    "lag_too_long": lambda: _("a repeat can be no more than %(limit)d cases away"),
    "too_many_in_second_session": lambda: _("the second session has no more than %(limit)d cases"),
    "too_many_catch_trials": lambda: _("no more than %(limit)d catch trials can be spread"),
    "nothing_to_read": lambda: _("a reader has to read at least %(limit)d case"),
}


def phase_plan(phase: Phase) -> PhasePlan:
    """A phase as allocation takes it. An arm is what the images under test of a case have in
    common: for a preference the two that are compared."""
    arms: dict[int, list[int | None]] = {}
    images = CaseImage.objects.filter(case__phase=phase).order_by("number")
    for case, arm in images.values_list("case__number", "arm_id"):
        arms.setdefault(case, []).append(arm)
    cases = phase.cases.order_by("number").values_list("number", "kind", "body_part_examined")
    return PhasePlan(
        number=phase.position,
        cases=tuple(
            PlannedCase(number, kind, tuple(arms.get(number, ())), body_part)
            for number, kind, body_part in cases
        ),
        images=phase.images,
        block_size=phase.study.block_size,
        kind=phase.allocation,
        anchors=phase.anchors,
        cases_per_reader=phase.cases_per_reader,
        repeats=phase.repeats,
        minimum_lag=phase.minimum_lag,
        sessions=phase.sessions,
    )


def phase_plans(study: ReaderStudy) -> list[PhasePlan]:
    return [phase_plan(phase) for phase in study.phases.select_related("study")]


def check(study: ReaderStudy) -> None:
    """Raise DomainError if a phase cannot be allocated as it is set, and say what would do."""
    for one in phase_plans(study):
        for problem in problems(one):
            where = {"phase": one.number, "problem": told(problem)}
            raise DomainError(_("Phase %(phase)d: %(problem)s.") % where)


def told(problem: Problem) -> str:
    return MESSAGES[problem.code]() % {"limit": problem.limit}


def fill(study: ReaderStudy) -> None:
    """Make the empty places, spare ones included, and allocate all.

    The study then knows how many places were planned together; every later one goes on from there.
    """
    taken = set(study.readers.values_list("slot", flat=True))
    study.planned_readers = max(study.planned_readers, max(taken, default=-1) + 1)
    study.save(update_fields=["planned_readers"])
    places = range(study.planned_readers + study.spare_readers)
    StudyReader.objects.bulk_create(
        StudyReader(study=study, slot=slot, joined_at=None) for slot in places if slot not in taken
    )
    readers = study.readers.order_by("slot").values_list("pk", flat=True)
    plans = plan(phases=phase_plans(study), seed=study.seed, planned=study.planned_readers)
    store(zip(readers, plans, strict=False), _case_keys(study))


def allocate(reader: StudyReader) -> None:
    """What one more place is to read, in a study that is locked."""
    study = reader.study
    plans = plan(phases=phase_plans(study), seed=study.seed, planned=study.planned_readers)
    places = next(islice(plans, reader.slot, None))
    store([(reader.pk, places)], _case_keys(study))


def store(plans: Iterable[tuple[int, Sequence[Place]]], case_of: Mapping[int, int]) -> None:
    """Write the places of each (reader, places) by COPY, one reader in memory at a time.

    `case_of` gives the primary key of each case number.
    """
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for reader, places in plans:
            for number, *place in places:
                copy.write_row((reader, case_of[number], *place, new_token()))


def _case_keys(study: ReaderStudy) -> dict[int, int]:
    return dict(study.cases.values_list("number", "pk"))
