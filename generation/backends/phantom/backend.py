"""The default backend: parametric phantoms, without weights and without network."""

import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from generation.backends.base import (
    Anatomy,
    Capabilities,
    GeneratedImage,
    GenerationRequest,
    GenerationResult,
    ImageBackend,
    InvalidRequest,
    Operation,
    RunContext,
    Unsupported,
)
from generation.backends.phantom.atlas import PAIRED
from generation.backends.phantom.defects import DEFECTS
from generation.backends.phantom.prompt import PromptReading, check_age_group, parse_prompt
from generation.backends.phantom.rendering import Plan, render
from generation.backends.phantom.variation import Variation

AGE_GROUPS = ("adult", "child")


class PhantomBackend(ImageBackend):
    """Simulated radiographs.

    `params["defect"]` names a defect to inject, `params["age_group"]` is adult or child; each may
    stand in the prompt instead.
    """

    version = "2"
    model = "radrate-phantom"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            operations=frozenset({Operation.TEXT_TO_IMAGE}),
            max_outputs=8,
            min_side=256,
            max_side=1024,
            size_multiple=8,
            seed=True,
            progress=True,
            simulates=True,
        )

    def text_to_image(self, request: GenerationRequest, context: RunContext) -> GenerationResult:
        """One film per seed; without seeds they follow from the request's id.

        Raises Unsupported for a prompt or a defect that cannot be shown, Cancelled between images.
        """
        started = time.monotonic()
        reading = _of_age(request.params, parse_prompt(request.prompt))
        defect = _defect(request.params, reading)
        images = []
        for index, seed in enumerate(request.seeds or _seeds(request)):
            context.raise_if_cancelled()
            images.append(self._image(request, reading, defect, index, seed))
            context.progress((index + 1) / request.n, f"{index + 1}/{request.n}")
        seconds = time.monotonic() - started
        return GenerationResult(tuple(images), self.model, self.version, seconds)

    def _image(
        self, request: GenerationRequest, reading: PromptReading, defect: str, index: int, seed: int
    ) -> GeneratedImage:
        plan = _plan(reading, defect, seed, request.width, request.height)
        rendering = render(plan)
        return GeneratedImage(
            index=index,
            image=rendering.image,
            seed=seed,
            simulated=not defect,
            anatomy=Anatomy(
                body_part_examined=plan.region,
                view_position=plan.view,
                image_laterality=plan.side,
                age_group=plan.age_group,
                finding="normal",
            ),
            metadata={
                "reading": asdict(reading),
                "defect": defect,
                "defect_box": rendering.defect_box,
                "marker": plan.marker,
                "phantom_version": self.version,
                "pixel_spacing_mm": round(rendering.spacing, 4),
            },
        )


def _plan(reading: PromptReading, defect: str, seed: int, width: int, height: int) -> Plan:
    """Fill in what the prompt left open: the side of a paired region, the marker's letter."""
    seed %= 2**64
    vary = Variation(seed)
    by_seed = vary.choice("side", ("L", "R"))
    if reading.region in PAIRED:
        side = marker = reading.laterality or by_seed
    else:
        side = ""
        marker = (reading.laterality or "L") if reading.view == "LATERAL" else by_seed
    return Plan(
        reading.region, reading.view, side, marker, defect, seed, width, height, reading.age_group
    )


def _of_age(params: Mapping[str, Any], reading: PromptReading) -> PromptReading:
    """The reading for the age that the parameter asks for, or else the prompt."""
    asked = params.get("age_group") or reading.age_group
    if asked not in AGE_GROUPS:
        raise InvalidRequest("The parameter “age_group” must be adult or child.")
    if asked == "adult" and reading.age_group == "child":
        raise Unsupported("The prompt asks for a child, the parameter “age_group” for an adult.")
    check_age_group(asked, reading.region)
    return replace(reading, age_group=asked)


def _defect(params: Mapping[str, Any], reading: PromptReading) -> str:
    """The one defect asked for by the parameter or in the prompt; empty for an intact film."""
    asked = params.get("defect") or ""
    if not isinstance(asked, str):
        raise InvalidRequest("The parameter “defect” must be a name.")
    names = {*reading.defects, asked} - {""}
    if len(names) > 1:
        raise Unsupported("The phantom shows one defect at a time.")
    for name in names:
        _check_defect(name, reading)
        return name
    return ""


def _check_defect(name: str, reading: PromptReading) -> None:
    defect = DEFECTS.get(name)
    if defect is None:
        raise Unsupported(f"The phantom has no defect “{name}”.")
    if reading.age_group != "adult":
        raise Unsupported("The phantom shows defects in adults only.")
    if reading.region not in defect.regions or reading.view not in defect.views:
        where = f"{reading.region.lower()} {reading.view}"
        raise Unsupported(f"The phantom cannot show “{defect.label}” in {where}.")


def _seeds(request: GenerationRequest) -> tuple[int, ...]:
    """The same for a redelivered request, so that it is the same picture."""
    return tuple(zlib.crc32(f"{request.request_id}/{index}".encode()) for index in range(request.n))
