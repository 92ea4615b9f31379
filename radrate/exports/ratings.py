"""Ratings as one tidy row per reader × case × image × criterion, streamed by COPY."""

from collections.abc import Iterator

from django.db import connection

from radrate.exports.columns import COLUMNS, Column
from radrate.studies.models import ReaderStudy

FROM = """
FROM radrate_score score
JOIN radrate_criterion criterion ON criterion.id = score.criterion_id
JOIN radrate_rating rating ON rating.id = score.rating_id
JOIN radrate_assignment assignment ON assignment.id = rating.assignment_id
JOIN radrate_studyreader reader ON reader.id = assignment.study_reader_id
JOIN radrate_readerstudy study ON study.id = reader.study_id
JOIN radrate_case "case" ON "case".id = assignment.case_id
JOIN radrate_arm arm ON arm.id = "case".arm_id
JOIN radrate_radiograph reference ON reference.id = "case".reference_id
JOIN radrate_radiograph candidate ON candidate.id = "case".candidate_id
WHERE study.id = %s
  AND rating.revision = (
    SELECT max(later.revision) FROM radrate_rating later
    WHERE later.assignment_id = assignment.id
  )
ORDER BY reader.slot, assignment.position, criterion.position, score.image
"""
FORMULA = "^[=+\\-@\\t\\r]"


def stream_csv(study: ReaderStudy) -> Iterator[bytes]:
    """UTF-8 CSV with a header. Free text cannot start a spreadsheet formula."""
    return _copy(f"COPY ({_select(study, guard=True)}) TO STDOUT (FORMAT csv, HEADER)", study)


def stream_json(study: ReaderStudy) -> Iterator[bytes]:
    """A JSON array of objects, one row a line."""
    yield b"[\n"
    first = True
    rows = f"COPY (SELECT to_json(r) FROM ({_select(study, guard=False)}) r) TO STDOUT"  # noqa: S608
    for line in _lines(_copy(rows, study)):
        yield line if first else b",\n" + line
        first = False
    yield b"\n]\n"


def _select(study: ReaderStudy, *, guard: bool) -> str:
    truth = study.state == ReaderStudy.State.UNBLINDED
    columns = ", ".join(
        f"{_expression(column, truth=truth, guard=guard)} AS {column.name}"
        if column.name != "case"
        else f'{column.sql} AS "case"'
        for column in COLUMNS
    )
    return f"SELECT {columns} {FROM}"


def _expression(column: Column, *, truth: bool, guard: bool) -> str:
    if column.truth and not truth:
        return "NULL"
    if column.free_text and guard:
        return f"regexp_replace({column.sql}, '{FORMULA}', '''\\&')"
    return column.sql


def _copy(statement: str, study: ReaderStudy) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.cursor.copy(statement, [study.pk]) as copy:
        for data in copy:
            yield bytes(data)


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Rows of COPY's text format, its backslash escapes undone."""
    for chunk in chunks:
        yield chunk.rstrip(b"\n").replace(b"\\\\", b"\\")


FORMATS = {
    "csv": (stream_csv, "text/csv; charset=utf-8"),
    "json": (stream_json, "application/json"),
}
