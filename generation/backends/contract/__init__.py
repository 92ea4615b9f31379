"""What every backend must do, as tests that its author runs.

    from generation.backends.contract import BackendContract

    class TestGrey(BackendContract):
        def backend(self):
            return GreyBackend("grey", {})

Needs pytest and nothing else of ours: neither a database nor Django. Override `prompt`, `params`,
`source` and what else does not fit. A failure says what was promised and what came.
"""

import numpy as np
import pytest

from generation.backends.base import Cancelled, InvalidRequest, Operation, Unsupported
from generation.backends.contract.asking import SEEDS, Asking, Recorder
from generation.backends.contract.judging import (
    decoded,
    must,
    must_be_json,
    outcomes,
    pixels_of,
    sizes_not_offered,
    without_models_and_network,
)

__all__ = ["BackendContract", "Recorder"]


class BackendContract(Asking):
    """Subclass it under a name that begins with Test, and say what `backend` is."""

    # What it is ---------------------------------------------------------------------------------

    def test_building_and_checking_load_no_model_and_ask_no_network(self) -> None:
        with without_models_and_network():
            backend = self.backend()
            backend.capabilities()
            problems = backend.check()
        must(isinstance(problems, list), "check() gives a list of problems in words")
        must(all(isinstance(one, str) and one for one in problems), "each problem is in words")
        must(not problems, f"the backend of these tests is ready; it says {problems}")

    def test_it_says_what_it_is_and_what_it_can(self) -> None:
        backend = self.backend()
        can = backend.capabilities()
        must(bool(backend.version and backend.model), "version and model have names")
        must(can == self.backend().capabilities(), "the capabilities are the same each time")
        must(bool(can.operations), "at least one operation is offered")
        must(can.max_outputs >= 1, "a request has at least one output")
        must(1 <= can.min_side <= can.max_side, "the limits of a side are in order")
        for size in can.sizes or ():
            fits = all(can.min_side <= side <= can.max_side for side in size)
            must(fits, f"the size {size} that is offered is within the limits")
            even = not any(side % can.size_multiple for side in size)
            must(even, f"the size {size} that is offered is a multiple of {can.size_multiple}")

    # What it answers ----------------------------------------------------------------------------

    def test_each_index_has_exactly_one_outcome(self) -> None:
        for operation in self.offered():
            for n in sorted({1, self.enough()}):
                result = self.result(operation, n)
                indices = sorted(image.index for image in result.images)
                must(indices == list(range(n)), f"{operation}: {n} indices, not {indices}")
                for image in result.images:
                    must(
                        outcomes(image) == 1,
                        f"{operation}: output {image.index} is an image, a refusal or unsupported",
                    )

    def test_images_have_the_size_that_was_asked_for(self) -> None:
        for operation in self.offered():
            for size in self.sizes():
                for image in self.images(operation, 1, size):
                    made = decoded(image).size
                    must(made == size, f"{operation}: an image is {size}, not {made}")

    def test_the_same_seed_gives_the_same_image_alone_and_among_others(self) -> None:
        can = self.capabilities()
        if not can.seed:
            pytest.skip("seeds are not claimed to be honoured")
        for operation in self.offered():
            n = self.enough()
            among = self.images(operation, n, request_id="contract-1")
            alone = self.images(operation, 1, seeds=SEEDS[n - 1 : n], request_id="contract-2")
            seeds = [image.seed for image in among]
            must(seeds == list(SEEDS[:n]), f"{operation}: each image tells its seed, not {seeds}")
            change = float(np.abs(pixels_of(among[-1]) - pixels_of(alone[0])).max())
            must(
                change <= self.seed_tolerance,
                f"{operation}: one seed gives one image; two differ by {change:g} grey levels",
            )
            if n > 1:
                differ = (
                    np.abs(pixels_of(among[0]) - pixels_of(among[1])).max() > self.seed_tolerance
                )
                must(bool(differ), f"{operation}: two seeds give two images")

    def test_outside_of_the_mask_an_edit_is_its_source(self) -> None:
        if Operation.INPAINT not in self.offered():
            pytest.skip("nothing is inpainted")
        request = self.request(Operation.INPAINT, self.enough())
        source = np.asarray(self.source((request.width, request.height)), np.float32)
        generate = np.asarray(self.mask((request.width, request.height))) > 127
        made = [pixels_of(image) for image in self.images(Operation.INPAINT, request.n)]
        for number, pixels in enumerate(made):
            change = float(np.abs(pixels - source)[~generate].max())
            must(change == 0, f"outside of the mask output {number} changes by {change:g}")
        changed = any(np.abs(pixels - source)[generate].max() > 0 for pixels in made)
        must(changed, "within the mask something is generated")

    def test_around_its_source_an_outpainting_is_new_and_within_it_the_source(self) -> None:
        if Operation.OUTPAINT not in self.offered():
            pytest.skip("nothing is outpainted")
        request = self.request(Operation.OUTPAINT, 1)
        left, top, right, bottom = request.margins
        inner = (slice(top, request.height - bottom), slice(left, request.width - right))
        pixels = pixels_of(self.images(Operation.OUTPAINT, 1)[0])
        source = np.asarray(request.image, np.float32)
        must(bool((pixels[inner] == source).all()), "within its box the source is unchanged")
        around = pixels.copy()
        around[inner] = 0
        must(bool(around.any()), "around the source something is generated")

    def test_the_request_is_left_as_it_was(self) -> None:
        for operation in self.offered():
            request = self.request(operation, 1)
            before = [part and part.tobytes() for part in (request.image, request.mask)]
            self.run(request)
            after = [part and part.tobytes() for part in (request.image, request.mask)]
            must(before == after, f"{operation}: source and mask are not drawn upon")

    def test_what_is_told_about_a_result_can_be_stored(self) -> None:
        for operation in self.offered():
            result = self.result(operation, 1)
            must(bool(result.model and result.backend_version), "model and version have names")
            must(result.seconds >= 0, f"{operation}: it took {result.seconds} s")
            must_be_json(result.usage, f"{operation}: usage")
            for image in result.images:
                must_be_json(image.metadata, f"{operation}: metadata")

    # What it will not do ------------------------------------------------------------------------

    def test_a_request_outside_of_the_capabilities_is_invalid(self) -> None:
        can = self.capabilities()
        operation = self.offered()[0]
        for n in (0, -1, can.max_outputs + 1):
            request = self.request(operation, n, seeds=())
            self.must_raise(InvalidRequest, request, f"{n} outputs")
        self.must_raise(
            InvalidRequest, self.request(operation, 1, seeds=(1, 2)), "two seeds for one output"
        )
        if Operation.TEXT_TO_IMAGE in self.offered():
            for size in sizes_not_offered(can):
                request = self.request(Operation.TEXT_TO_IMAGE, 1, size)
                self.must_raise(InvalidRequest, request, f"the size {size}")

    def test_an_operation_that_is_not_offered_is_unsupported(self) -> None:
        can = self.capabilities()
        for operation in [one for one in Operation if not can.offers(one)]:
            self.must_raise(Unsupported, self.request(operation, 1), f"the operation {operation}")

    def test_a_cancelled_job_is_not_begun(self) -> None:
        for operation in self.offered():
            context = Recorder(cancel_after=0, guides=self.guides())
            request = self.request(operation, self.enough())
            self.must_raise(Cancelled, request, f"{operation} of a cancelled job", context)
            must(not context.fractions, f"{operation}: a cancelled job makes no progress")

    def test_a_job_that_is_cancelled_on_its_way_ends_there(self) -> None:
        for operation in self.offered():
            context = Recorder(cancel_after=1, guides=self.guides())
            request = self.request(operation, self.enough())
            try:
                self.run(request, context)
            except Cancelled:
                told = context.fractions
                must(len(told) <= 1, f"{operation}: nothing more is done when cancelled: {told}")
            else:
                done = context.fractions[:1] in ([], [1])
                must(done, f"{operation}: cancelled at {context.fractions[:1]}, yet it went on")

    def test_progress_goes_from_0_to_1_and_never_back(self) -> None:
        for operation in self.offered():
            context = Recorder(guides=self.guides())
            self.run(self.request(operation, self.enough()), context)
            told = context.fractions
            must(all(0 <= one <= 1 for one in told), f"{operation}: progress is 0 to 1: {told}")
            must(told == sorted(told), f"{operation}: progress never goes back: {told}")
            must(told[-1:] == [1], f"{operation}: progress ends at 1: {told}")

    def test_closing_twice_does_no_harm(self) -> None:
        backend = self.backend()
        backend.run(self.request(self.offered()[0], 1), Recorder(guides=self.guides()))
        backend.close()
        backend.close()
