"""The viewer's trail: what a reader did with the images, where the study keeps it and the reader
agreed. Shapes are those of static/js/viewer/trail.js."""

import json
import logging
from typing import Any

from radrate.reading.models import Consent, Rating, Trail
from radrate.studies.models import StudyReader

log = logging.getLogger(__name__)

VERSION = 1
MOST_BYTES = 64 * 1024
MOST_EVENTS = 1000
LONGEST_MS = 2**31 - 1
LABELS = "ABCD"
VALUES = {"view": (3,), "window": (2,), "invert": (1,), "loupe": (0, 2), "full": (0,)}


def keeps_trail(reader: StudyReader) -> bool:
    """Whether this reader's trail may be collected: nothing is, unless both agree."""
    return reader.study.keeps_trail and consents_to_trail(reader)


def consents_to_trail(reader: StudyReader) -> bool:
    """Whether the reader agreed to it, too, when they last agreed to the study's text."""
    newest = Consent.objects.filter(study_reader=reader).order_by("-pk").first()
    return newest is not None and newest.trail


def keep_trail(*, rating: Rating, trail: object) -> None:
    """Store what came with a rating. A damaged trail is left out: it never costs an answer."""
    if trail is None or not keeps_trail(rating.assignment.study_reader):
        return
    if not is_trail(trail):
        log.warning("The trail of rating %s was damaged and is left out.", rating.pk)
        return
    Trail.objects.create(rating=rating, body=trail)


def is_trail(body: object) -> bool:
    match body:
        case {"version": version, "events": list(events), "dwell_ms": dict(dwell), "cut": bool()}:
            return (
                version == VERSION
                and len(body) == 4
                and len(events) <= MOST_EVENTS
                and len(json.dumps(body)) <= MOST_BYTES
                and _are_events(events)
                and all(
                    _are_labels(label, one=True) and _is_time(ms) for label, ms in dwell.items()
                )
            )
    return False


def _are_events(events: list[Any]) -> bool:
    if not all(_is_event(event) for event in events):
        return False
    times = [event[0] for event in events]
    return times == sorted(times)


def _is_event(event: object) -> bool:
    match event:
        case [ms, str(kind), labels, *values]:
            return (
                _is_time(ms)
                and _are_labels(labels)
                and len(values) in VALUES.get(kind, ())
                and all(_is_value(value) for value in values)
            )
    return False


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST_MS


def _is_value(value: object) -> bool:
    """A plain number; the comparison refuses NaN and infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -1000 <= value <= 1000


def _are_labels(value: object, *, one: bool = False) -> bool:
    """Labels in their order, each once; none for what concerns no pane."""
    if not isinstance(value, str) or (one and len(value) != 1):
        return False
    return "".join(label for label in LABELS if label in value) == value
