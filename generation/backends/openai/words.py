"""What a provider says, made fit to be stored: no NUL, no lone surrogates, no end of length."""

from collections.abc import Mapping
from typing import Any

LONGEST = 500


def plain(value: Any, most: int = LONGEST) -> str:
    """The words of a value, empty for None, cut where they are too many."""
    text = "" if value is None else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return text if len(text) <= most else text[: most - 1] + "…"


def numbers(usage: Any) -> dict[str, Any]:
    """The numbers of a provider's usage, nested as they came; the rest is left out."""
    if not isinstance(usage, Mapping):
        return {}
    kept: dict[str, Any] = {}
    for name, value in usage.items():
        if isinstance(value, Mapping):
            kept[plain(name)] = numbers(value)
        elif isinstance(value, int | float) and abs(value) < 1e15:  # which NaN is not
            kept[plain(name)] = value
    return kept


def added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Usage of two calls together, number by number."""
    total = dict(one)
    for name, value in other.items():
        before = total.get(name, {} if isinstance(value, Mapping) else 0)
        if isinstance(value, Mapping):
            total[name] = added(before if isinstance(before, Mapping) else {}, value)
        else:
            total[name] = value + (before if isinstance(before, int | float) else 0)
    return total
