"""Studies in every state, with real renditions."""

import uuid
from collections.abc import Sequence
from typing import Any

from radrate.accounts.models import User
from radrate.images.models import Batch, Origin, Radiograph
from radrate.reading import queries
from radrate.reading.answers import Answer
from radrate.reading.marks import PlacedMark
from radrate.reading.services import Saved, submit_rating
from radrate.studies import enrolment, lifecycle, locking, services
from radrate.studies.models import Assignment, Case, ReaderStudy
from tests.factories.images import make_batch, make_radiograph

PARTS = ("KNEE", "HAND", "CHEST", "PELVIS", "SKULL", "FOOT", "ELBOW", "WRIST")


def make_campaign_batch(*, n: int = 4, origin: str = Origin.SYNTHETIC, **attrs: Any) -> Batch:
    batch = make_batch(kind=Batch.Kind.CAMPAIGN, title="Campaign", requested=n, made=n)
    for k in range(n):
        make_radiograph(origin=origin, batch=batch, body_part_examined=PARTS[k % 8], **attrs)
    return batch


def make_references(*, n: int = 4, **attrs: Any) -> list[Radiograph]:
    batch = make_batch()
    return [
        make_radiograph(batch=batch, body_part_examined=PARTS[k % 8], **attrs) for k in range(n)
    ]


def make_study(
    *, manager: User, n: int = 4, readers: tuple[User, ...] = (), **options: Any
) -> ReaderStudy:
    """A draft of n pairs, each of a body part of its own."""
    make_references(n=n)
    study = services.create_study(
        actor=manager,
        name="Secret name: DALL-E 2 against real",
        task=options.pop("task", ReaderStudy.Task.WHICH_REAL),
        batches=[make_campaign_batch(n=n)],
        seed=options.pop("seed", 7),
        **options,
    )
    for reader in readers:
        enrolment.add_reader(actor=manager, study=study, user=reader)
    return study


def lock(study: ReaderStudy) -> ReaderStudy:
    """Lock in this process; what a worker does otherwise."""
    study = lifecycle.move(study=study, to="locking", actor=study.manager)
    locking.lock_protocol(study_id=study.pk)
    return ReaderStudy.objects.get(pk=study.pk)


def make_open_study(**options: Any) -> ReaderStudy:
    study = lock(make_study(**options))
    assert study.state == "locked", study.problem
    return lifecycle.open_study(study=study, actor=study.manager)


def full_answers(assignment: Assignment, *, value: int = 3, side: int = 1) -> list[Answer]:
    answers = []
    phase = assignment.case.phase
    for criterion in queries.criteria(phase):
        for image in phase.labels if criterion.per_image else (None,):
            chosen = side if criterion.kind == "side" else value
            answers.append(Answer(criterion.key, image, chosen))
    return answers


def make_mark(**changes: Any) -> PlacedMark:
    """A box on image A, unless told otherwise."""
    box = {"image": "A", "shape": "box", "x": 0.25, "y": 0.5, "width": 0.125, "height": 0.0625}
    return PlacedMark(**box | {"tag": "bone_fused", "severity": 2} | changes)


def make_point(**changes: Any) -> PlacedMark:
    return make_mark(**{"shape": "point", "width": 0.0, "height": 0.0} | changes)


def rate(
    assignment: Assignment,
    *,
    revision: int = 0,
    comment: str = "",
    marks: Sequence[PlacedMark] = (),
    **answers: Any,
) -> Saved:
    reader = assignment.study_reader
    return submit_rating(
        user=reader.user,
        token=assignment.token,
        rating_id=uuid.uuid4(),
        revision=revision,
        answers=full_answers(assignment, **answers),
        comment=comment,
        duration_ms=12_000,
        marks=marks,
    )


def reference_of(case: Case) -> Radiograph:
    return case.images.get(is_reference=True).radiograph


def candidate_of(case: Case) -> Radiograph:
    return case.images.get(is_reference=False).radiograph


IMAGE_OF = {"reference": reference_of, "candidate": candidate_of}


def reference_label(assignment: Assignment) -> str:
    """Under which label the reader sees the reference of a pair."""
    return "AB"[assignment.layout.index("1")]


def image_urls(assignment: Assignment) -> list[str]:
    return [image.url for image in queries.image_urls(assignment)]
