"""What is told after a training case, and only then: which image was what, why, and where.

The truth of any other case is never told here, whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from radrate.blinding.places import Region
from radrate.errors import Conflict
from radrate.images.models import Radiograph
from radrate.reading import gates, texts
from radrate.reading.judging import Verdict, is_right
from radrate.reading.models import Rating, Score
from radrate.reading.places import shown_region
from radrate.studies.models import Assignment, Case, CaseImage, Phase

LARGEST_OUTLINE = 0.5  # share of the image; a line about all of it would point at nothing
DECIDES = ("side", "verdict", "place")  # kinds of criterion


@dataclass(frozen=True, slots=True)
class Feedback:
    """`outcome` is right, wrong or none; outlines are closed lines in shares of the canvas."""

    outcome: str
    title: str
    images: tuple[dict[str, str], ...]
    sentences: tuple[str, ...]
    explanation: str
    outlines: tuple[dict[str, Any], ...]
    next_url: str


def feedback(assignment: Assignment) -> Feedback:
    """Raises Http404 for a case that is no example, Conflict for one that is not rated yet."""
    case = assignment.case
    if case.kind != Case.Kind.TRAINING:
        raise Http404
    rating = assignment.ratings.order_by("revision").first()
    if rating is None:
        raise Conflict(_("Answer this example first."))
    shown = _shown(assignment)
    regions = {label: _region(assignment, image.radiograph) for label, image in shown.items()}
    outcome = _outcome(rating, assignment, shown, regions)
    words = {label: texts.truth(case.phase.study, image) for label, image in shown.items()}
    outlines = [
        {"image": label, "points": points}
        for label, region in regions.items()
        for points in (region.outlines() if region else ())
    ]
    return Feedback(
        outcome=outcome,
        title=texts.outcome(outcome),
        images=tuple({"label": label, "word": word} for label, word in words.items()),
        sentences=texts.truths(words, outlined=bool(outlines)),
        explanation=case.explanation,
        outlines=tuple(outlines),
        next_url=gates.next_url(assignment.study_reader),
    )


def _shown(assignment: Assignment) -> dict[str, CaseImage]:
    """The images by their label, as this reader saw them."""
    images = {one.number: one for one in assignment.case.images.select_related("radiograph")}
    return {label: images[assignment.number_at(label)] for label in assignment.labels}


def _region(assignment: Assignment, radiograph: Radiograph) -> Region | None:
    share = radiograph.edited_share
    if share is None or share > LARGEST_OUTLINE:
        return None
    return shown_region(radiograph, assignment.study_reader.study)


def _outcome(
    rating: Rating,
    assignment: Assignment,
    shown: Mapping[str, CaseImage],
    regions: Mapping[str, Region | None],
) -> str:
    """Of the verdict; a preference is nobody's to call wrong."""
    score = rating.scores.filter(criterion__kind__in=DECIDES).select_related("criterion").first()
    if score is None or assignment.case.phase.design == Phase.Design.PREFERENCE:
        return "none"
    reference = next((label for label, one in shown.items() if one.is_reference), None)
    verdict = Verdict(score.criterion.kind, score.value, _hit(score, regions))
    right = is_right(verdict, assignment.labels, reference)
    return {True: "right", False: "wrong", None: "none"}[right]


def _hit(score: Score, regions: Mapping[str, Region | None]) -> bool | None:
    region = regions.get(score.image)
    if region is None or score.x is None or score.y is None:
        return None
    return region.localise(float(score.x), float(score.y)).hit
