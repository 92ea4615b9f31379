"""What every export shares: the latest answer sheets of a study, streamed by COPY."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from radrate.exports.columns import Column
from radrate.studies.models import ReaderStudy

# `{image}` is the label on the row, blank for a row of the whole case.
SHEETS = """
JOIN radrate_assignment assignment ON assignment.id = rating.assignment_id
JOIN radrate_studyreader reader ON reader.id = assignment.study_reader_id
JOIN radrate_readerstudy study ON study.id = reader.study_id
JOIN radrate_case "case" ON "case".id = assignment.case_id
JOIN radrate_phase phase ON phase.id = "case".phase_id
LEFT JOIN radrate_arm arm ON arm.id = "case".arm_id
LEFT JOIN radrate_caseimage reference ON reference.case_id = "case".id AND reference.is_reference
LEFT JOIN radrate_caseimage shown ON shown.case_id = "case".id
  AND shown.number::text = substr(assignment.layout, nullif(ascii({image}), 0) - 64, 1)
LEFT JOIN radrate_radiograph radiograph ON radiograph.id = shown.radiograph_id
LEFT JOIN radrate_arm image_arm ON image_arm.id = shown.arm_id
WHERE study.id = %s
  AND rating.revision = (
    SELECT max(later.revision) FROM radrate_rating later
    WHERE later.assignment_id = assignment.id
  )
"""
FORMULA = "^[=+\\-@\\t\\r]"


@dataclass(frozen=True, slots=True)
class Export:
    """A table of a study. `rows` is SQL that joins each row to its `rating`, `image` the label on
    a row, `order` sorts the rows of one reader. A table without sheets has other `joins`.
    `prepare` makes what the columns of truth need."""

    name: str
    columns: tuple[Column, ...]
    rows: str
    order: str
    image: str = ""
    joins: str = SHEETS
    prepare: Callable[..., object] = lambda **_study: None


def stream_csv(export: Export, study: ReaderStudy) -> Iterator[bytes]:
    """UTF-8 CSV with a header. Free text cannot start a spreadsheet formula."""
    rows = _select(export, study, guard=True)
    return _copy(f"COPY ({rows}) TO STDOUT (FORMAT csv, HEADER)", study)


def stream_json(export: Export, study: ReaderStudy) -> Iterator[bytes]:
    """A JSON array of objects, one row a line."""
    yield b"[\n"
    first = True
    rows = _select(export, study, guard=False)
    for line in _lines(_copy(f"COPY (SELECT to_json(r) FROM ({rows}) r) TO STDOUT", study)):  # noqa: S608
        yield line if first else b",\n" + line
        first = False
    yield b"\n]\n"


def _select(export: Export, study: ReaderStudy, *, guard: bool) -> str:
    truth = study.state == ReaderStudy.State.UNBLINDED
    if truth:
        export.prepare(study=study)
    columns = ", ".join(
        f'{_expression(column, truth=truth, guard=guard)} AS "{column.name}"'
        for column in export.columns
    )
    joins = export.joins.format(image=export.image)
    order = f"reader.slot, {export.order}"
    return f"SELECT {columns} FROM {export.rows} {joins} ORDER BY {order}"  # noqa: S608


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


Stream = Callable[[Export, ReaderStudy], Iterator[bytes]]
FORMATS: dict[str, tuple[Stream, str]] = {
    "csv": (stream_csv, "text/csv; charset=utf-8"),
    "json": (stream_json, "application/json"),
}
