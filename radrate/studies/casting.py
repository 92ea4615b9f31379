"""From images to the cases of a phase."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from radrate.images.models import Radiograph
from radrate.studies import queries
from radrate.studies.allocation.dealing import shares
from radrate.studies.allocation.designs import PlannedCase, by_stratum
from radrate.studies.allocation.draws import EVERYONE, Draws
from radrate.studies.choosing import sets_of
from radrate.studies.matching import NOT_NEEDED
from radrate.studies.models import Arm, Case, CaseImage, Phase, ReaderStudy, Unmatched


def cast(phase: Phase) -> None:
    """Make the cases of a phase anew, and note which candidates were left, with reasons."""
    study = phase.study
    sets, unmatched = sets_of(phase)
    shown = {pk for images in sets for pk in images}
    loaded = {image.pk: image for image in Radiograph.objects.filter(pk__in=shown)}
    arms = {arm.batch_id: arm for arm in study.arms.all()}
    first = queries.next_case_number(study)
    cases = [
        _case(phase, number, images, loaded, arms) for number, images in enumerate(sets, first)
    ]
    wanted = _wanted(phase, cases, [[loaded[pk].batch_id for pk in images] for images in sets])
    chosen = [
        (case, images) for case, images in zip(cases, sets, strict=True) if case.number in wanted
    ]
    Case.objects.bulk_create(case for case, _images in chosen)
    CaseImage.objects.bulk_create(
        _image(case, number, loaded[pk], arms)
        for case, images in chosen
        for number, pk in enumerate(images, start=1)
    )
    used = {pk for _case, images in chosen for pk in images}
    spared = {pk: NOT_NEEDED for pk in shown - used if is_tested(loaded[pk], study)}
    _note_left(study, {**unmatched, **spared})


def _note_left(study: ReaderStudy, left: Mapping[UUID, str]) -> None:
    """Images that stand in no case of any phase, with the reason that came first."""
    used = set(queries.shown_ids(study))
    study.unmatched.filter(radiograph__in=used).delete()
    Unmatched.objects.bulk_create(
        (
            Unmatched(study=study, radiograph_id=pk, reason=reason)
            for pk, reason in left.items()
            if pk not in used
        ),
        ignore_conflicts=True,
    )


def _wanted(phase: Phase, cases: Sequence[Case], batches: Sequence[Sequence[UUID]]) -> set[int]:
    """Numbers of the cases that are kept: of every arm and body part its share of the limit."""
    if phase.case_limit is None or phase.case_limit >= len(cases):
        return {case.number for case in cases}
    planned = [
        PlannedCase(case.number, arm=tuple(own), body_part=case.body_part_examined)
        for case, own in zip(cases, batches, strict=True)
    ]
    draws = Draws(phase.study.seed, phase.position, EVERYONE)
    return set(shares(by_stratum(planned), phase.case_limit, draws, "limit"))


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
