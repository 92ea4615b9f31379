"""Reads of studies: from rows to what matching, pages and the lock need."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)

from radrate.accounts.models import User
from radrate.images.models import Batch, Origin, Radiograph
from radrate.images.queries import exposed, opened, pool
from radrate.studies.matching import DEFAULT_RULES, Item
from radrate.studies.models import (
    Assignment,
    Case,
    CaseImage,
    Phase,
    ReaderStudy,
    StudyReader,
)
from radrate.studies.withdrawal import stands

LARGEST_REGION = 0.5  # of an image, that can still be looked for
NORMAL = re.compile(r"normal\b", re.IGNORECASE)


def item(radiograph: Radiograph) -> Item:
    """What matching may know of an image. Expects `source` and `guides` to be loaded."""
    family = [radiograph, *radiograph.guides.all()]
    if radiograph.source is not None:
        family.append(radiograph.source)
    attributes = {name: getattr(radiograph, name) for name in DEFAULT_RULES}
    if NORMAL.match(radiograph.finding):
        attributes["finding"] = "normal"
    return Item(
        id=radiograph.pk,
        attributes=attributes,
        kin=frozenset(member.pk for member in family),
        subjects=frozenset(subject for member in family for subject in subjects(member)),
    )


def subjects(radiograph: Radiograph) -> set[str]:
    """Whom or what an image shows: its person, its very pixels, and for a phantom the seed that
    drew it, since the same seed with and without a defect is the same patient twice."""
    found = {f"pixels:{radiograph.pixel_hash}"}
    if radiograph.subject_key:
        found.add(radiograph.subject_key)
    made = radiograph.provenance
    if made.get("metadata", {}).get("phantom_version"):
        found.add(f"phantom:{made['seed']}:{radiograph.body_part_examined}")
    return found


def items(radiographs: QuerySet[Radiograph]) -> list[Item]:
    loaded = radiographs.select_related("source").prefetch_related("guides").order_by("pk")
    return [item(radiograph) for radiograph in loaded]


def candidates(phase: Phase) -> QuerySet[Radiograph]:
    """Images under test: everything that the phase's arms (none named: all) made, but in a phantom
    study only what has a defect, and to find an edit only where its region is known and no more
    than half of the image."""
    study = phase.study
    arms = phase.arms.all() or study.arms.all()
    made = Radiograph.objects.filter(
        batch__in=[arm.batch_id for arm in arms], state=Radiograph.State.ACCEPTED
    ).exclude(origin=study.reference_origin)
    if phase.design == Phase.Design.FIND_EDIT:
        return made.filter(edited_share__lte=LARGEST_REGION)
    return made


def references(study: ReaderStudy) -> QuerySet[Radiograph]:
    """Images that may stand beside a candidate: all accepted ones of the reference's origin."""
    found = pool(study.reference_origin)
    if study.reference_origin == Origin.REAL:
        return found
    return found.filter(batch__kind=Batch.Kind.CAMPAIGN)


def training_items(study: ReaderStudy) -> list[Item]:
    """The images of examples, which the rest of the study keeps clear of."""
    return shown_items(CaseImage.objects.filter(case__study=study, case__kind=Case.Kind.TRAINING))


def shown_items(images: QuerySet[CaseImage]) -> list[Item]:
    """Of these images of cases."""
    return items(Radiograph.objects.filter(pk__in=images.values("radiograph")))


def shown_ids(study: ReaderStudy) -> QuerySet[UUID]:
    """Of every image in a case."""
    return CaseImage.objects.filter(case__study=study).values_list("radiograph", flat=True)


def image_ids(study: ReaderStudy) -> set[UUID]:
    """Every image whose sight would unblind a reader: those of the cases and of the campaigns,
    and what they were made from."""
    return {pk for found in study_items(study) for pk in found.kin}


def study_items(study: ReaderStudy) -> list[Item]:
    shown = Q(pk__in=shown_ids(study)) | Q(batch__in=study.batches.all())
    return items(Radiograph.objects.filter(shown))


def refused_as_reader(study: ReaderStudy, user: User) -> str:
    """Why this person cannot read this study blind: `manages`, `has_seen`, `reads_it_elsewhere`,
    or empty."""
    if user.pk == study.manager_id:
        return "manages"
    batches = study.batches.all()
    if batches.filter(created_by=user).exists() or opened(user, batches):
        return "has_seen"
    if exposed(user, image_ids(study)):
        return "has_seen"
    return "reads_it_elsewhere" if _reads_elsewhere(study, user) else ""


def _reads_elsewhere(study: ReaderStudy, user: User) -> bool:
    """Whether another study that this person reads or has read shows a relative of an image."""
    others = ReaderStudy.objects.filter(readers__user=user).exclude(pk=study.pk)
    shown = CaseImage.objects.filter(case__study__in=others).values("radiograph")
    read = items(Radiograph.objects.filter(pk__in=shown))
    if not read:
        return False
    mine = items(Radiograph.objects.filter(pk__in=shown_ids(study)))
    kin = {pk for one in read for pk in one.kin}
    people = {subject for one in read for subject in one.subjects}
    return any(one.kin & kin or one.subjects & people for one in mine)


def studies_of(user: User) -> QuerySet[ReaderStudy]:
    return (
        ReaderStudy.objects.filter(manager=user)
        .annotate(
            case_count=Count("cases", distinct=True),
            reader_count=Count("readers", filter=Q(readers__user__isnull=False), distinct=True),
        )
        .order_by("-created_at")
    )


def next_number() -> int:
    return (ReaderStudy.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def next_case_number(study: ReaderStudy) -> int:
    return (study.cases.aggregate(last=Max("number"))["last"] or 0) + 1


def with_progress(readers: QuerySet[StudyReader]) -> QuerySet[StudyReader]:
    """`done` cases are rated, `total` are or will be: those withdrawn unrated do not count."""
    is_rated = Q(assignments__ratings__isnull=False)
    return readers.annotate(
        done=Count("assignments", filter=is_rated, distinct=True),
        total=Count("assignments", filter=is_rated | stands("assignments__case__"), distinct=True),
    )


def board(study: ReaderStudy) -> Iterable[StudyReader]:
    """Readers with how far they are; nothing of what they answered."""
    readers = with_progress(study.readers.filter(user__isnull=False).select_related("user"))
    return readers.annotate(last_at=Max("assignments__ratings__at"))


def cases(study: ReaderStudy) -> QuerySet[Case]:
    """With their images, `is_withdrawn` and the number of readers that have `rated` them."""
    images = CaseImage.objects.select_related("radiograph", "arm")
    return (
        study.cases.select_related("arm", "phase")
        .prefetch_related(Prefetch("images", images))
        .annotate(
            is_withdrawn=ExpressionWrapper(~stands(), output_field=BooleanField()),
            rated=Count("assignments__ratings__assignment", distinct=True),
        )
        .order_by("number")
    )


def being_read(radiograph_id: UUID) -> QuerySet[ReaderStudy]:
    """Locked and open studies that show this image to their readers."""
    shows = Case.objects.filter(stands(), images__radiograph=radiograph_id, study=OuterRef("pk"))
    return ReaderStudy.objects.filter(Exists(shows), locked_at__isnull=False, closed_at=None)


def lock_progress(study: ReaderStudy) -> tuple[int, int]:
    """(images rendered, images to render) of a study that is being locked."""
    total = shown_ids(study).distinct().count()
    if study.rendition_set is None:
        return 0, total
    return study.rendition_set.renditions.count(), total


def assignment_of_image(token: str, label: str) -> tuple[Assignment, UUID] | None:
    """The assignment behind an image's address, and the radiograph that it stands for.

    None for every image of a withdrawn case, so that none tells which of them was excluded.
    """
    found = (
        Assignment.objects.filter(stands("case__"), token=token)
        .select_related("study_reader__study")
        .first()
    )
    if found is None or label not in found.labels:
        return None
    shown = CaseImage.objects.get(case=found.case_id, number=found.number_at(label))
    return found, shown.radiograph_id
