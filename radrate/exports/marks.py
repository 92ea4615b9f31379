"""Marks as one tidy row per reader × case × mark."""

from radrate.exports.columns import MARK_COLUMNS
from radrate.exports.streams import Export

MARKS = Export(
    name="marks",
    columns=MARK_COLUMNS,
    rows="""radrate_mark mark
JOIN radrate_defecttag tag ON tag.id = mark.tag_id
JOIN radrate_rating rating ON rating.id = mark.rating_id""",
    image="mark.image",
    order="mark.number",
)
