"""Ratings as one tidy row per reader × case × image × criterion."""

from radrate.exports.columns import COLUMNS
from radrate.exports.streams import Export
from radrate.reading.places import score_places

RATINGS = Export(
    name="ratings",
    columns=COLUMNS,
    rows="""radrate_score score
JOIN radrate_criterion criterion ON criterion.id = score.criterion_id
LEFT JOIN radrate_localisation localisation ON localisation.score_id = score.id
JOIN radrate_rating rating ON rating.id = score.rating_id""",
    prepare=score_places,
    image="score.image",
    order="assignment.position, (criterion.rubric_id = phase.verdict_id), criterion.position, "
    "score.image",
)
