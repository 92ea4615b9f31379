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


REFERENCE_LABEL = "chr(64 + nullif(strpos(assignment.layout, reference.number::text), 0))"
CHOSE_REFERENCE = "score.value = strpos(assignment.layout, reference.number::text)"

IMAGE_TRUTH = (
    Column(
        "arm",
        "arm.label",
        _("The condition: the campaign of the image under test; blank where a case has several."),
        truth=True,
    ),
    Column(
        "reference_side",
        REFERENCE_LABEL,
        _("Label under which the reference was shown; blank where a case has none."),
        truth=True,
    ),
    Column("image_id", "radiograph.id", _("Identifier of the image."), truth=True),
    Column(
        "image_origin",
        "radiograph.origin",
        _("real, synthetic (a model or a defect) or simulated (the intact phantom)."),
        truth=True,
    ),
    Column("image_arm", "image_arm.label", _("The condition of the image itself."), truth=True),
    Column("case_kind", '"case".kind', _("main, training or catch."), truth=True),
)


STUDY = (
    Column("study", "study.id", _("Identifier of the study.")),
    Column(
        "task",
        "study.task",
        _("which_real: real beside generated. which_intact: phantoms only, never realism."),
    ),
    Column("protocol_hash", "study.protocol_hash", _("SHA-256 of the locked protocol.")),
    Column("reader", "'R' || (reader.slot + 1)", _("Pseudonym of the reader in this study.")),
    Column(
        "reader_class", "reader.reader_class", _("human or machine; the two are analysed apart.")
    ),
)
ANALYSED = Column(
    "analysed",
    "reader.withdrawn_at IS NULL OR study.analyses_leavers",
    _("false for a reader who left, where the protocol keeps such answers out of the analysis."),
)
PLACE = (
    *STUDY,
    ANALYSED,
    Column("phase", "phase.position", _("Part of the study, counted from 1.")),
    Column("design", "phase.design", _("What was shown and asked in that phase.")),
    Column("case", '"case".number', _("Number of the case; the same for every reader.")),
    Column("session", "assignment.session", _("1, or 2 for the reading after the washout.")),
    Column("occurrence", "assignment.occurrence", _("1, or 2 where the case is a hidden repeat.")),
    Column("position", "assignment.position", _("When the reader saw the case, counted from 1.")),
)
WITHDRAWN = Column(
    "withdrawn_at",
    """(SELECT min(excluded.excluded_at) FROM radrate_caseimage member
      JOIN radrate_radiograph excluded ON excluded.id = member.radiograph_id
      WHERE member.case_id = "case".id)""",
    _("When an image of the case was excluded, UTC; blank while all stand."),
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
        _("Label of the image as this reader saw it; blank for a criterion of the case."),
    ),
    Column("criterion", "criterion.key", _("Key of the criterion in the rubric.")),
    Column(
        "value",
        "score.value",
        _(
            "The answer on the criterion's scale; blank if n/a. For a side, 1 is A, 2 is B, 8 all "
            "generated, 9 cannot tell; for a verdict 1 is real or intact, 2 is not."
        ),
    ),
    Column("not_applicable", "score.not_applicable", _("Whether n/a was chosen.")),
    Column("text", "score.text", _("The answer to a question for words."), free_text=True),
    Column(
        "place_x",
        "score.x",
        _("From the left edge to the place pointed at, in sides of the shown image (0 to 1)."),
    ),
    Column(
        "place_y",
        "score.y",
        _("From the top edge to the place pointed at, in sides of the shown image (0 to 1)."),
    ),
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
    *IMAGE_TRUTH,
    Column(
        "correct",
        f"""CASE WHEN score.value = 9 THEN NULL
          WHEN criterion.kind = 'side' THEN {CHOSE_REFERENCE}
          WHEN criterion.kind = 'verdict' THEN (score.value = 1) = (reference.id IS NOT NULL)
          WHEN criterion.kind = 'place' THEN localisation.hit
          END""",
        _("For the verdict: whether it is right; blank where nobody could tell or nothing is."),
        truth=True,
    ),
    Column(
        "place_distance",
        "localisation.distance",
        _("From the place to the region that was changed, in sides of the image; 0 within."),
        truth=True,
    ),
    Column(
        "place_chance",
        "localisation.chance",
        _("Share of the shown image on which a place is a hit: how often a blind one hits."),
        truth=True,
    ),
    Column(
        "place_tolerance",
        "localisation.tolerance",
        _("How far beside the region a place is a hit still, in sides of the image."),
        truth=True,
    ),
)

MARK_COLUMNS = (
    *PLACE,
    WITHDRAWN,
    Column("image", "mark.image", _("Label of the image as this reader saw it (A is left).")),
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
    *IMAGE_TRUTH,
)

READER_COLUMNS = (
    *STUDY,
    ANALYSED,
    Column(
        "years_of_experience",
        "profile.years_of_experience",
        _("Years of experience in reading radiographs, as the reader says; blank if not asked."),
    ),
    Column("specialty", "nullif(profile.specialty, '')", _("The reader's specialty.")),
    Column(
        "region_of_expertise",
        "nullif(profile.region_of_expertise, '')",
        _("The region of the body that the reader knows best, or none."),
    ),
    Column(
        "ai_familiarity",
        "profile.ai_familiarity",
        _("Familiarity with artificial intelligence in imaging: 1 not at all to 5 very well."),
    ),
    Column("consent_version", "consent.version", _("Version of the text that was last agreed to.")),
    Column("consented_at", "consent.given_at", _("When that was agreed to, UTC.")),
    Column(
        "consent_language", "nullif(consent.language, '')", _("Language of the page at that time.")
    ),
    Column(
        "joined_at",
        "CASE WHEN reader.user_id IS NOT NULL THEN reader.joined_at END",
        _("When the reader was enrolled, UTC; blank for a spare place."),
    ),
    Column("left_at", "reader.withdrawn_at", _("When the reader left, UTC; blank if not.")),
    Column(
        "cases_rated",
        "(SELECT count(*) FROM radrate_assignment assignment "
        "WHERE assignment.study_reader_id = reader.id AND EXISTS "
        "(SELECT FROM radrate_rating rating WHERE rating.assignment_id = assignment.id))",
        _("Cases that the reader has rated, repeats and second sessions included."),
    ),
)
