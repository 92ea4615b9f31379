"""The display check at a session's start: which faint patches a reader can tell apart, on what
screen. It advises and is kept; it never keeps anyone from reading."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from radrate.reading.models import DisplayCheck
from radrate.studies.models import StudyReader

VALID_FOR = timedelta(hours=12)
GROUNDS = {"dark": 12, "middle": 128, "bright": 236}  # grey levels of 255
STEPS = (2, 4, 8, 0, 0)  # grey levels between patch and ground; 0: there is none
TELLABLE = 4  # whoever sees this step on each ground, and none where there is none, sees enough
MOST_BYTES = 4096
MOST_PX = 100_000


@dataclass(frozen=True, slots=True)
class Patch:
    ground: str
    step: int
    seen: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """Sizes in CSS pixels; `colour_depth` in bits."""

    screen_width: int
    screen_height: int
    viewport_width: int
    viewport_height: int
    pixel_ratio: float
    colour_depth: int


@dataclass(frozen=True, slots=True)
class Report:
    patches: tuple[Patch, ...] = ()
    screen: Screen | None = None
    duration_ms: int | None = None


def valid_since(reader: StudyReader) -> datetime:
    """A check is asked once a login, and again after twelve hours: another screen, another light
    in the room. Older ones do not count."""
    since = timezone.now() - VALID_FOR
    login = reader.user.last_login if reader.user else None
    return max(since, login) if login else since


def display_check_due(reader: StudyReader) -> bool:
    checks = DisplayCheck.objects.filter(study_reader=reader, at__gte=valid_since(reader))
    return not checks.exists()


def record_display_check(*, reader: StudyReader, report: Report) -> DisplayCheck:
    screen = asdict(report.screen) if report.screen else {}
    return DisplayCheck.objects.create(
        study_reader=reader,
        patches=[asdict(patch) for patch in report.patches],
        skipped=not report.patches,
        duration_ms=report.duration_ms,
        **screen,
    )


def latest_advice(reader: StudyReader) -> tuple[str, ...]:
    """What to do about the last check, in sentences; none where all is well or it was skipped."""
    last = DisplayCheck.objects.filter(study_reader=reader).order_by("-at", "-pk").first()
    if last is None or last.skipped:
        return ()
    return advice([Patch(**patch) for patch in last.patches])


def advice(patches: Sequence[Patch]) -> tuple[str, ...]:
    sentences = {
        "dark": _(
            "Faint differences in dark areas are lost. Dim the room, turn lamps and windows away "
            "from the screen, or raise its brightness."
        ),
        "middle": _(
            "Faint differences in middle greys are lost. Look at the screen straight on, and turn "
            "off night colours and any picture mode that changes contrast."
        ),
        "bright": _(
            "Faint differences in bright areas are lost. Lower the screen's contrast or brightness."
        ),
    }
    weak = weak_grounds(patches)
    found = [sentence for ground, sentence in sentences.items() if ground in weak]
    if any(patch.seen and patch.step == 0 for patch in patches):
        found.append(
            _("You chose a field that has no square. That is easily done; look once more.")
        )
    return tuple(found)


def weak_grounds(patches: Sequence[Patch]) -> frozenset[str]:
    """Grounds on which a step that should be seen was not."""
    return frozenset(patch.ground for patch in patches if patch.step >= TELLABLE and not patch.seen)


def read_report(text: str) -> Report:
    """What the page sent. Anything else counts as skipped, with the screen if that is whole."""
    try:
        if len(text) > MOST_BYTES:
            return Report()
        sent = json.loads(text)
        screen = _screen(sent["screen"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return Report()
    try:
        patches = tuple(_patch(row) for row in sent["patches"])
        if sorted((patch.ground, patch.step) for patch in patches) != _asked():
            return Report(screen=screen)
        return Report(patches, screen, _whole(sent["duration_ms"], 2**31 - 1))
    except (KeyError, TypeError, ValueError):
        return Report(screen=screen)


def _asked() -> list[tuple[str, int]]:
    return sorted((ground, step) for ground in GROUNDS for step in STEPS)


def _patch(row: dict[str, Any]) -> Patch:
    if not isinstance(row["seen"], bool) or not isinstance(row["ground"], str):
        raise TypeError
    return Patch(row["ground"], _whole(row["step"], 255), row["seen"])


def _screen(row: dict[str, Any]) -> Screen:
    sides = ("screen_width", "screen_height", "viewport_width", "viewport_height")
    ratio = row["pixel_ratio"]
    if isinstance(ratio, bool) or not isinstance(ratio, int | float) or not 0 < ratio <= 100:
        raise ValueError
    return Screen(
        **{side: _whole(row[side], MOST_PX) for side in sides},
        pixel_ratio=round(float(ratio), 3),
        colour_depth=_whole(row["colour_depth"], 128),
    )


def _whole(value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError
    return value
