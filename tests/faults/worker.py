"""RadRate's own Celery application, in which chosen points of a job fail.

FAULTS is JSON {point: action}; the action is done once of all processes that share FAULT_MARKS.
"""

import functools
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from celery.signals import worker_process_init

from radrate.celery import app
from tests.faults.scripted import die, once

__all__ = ["app"]


def _act(point: str, action: str) -> None:
    """`die`, or `sleep 3`. FAULT_MARKS/point says that it has begun."""
    if not once(os.environ["FAULT_MARKS"], point):
        return
    if action == "die":
        die()
    time.sleep(float(action.split()[1]))


def _before(function: Callable[..., Any], point: str, action: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def changed(*args: Any, **kwargs: Any) -> Any:
        _act(point, action)
        return function(*args, **kwargs)

    return changed


def _after(function: Callable[..., Any], point: str, action: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def changed(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        _act(point, action)
        return result

    return changed


POINTS = {
    "answered": ("generation.runner", "store_output", _before),  # nothing stored yet
    "files written": ("generation.jobs", "end_output", _before),  # nothing committed yet
    "job ended": ("generation.runner", "_store", _after),  # committed; the task has not returned
}


@worker_process_init.connect
def install(**_: object) -> None:
    for point, action in json.loads(os.environ.get("FAULTS", "{}")).items():
        module, name, wrap = POINTS[point]
        home = sys.modules[module]
        setattr(home, name, wrap(getattr(home, name), point, action))
