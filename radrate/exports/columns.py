"""The columns of the exports: one list for the query, the data dictionary and the schema."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    """`sql` is taken from the joined tables; a `truth` column is empty until the unblinding."""

    name: str
    sql: str
    meaning: str
    truth: bool = False
    free_text: bool = False


def _of_image(image: str, attribute: str) -> str:
    """The attribute of the image on the side `image`; NULL where that is blank."""
    return (
        f"CASE WHEN {image} = '' THEN NULL "
        f"WHEN {image} = assignment.reference_side THEN reference.{attribute} "
        f"ELSE candidate.{attribute} END"
    )


def _image_truth(image: str) -> tuple[Column, ...]:
    return (
        Column(
            "arm",
            "arm.label",
            _("The condition: the campaign of the image under test."),
            truth=True,
        ),
        Column(
            "reference_side", "assignment.reference_side", _("Side of the reference."), truth=True
        ),
        Column("image_id", _of_image(image, "id"), _("Identifier of the image."), truth=True),
        Column(
            "image_origin",
            _of_image(image, "origin"),
            _("real, synthetic (a model or a defect) or simulated (the intact phantom)."),
            truth=True,
        ),
    )


PLACE = (
    Column("study", "study.id", _("Identifier of the study.")),
    Column(
        "task",
        "study.task",
        _("which_real: real beside generated. which_intact: phantoms only, never realism."),
    ),
    Column("protocol_hash", "study.protocol_hash", _("SHA-256 of the locked protocol.")),
    Column("reader", "'R' || (reader.slot + 1)", _("Pseudonym of the reader in this study.")),
    Column("case", '"case".number', _("Number of the case; the same for every reader.")),
    Column("position", "assignment.position", _("When the reader saw the case, counted from 1.")),
)
WITHDRAWN = Column(
    "withdrawn_at",
    "least(reference.excluded_at, candidate.excluded_at)",
    _("When an image of the case was excluded, UTC; blank while both stand."),
)
SHEET = (
    Column("rating", "rating.id", _("Identifier of the answer sheet.")),
    Column("submitted_at", "rating.at", _("Time of the server's commit, UTC.")),
    Column(
        "late",
        "rating.late",
        _("Whether the sheet arrived after the close; its case was shown before."),
    ),
)

COLUMNS = (
    *PLACE,
    Column("block", "assignment.block", _("Block in which the case was handed in.")),
    Column(
        "body_part_examined",
        '"case".body_part_examined',
        _("DICOM Body Part Examined of the case."),
    ),
    Column("view_position", '"case".view_position', _("DICOM View Position of the case.")),
    WITHDRAWN,
    Column(
        "image",
        "score.image",
        _("A (left) or B (right) as this reader saw it; blank for a criterion of the case."),
    ),
    Column("criterion", "criterion.key", _("Key of the criterion in the rubric.")),
    Column(
        "value",
        "score.value",
        _("The answer on the criterion's scale; blank if n/a. For a side, 1 is A and 2 is B."),
    ),
    Column("not_applicable", "score.not_applicable", _("Whether n/a was chosen.")),
    Column("revision", "rating.revision", _("Revision of the answer sheet; the last one counts.")),
    *SHEET,
    Column("shown_at", "assignment.shown_at", _("When the case was first shown, UTC.")),
    Column(
        "duration_ms",
        "rating.duration_ms",
        _("Time on the case in ms by the browser's monotonic clock, pauses left out."),
    ),
    Column("paused_ms", "rating.paused_ms", _("Pauses within the case in ms, all together.")),
    Column(
        "pauses",
        "rating.pauses::text",
        _("Each pause as JSON: after_ms (of the time on the case), ms, why (see below)."),
    ),
    Column(
        "reason",
        "rating.reason",
        _("Why the reader changed an earlier sheet, if that was told."),
        free_text=True,
    ),
    Column("comment", "rating.comment", _("The reader's comment on the case."), free_text=True),
    *_image_truth("score.image"),
    Column(
        "correct",
        "CASE WHEN criterion.kind = 'side' THEN "
        "(score.value = 1) = (assignment.reference_side = 'A') END",
        _("For the verdict: whether the reference was found."),
        truth=True,
    ),
)

MARK_COLUMNS = (
    *PLACE,
    WITHDRAWN,
    Column("image", "mark.image", _("A (left) or B (right) as this reader saw it.")),
    Column("mark", "mark.number", _("Number of the mark on its sheet, counted from 1.")),
    Column("shape", "mark.shape", _("point or box.")),
    Column(
        "x",
        "mark.x",
        _("From the left edge to the point or to the box, in sides of the shown image (0 to 1)."),
    ),
    Column(
        "y",
        "mark.y",
        _("From the top edge to the point or to the box, in sides of the shown image (0 to 1)."),
    ),
    Column("width", "mark.width", _("Width of the box in sides of the shown image; of a point 0.")),
    Column(
        "height", "mark.height", _("Height of the box in sides of the shown image; of a point 0.")
    ),
    Column("tag", "tag.key", _("Key of the defect in the rubric.")),
    Column("severity", "mark.severity", _("1 minor, 2 moderate, 3 severe.")),
    *SHEET,
    *_image_truth("mark.image"),
)
