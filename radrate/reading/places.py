"""Places that readers pointed at, scored against the region that was changed."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from radrate.blinding.places import Region
from radrate.images.models import Radiograph
from radrate.images.regions import region_of
from radrate.reading.models import Localisation, Score
from radrate.studies.models import Assignment, ReaderStudy

KEPT_AT_ONCE = 2000


def score_places(*, study: ReaderStudy) -> int:
    """Score every place of a study that is not scored yet; returns how many it were.

    Each image's region is laid out once. Of an image whose region is unknown, or not shown by its
    rendition, nothing is scored.
    """
    waiting = _waiting(study)
    by_image: defaultdict[UUID, list[Score]] = defaultdict(list)
    for score in waiting.iterator(KEPT_AT_ONCE):
        by_image[shown_at(score.rating.assignment, score.image)].append(score)
    images = Radiograph.objects.in_bulk(list(by_image))
    made = 0
    for pk, scores in by_image.items():
        if region := shown_region(images[pk], study):
            made += _store(region, scores)
    return made


def shown_region(image: Radiograph, study: ReaderStudy) -> Region | None:
    """Where an image was changed, on the canvas of the study's renditions."""
    changed = region_of(image)
    return changed and Region.of(changed, study.rendition_set.recipe)


def shown_at(assignment: Assignment, label: str) -> UUID:
    """Identifier of the radiograph that stood under a label."""
    images = {one.number: one.radiograph_id for one in assignment.case.images.all()}
    return images[assignment.number_at(label)]


def _waiting(study: ReaderStudy) -> QuerySet[Score]:
    """Places without a score, with what tells which image they are on."""
    places = Score.objects.filter(
        rating__assignment__study_reader__study=study, x__isnull=False, localisation=None
    )
    return places.select_related("rating__assignment").prefetch_related(
        "rating__assignment__case__images"
    )


def _store(region: Region, scores: Iterable[Score]) -> int:
    rows = []
    for score in scores:
        found = region.localise(float(score.x), float(score.y))
        rows.append(
            Localisation(
                score=score,
                hit=found.hit,
                distance=found.distance,
                chance=found.chance,
                tolerance=region.tolerance,
            )
        )
    Localisation.objects.bulk_create(rows, batch_size=KEPT_AT_ONCE, ignore_conflicts=True)
    return len(rows)
