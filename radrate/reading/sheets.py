"""An answer sheet as a client sends it, in types; anything else is refused in one sentence."""

import json
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from radrate.errors import DomainError
from radrate.reading.answers import Answer
from radrate.reading.marks import DIGITS, PlacedMark
from radrate.reading.pauses import LONGEST_MS, MOST_PAUSES, Pause, Why

Value = TypeVar("Value")


def sheet(body: bytes) -> dict[str, Any]:
    """What the client sent, in types; anything else is refused in one sentence."""
    try:
        sent = json.loads(body)
        answers = [
            Answer(
                criterion=_word(row["criterion"]),
                image=_label(row["image"]),
                value=_whole(row["value"]),
                not_applicable=_flag(row["not_applicable"]),
                text=_text(row.get("text", ""), 5000),
                x=_maybe(_fraction, row.get("x")),
                y=_maybe(_fraction, row.get("y")),
            )
            for row in _rows(sent["answers"])
        ]
        return {
            "rating_id": UUID(_word(sent["id"])),
            "revision": _number(sent["revision"], 10**6),
            "answers": answers,
            "marks": [_mark(row) for row in _rows(sent["marks"])],
            "trail": sent.get("trail"),
            "comment": _text(sent["comment"], 5000),
            "duration_ms": _number(sent["duration_ms"], LONGEST_MS),
            "pauses": [_pause(row) for row in _rows(sent.get("pauses", []))[:MOST_PAUSES]],
            "shown_ms_ago": _optional(sent.get("shown_ms_ago"), 10**12),
            "reason": _text(sent.get("reason", ""), 500),
        }
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise DomainError(_("The answers arrived damaged. Please send them again.")) from error


def _rows(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    raise TypeError


def _mark(row: dict[str, Any]) -> PlacedMark:
    return PlacedMark(
        image=_word(row["image"]),
        shape=_word(row["shape"]),
        x=_fraction(row["x"]),
        y=_fraction(row["y"]),
        width=_fraction(row["width"]),
        height=_fraction(row["height"]),
        tag=_word(row["tag"]),
        severity=_number(row["severity"], 10),
    )


def _pause(row: dict[str, Any]) -> Pause:
    return Pause(
        after_ms=_number(row["after_ms"], LONGEST_MS),
        ms=_number(row["ms"], LONGEST_MS),
        why=Why(row["why"]),
    )


def _fraction(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not -1 <= value <= 2:  # refuses NaN, too; that it lies on the image is checked later
        raise ValueError
    return round(float(value), DIGITS)


def _maybe(read: Callable[[object], Value], value: object) -> Value | None:
    return None if value is None else read(value)


def _word(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError


def _label(value: object) -> str | None:
    return None if value is None else _word(value)[:1]


def _text(value: object, most: int) -> str:
    """At most so many signs, without what Postgres cannot hold."""
    return _word(value)[:most].replace("\x00", "").encode("utf-8", "replace").decode()


def _whole(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError


def _optional(value: object, most: int) -> int | None:
    return None if value is None else _number(value, most)


def _number(value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError
    return min(value, most)
