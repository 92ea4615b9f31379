"""What the diffusers backend costs over calling its pipeline: python -m bench.diffusers_overhead

Both make the same images by the same model, in turns, with a call of two seconds or more. The model
is tiny and its weights are random, so its steps are shorter than any real one's and the ratio is
the worst that can be. The database's part of a job is not in it. On a busy machine trust the
processor's time more than the clock's.
"""

import argparse
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from generation.backends.base import Anatomy, GenerationRequest, Guide, Operation
from generation.backends.diffusers import DiffusersBackend

PROMPT = "An X-ray of the knee"
SEEDS = (11, 12, 13, 14)
LEAST_S = 2.0
TARGET = 1.05


class Silent:
    """A context that nobody listens to."""

    def progress(self, fraction: float, note: str = "") -> None:
        pass

    def raise_if_cancelled(self) -> None:
        pass

    def guides(self, anatomy: Anatomy, most: int) -> Sequence[Guide]:  # noqa: ARG002
        return ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a folder of your own instead of the tiny one")
    parser.add_argument("--side", type=int, default=256, help="px; at most 1024")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        measure(options.model or tiny_model(Path(folder)), options.side, options.rounds)


def tiny_model(folder: Path) -> Path:
    from tests.generation.backends.diffusers import tiny

    tiny.build(folder / "plain")
    return folder / "plain"


def measure(model: Path, side: int, rounds: int) -> None:
    backend = DiffusersBackend("sd", {"MODEL": str(model), "BATCH": len(SEEDS)})
    direct = direct_call(model, side)
    steps = enough_steps(direct)

    def through_radrate() -> None:
        request = GenerationRequest(
            request_id="bench",
            operation=Operation.TEXT_TO_IMAGE,
            prompt=PROMPT,
            n=len(SEEDS),
            width=side,
            height=side,
            seeds=SEEDS,
            params={"steps": steps},
        )
        backend.run(request, Silent())

    through_radrate()  # loads
    pairs = []
    for number in range(rounds):
        order = [lambda: direct(steps), through_radrate]
        first = number % 2
        times = [seconds(order[first]), seconds(order[1 - first])]
        pairs.append((times[first], times[1 - first]))
    report(pairs, steps)


def direct_call(model: Path, side: int) -> Callable[[int], Any]:
    """The pipeline as its documentation calls it, each image with the generator of its seed."""
    import torch
    from diffusers import AutoPipelineForText2Image

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    pipeline = AutoPipelineForText2Image.from_pretrained(model, dtype=dtype, local_files_only=True)
    pipeline.to(device)
    pipeline.set_progress_bar_config(disable=True)

    def call(steps: int) -> Any:
        return pipeline(
            PROMPT,
            width=side,
            height=side,
            num_images_per_prompt=len(SEEDS),
            generator=[torch.Generator("cpu").manual_seed(seed) for seed in SEEDS],
            num_inference_steps=steps,
        ).images

    return call


def enough_steps(direct: Callable[[int], Any]) -> int:
    """So many that a direct call takes long enough."""
    direct(2)  # warm
    seconds_a_step = min(seconds(lambda: direct(20))) / 20
    return max(20, min(200, round(1.2 * LEAST_S / seconds_a_step)))


class Times(NamedTuple):
    clock: float
    processor: float


def seconds(call: Callable[[], Any]) -> Times:
    started = time.perf_counter(), time.process_time()
    call()
    return Times(time.perf_counter() - started[0], time.process_time() - started[1])


def report(pairs: list[tuple[Times, Times]], steps: int) -> None:
    print(f"{len(SEEDS)} images of {steps} steps, {len(pairs)} rounds in turns; target {TARGET}")
    for kind in Times._fields:
        direct = [getattr(alone, kind) for alone, _through in pairs]
        radrate = [getattr(through, kind) for _alone, through in pairs]
        ratios = [one / other for one, other in zip(radrate, direct, strict=True)]
        middle = [statistics.median(values) for values in (direct, radrate, ratios)]
        print(
            f"{kind:9}  alone {middle[0]:6.2f} s  through RadRate {middle[1]:6.2f} s  "
            f"ratio {middle[2]:.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        )
    if statistics.median(alone.clock for alone, _through in pairs) < LEAST_S:
        print(f"The call is shorter than {LEAST_S:.0f} s: take a larger --side.")


if __name__ == "__main__":
    main()
