"""The columns of the ratings export: one list for the query, the data dictionary and the schema."""

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


SHOWN = "CASE WHEN score.image = assignment.reference_side THEN reference ELSE candidate END"


def _of_image(attribute: str) -> str:
    """The attribute of the image that was scored; NULL for a criterion of the case."""
    return (
        f"CASE WHEN score.image = '' THEN NULL "
        f"WHEN score.image = assignment.reference_side THEN reference.{attribute} "
        f"ELSE candidate.{attribute} END"
    )


COLUMNS = (
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
    Column("block", "assignment.block", _("Block in which the case was handed in.")),
    Column(
        "body_part_examined",
        '"case".body_part_examined',
        _("DICOM Body Part Examined of the case."),
    ),
    Column("view_position", '"case".view_position', _("DICOM View Position of the case.")),
    Column(
        "withdrawn_at",
        "least(reference.excluded_at, candidate.excluded_at)",
        _("When an image of the case was excluded, UTC; blank while both stand."),
    ),
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
    Column("rating", "rating.id", _("Identifier of the answer sheet.")),
    Column("submitted_at", "rating.at", _("Time of the server's commit, UTC.")),
    Column("duration_ms", "rating.duration_ms", _("Time on the case in ms, hidden time left out.")),
    Column("comment", "rating.comment", _("The reader's comment on the case."), free_text=True),
    Column(
        "arm", "arm.label", _("The condition: the campaign of the image under test."), truth=True
    ),
    Column("reference_side", "assignment.reference_side", _("Side of the reference."), truth=True),
    Column("image_id", _of_image("id"), _("Identifier of the image."), truth=True),
    Column(
        "image_origin",
        _of_image("origin"),
        _("real, synthetic (a model or a defect) or simulated (the intact phantom)."),
        truth=True,
    ),
    Column(
        "correct",
        "CASE WHEN criterion.kind = 'side' THEN "
        "(score.value = 1) = (assignment.reference_side = 'A') END",
        _("For the verdict: whether the reference was found."),
        truth=True,
    ),
)
