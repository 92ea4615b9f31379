"""Ratings as one tidy row per reader × case × image × criterion."""

from radrate.exports.columns import COLUMNS
from radrate.exports.streams import Export

RATINGS = Export(
    name="ratings",
    columns=COLUMNS,
    rows="""radrate_score score
JOIN radrate_criterion criterion ON criterion.id = score.criterion_id
JOIN radrate_rating rating ON rating.id = score.rating_id""",
    image="score.image",
    order="(criterion.rubric_id = phase.verdict_id), criterion.position, score.image",
)
