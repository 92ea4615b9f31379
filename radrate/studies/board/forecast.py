"""When a reader will be through, from what was read lately. Pure.

Working days are Monday to Friday: a holiday is not known here, and work at a weekend counts as
work of the days around it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from math import ceil

WINDOW = 10  # working days looked back on
FARTHEST = 260  # working days; beyond a year nothing can be said


def is_working_day(day: date) -> bool:
    return day.weekday() < 5


def working_days(start: date, end: date) -> int:
    """How many there are from `start` to `end`, both included."""
    span = (end - start).days + 1
    if span <= 0:
        return 0
    weeks, rest = divmod(span, 7)
    return 5 * weeks + sum(is_working_day(start + timedelta(k)) for k in range(rest))


def after_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; 0 is `day` itself."""
    while count > 0:
        day += timedelta(1)
        count -= is_working_day(day)
    return day


def window_start(today: date, began: date) -> date:
    """From where on reading counts as recent: ten working days, fewer for who began later."""
    start = today
    while working_days(start, today) < WINDOW and start > began:
        start -= timedelta(1)
    return start


def predicted_end(
    read: Mapping[date, int], *, remaining: int, today: date, began: date
) -> date | None:
    """The day of the last case if the reader goes on as in the last ten working days.

    `read` has the cases of each day. None where nothing was read lately or the day is over a year
    away: nothing honest can be said.
    """
    if remaining <= 0:
        return None
    start = window_start(today, min([began, *read]))
    recent = sum(count for day, count in read.items() if start <= day <= today)
    if not recent:
        return None
    rate = recent / max(1, working_days(start, today))
    days = ceil(remaining / rate)
    return after_working_days(today, days) if days <= FARTHEST else None


def last_end(ends: Iterable[date | None]) -> date | None:
    """Of the readers' predicted days the last; None as soon as one of them is not known."""
    known = list(ends)
    found = [end for end in known if end is not None]
    return max(found) if found and len(found) == len(known) else None


def points(
    read: Mapping[date, int], *, start: date, end: date, top: int, size: tuple[int, int]
) -> Sequence[tuple[float, float]]:
    """The corners of a line of cumulative cases over days, in a picture of `size`: the first day
    is at the left edge, the end of the last one at the right; `top` cases are at the upper edge."""
    width, height = size
    days = max(1, (end - start).days + 1)
    counts = [read.get(start + timedelta(k), 0) for k in range(days)]
    totals = [0, *accumulate(counts)]
    return [
        (round(width * k / days, 1), round(height * (1 - min(1, total / max(1, top))), 1))
        for k, total in enumerate(totals)
    ]
