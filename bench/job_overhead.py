"""What RadRate itself takes for a job, beside the backend: the claim, the request, one image of
1024 px checked, encoded, stored and committed, the end.

    python -m bench.job_overhead [JOBS]

The backend answers at once with an image that it has ready. Jobs run one after the other in this
process, each as the worker runs it. Medians, in ms; files and commits reach the disk (fsync).
"""

import functools
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from bench.scratch import scratch
from generation.backends.protocol import (
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    Operation,
    RunContext,
)

SIDE = 1024
WARM_UP = 10
spent: dict[str, list[float]] = defaultdict(list)


@functools.cache
def film() -> Image.Image:
    """Smooth shapes with the grain of a film; what random pixels take to encode says nothing."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    shapes = 150 * np.exp(-3 * x**2) * (1 + 0.3 * np.cos(9 * y))
    grain = np.random.default_rng(1).normal(0, 2, (SIDE, SIDE))
    return Image.fromarray(np.clip(shapes + grain, 0, 255).astype(np.uint8))


def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[name].append(time.perf_counter() - start)

    return wrapped


def watch() -> None:
    """Measure the parts of a job where they are called."""
    from generation import jobs, runner
    from radrate.images import services

    jobs.claim = timed("claim", jobs.claim)
    jobs.close = timed("end of job", jobs.close)
    jobs.settle = timed("end of campaign", jobs.settle)
    runner.request_of = timed("request", runner.request_of)
    runner._store = timed("store", runner._store)
    services.raster = timed("encode", services.raster)
    services.store_together = timed("files", services.store_together)


def main(number: int) -> None:
    from django.conf import settings
    from django.db import connection

    from generation.backends.base import ImageBackend
    from generation.planning import plan_campaign
    from generation.runner import run
    from generation.services import start_campaign

    class ReadyBackend(ImageBackend):
        version = model = "ready"

        def capabilities(self) -> Capabilities:
            return Capabilities(frozenset({Operation.TEXT_TO_IMAGE}), 1, SIDE, SIDE, seed=True)

        def text_to_image(
            self, request: GenerationRequest, _context: RunContext
        ) -> GenerationResult:
            """Each image has a pixel of its own, so that each is a file of its own."""
            image = film().copy()
            for place, digit in enumerate(str(request.seeds[0])):
                image.putpixel((place, 0), int(digit))
            return GenerationResult((GeneratedImage(0, image),), "ready", "1", 0)

    sys.modules["bench.job_overhead"].ReadyBackend = ReadyBackend  # type: ignore[attr-defined]
    settings.IMAGE_BACKENDS["ready"] = {"BACKEND": "bench.job_overhead.ReadyBackend"}
    ReadyBackend.text_to_image = timed("backend", ReadyBackend.text_to_image)  # type: ignore[method-assign]
    campaign = plan_campaign(
        actor=None,
        title="Overhead",
        backend="ready",
        prompts=[(f"a knee {number}", {}) for number in range((number + WARM_UP + 99) // 100 + 1)],
        n=100,
        width=SIDE,
        height=SIDE,
        seed=1,
    )
    start_campaign(actor=None, campaign=campaign)
    watch()
    ids = list(campaign.jobs.values_list("pk", flat=True)[: number + WARM_UP])
    for count, pk in enumerate(ids):
        if count == WARM_UP:
            spent.clear()
        timed("job", run)(pk)
    total, reconnect = sum(spent["job"]), []
    for _time in range(20):
        connection.close()
        reconnect.append(timed("connection", connection.ensure_connection)())
    own = (total - sum(spent["backend"])) / number
    encode = sum(spent["encode"]) / number
    files, rows = sum(spent["files"]) / number, sum(spent["store"]) / number
    close = sum(spent["end of job"]) / number
    print(f"{number} jobs of one {SIDE} px image, mean ms of a job")
    for name, seconds in {
        "claim": sum(spent["claim"]) / number,
        "request": sum(spent["request"]) / number,
        "PNG, WebP and hash of the pixels": encode,
        "three files": files,
        "end of job": close,
        "rows and commit of image and job": rows - encode - files - close,
        "end of campaign": sum(spent["end of campaign"]) / number,
        "all of RadRate's own work": own,
        "the same without encoding": own - encode,
    }.items():
        print(f"{1000 * seconds:7.2f}  {name}")
    print(f"{1000 * statistics.median(spent['connection']):7.2f}  a new connection, once a worker")


if __name__ == "__main__":
    sys.modules.setdefault("bench.job_overhead", sys.modules["__main__"])
    with scratch():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
