"""What in a reader's way of answering a manager should look at. Pure but for the sentences.

A flag is a count and a limit, never a verdict on a person: there may be a good reason, and whoever
sees it asks first. No flag tells an answer: not which key or side it was, not at which case.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from django.utils.translation import gettext as _

FLOOR_S = 3.0  # nobody looks at an image and answers in less
FRACTION = 0.25  # of the median, own or of the group
FAST_CASES, FAST_SHARE = 3, 0.1
SAME_CASES, SAME_ANSWERS = 8, 24
SIDE_CASES, SIDE_SHARE = 20, 0.85
CATCH_READ, CATCH_MISSED, CATCH_SHARE = 3, 2, 0.25
IDLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case as it was answered, in its reader's order. `lowest` and `highest` are over its
    `answers` on scales, n/a being 0. `side` is the label chosen, counted from 1, of `images`.
    `caught` tells of a catch trial whether its answer was the known one."""

    position: int
    seconds: float
    lowest: int | None = None
    highest: int | None = None
    answers: int = 0
    side: int | None = None
    images: int = 1
    caught: bool | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """`count` of `of` cases (or days), against the `limit` that the sentence names."""

    kind: str
    count: int
    of: int
    limit: float
    sentence: str


def pace(seconds: Sequence[float]) -> float | None:
    """Median seconds a case."""
    return median(seconds) if seconds else None


def group_pace(paces: Iterable[float]) -> float | None:
    """Median of the readers' paces; of fewer than three readers it would be one reader's own."""
    known = list(paces)
    return median(known) if len(known) >= 3 else None


def too_fast(seconds: Sequence[float], group: float | None) -> Flag | None:
    """Cases quicker than a quarter of the reader's own median or of the group's, or than 3 s."""
    own = pace(seconds)
    if own is None:
        return None
    limit = max(FLOOR_S, FRACTION * own, FRACTION * (group or 0))
    count = sum(one < limit for one in seconds)
    if count < FAST_CASES or count < FAST_SHARE * len(seconds):
        return None
    told = {"count": count, "of": len(seconds), "limit": f"{limit:.0f}", "own": f"{own:.0f}"}
    if group is None:
        sentence = _("%(count)s of %(of)s cases took less than %(limit)s s (median %(own)s s).")
    else:
        told["group"] = f"{group:.0f}"
        sentence = _(
            "%(count)s of %(of)s cases took less than %(limit)s s (own median %(own)s s, the "
            "group's %(group)s s)."
        )
    return Flag("too_fast", count, len(seconds), limit, sentence % told)


def one_key(sheets: Sequence[Sheet]) -> Flag | None:
    """The same value on every scale, case after case."""
    longest, answers = longest_run(sheets)
    if longest < SAME_CASES or answers < SAME_ANSWERS:
        return None
    told = {"count": longest, "answers": answers}
    sentence = _("%(count)s cases in a row have one and the same value in all %(answers)s answers.")
    return Flag("one_key", longest, len(sheets), SAME_CASES, sentence % told)


def longest_run(sheets: Sequence[Sheet]) -> tuple[int, int]:
    """(cases, answers) of the longest stretch whose answers on scales are all the same value."""
    best = (0, 0)
    for value, run in groupby(sheets, key=_only_value):
        members = list(run)
        if value is not None:
            best = max(best, (len(members), sum(sheet.answers for sheet in members)))
    return best


def _only_value(sheet: Sheet) -> int | None:
    return sheet.lowest if sheet.lowest == sheet.highest else None


def one_side(sheets: Sequence[Sheet]) -> Flag | None:
    """One place chosen nearly always. Sides are balanced, so whoever is right, or guesses, chooses
    each about as often; which one it was is not told."""
    sides = [sheet.side for sheet in sheets if sheet.side and 1 <= sheet.side <= sheet.images]
    if len(sides) < SIDE_CASES:
        return None
    (_side, count), *_rest = Counter(sides).most_common(1)
    if count < SIDE_SHARE * len(sides):
        return None
    told = {"count": count, "of": len(sides)}
    sentence = _("The same side was chosen in %(count)s of %(of)s cases; sides are balanced.")
    return Flag("one_side", count, len(sides), SIDE_SHARE, sentence % told)


def catch_missed(sheets: Sequence[Sheet]) -> Flag | None:
    """Only counts: catch trials enter no result, and a count over three or more tells no answer."""
    trials = [sheet.caught for sheet in sheets if sheet.caught is not None]
    missed = trials.count(False)
    enough = len(trials) >= CATCH_READ and missed >= CATCH_MISSED
    if not enough or missed <= CATCH_SHARE * len(trials):
        return None
    told = {"count": missed, "of": len(trials)}
    sentence = _("%(count)s of %(of)s catch trials were not answered as expected.")
    return Flag("catch_missed", missed, len(trials), CATCH_SHARE, sentence % told)


def idle(days: int) -> Flag | None:
    """Cases wait, the study is open, and nothing was read."""
    if days < IDLE_DAYS:
        return None
    sentence = _("Nothing was read for %(days)s days.") % {"days": days}
    return Flag("idle", days, days, IDLE_DAYS, sentence)


def flags(
    sheets: Sequence[Sheet], *, group: float | None, idle_days: int, is_machine: bool
) -> list[Flag]:
    """All that there are. A machine is neither too fast nor idle."""
    found = [one_key(sheets), one_side(sheets), catch_missed(sheets)]
    if not is_machine:
        seconds = [sheet.seconds for sheet in sheets]
        found = [too_fast(seconds, group), *found, idle(idle_days)]
    return [flag for flag in found if flag]
