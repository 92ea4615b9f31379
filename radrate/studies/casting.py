"""Which images make the cases of a phase, by its design."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from radrate.images.models import Radiograph
from radrate.studies import queries
from radrate.studies.matching import SHARES_A_SUBJECT, match
from radrate.studies.models import Arm, Case, CaseImage, Phase, ReaderStudy, Unmatched

Design = Phase.Design
Cast = tuple[Sequence[tuple[UUID, ...]], Mapping[UUID, str]]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a phase may choose from; `seed` is the phase's own."""

    phase: Phase
    candidates: QuerySet[Radiograph]
    references: QuerySet[Radiograph]
    seed: int


def _pairs(sought: Sought) -> Cast:
    matching = match(
        candidates=queries.items(sought.candidates),
        references=queries.items(sought.references),
        rules=sought.phase.study.matching_rules,
        seed=sought.seed,
    )
    return [(reference, candidate) for candidate, reference in matching.pairs], matching.unmatched


def _edits(sought: Sought) -> Cast:
    """Images of which it is known where they were changed, each person and source once."""
    taken: set[UUID | str] = set()
    kept: list[tuple[UUID]] = []
    left: dict[UUID, str] = {}
    for one in queries.items(sought.candidates):
        family = one.kin | one.subjects
        if family & taken:
            left[one.id] = SHARES_A_SUBJECT
        else:
            kept.append((one.id,))
            taken |= family
    return kept, left


CASTS: dict[str, Callable[[Sought], Cast]] = {Design.PAIR: _pairs, Design.FIND_EDIT: _edits}


def proposed(phase: Phase) -> Cast:
    """The images of what could be the phase's cases, clear of its study's examples, and which
    candidates are left, with reasons."""
    study = phase.study
    examples = queries.training_items(study)
    candidates = queries.clear_of(queries.candidates(phase), examples)
    references = queries.clear_of(queries.references(study), examples)
    return CASTS[phase.design](Sought(phase, candidates, references, study.seed))


def cast(phase: Phase) -> None:
    """Make the cases of a phase anew, and note which candidates were left, with reasons."""
    study = phase.study
    sets, unmatched = proposed(phase)
    shown = {pk for images in sets for pk in images}
    loaded = {image.pk: image for image in Radiograph.objects.filter(pk__in=shown)}
    arms = {arm.batch_id: arm for arm in study.arms.all()}
    first = queries.next_case_number(study)
    cases = [
        _case(phase, number, images, loaded, arms) for number, images in enumerate(sets, first)
    ]
    Case.objects.bulk_create(cases)
    CaseImage.objects.bulk_create(
        _image(case, number, loaded[pk], arms)
        for case, images in zip(cases, sets, strict=True)
        for number, pk in enumerate(images, start=1)
    )
    Unmatched.objects.bulk_create(
        Unmatched(study=study, radiograph_id=pk, reason=reason) for pk, reason in unmatched.items()
    )


def _case(
    phase: Phase,
    number: int,
    images: Sequence[UUID],
    loaded: Mapping[UUID, Radiograph],
    arms: Mapping[UUID, Arm],
) -> Case:
    """The case's arm is that of its images under test, where they have one in common."""
    tested = [loaded[pk] for pk in images if is_tested(loaded[pk], phase.study)]
    found = {arms[image.batch_id] for image in tested}
    shown = (tested or [loaded[images[0]]])[0]
    return Case(
        study=phase.study,
        phase=phase,
        arm=found.pop() if len(found) == 1 else None,
        number=number,
        body_part_examined=shown.body_part_examined,
        view_position=shown.view_position,
    )


def _image(case: Case, number: int, image: Radiograph, arms: Mapping[UUID, Arm]) -> CaseImage:
    tested = is_tested(image, case.study)
    return CaseImage(
        case=case,
        number=number,
        radiograph=image,
        arm=arms[image.batch_id] if tested else None,
        is_reference=not tested,
    )


def is_tested(image: Radiograph, study: ReaderStudy) -> bool:
    return image.origin != study.reference_origin
