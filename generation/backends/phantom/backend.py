"""The default backend: parametric phantoms, without weights and without network."""

import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
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
from generation.backends.phantom.defects import (
    DEFECTS,
    FAMILIES,
    FINDINGS,
    Family,
    injection,
    split,
)
from generation.backends.phantom.place import Place
from generation.backends.phantom.prompt import PromptReading, check_age_group, parse_prompt
from generation.backends.phantom.rendering import Plan, render
from generation.backends.phantom.variation import Variation

AGE_GROUPS = ("adult", "child")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to inject: the name of a defect or of a finding, at most one, and its strength."""

    defect: str = ""
    finding: str = ""
    strength: float = 1.0

    @property
    def name(self) -> str:
        return self.defect or self.finding


class PhantomBackend(ImageBackend):
    """Simulated radiographs.

    `params["defect"]` or `params["finding"]` names what is injected, `params["strength"]` (above 0,
    up to 1) how plain it is, `params["age_group"]` is adult or child; the prompt may name each
    instead.
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
        asked = _asked(request.params, reading)
        images = []
        for index, seed in enumerate(request.seeds or _seeds(request)):
            context.raise_if_cancelled()
            images.append(self._image(request, reading, asked, index, seed))
            context.progress((index + 1) / request.n, f"{index + 1}/{request.n}")
        seconds = time.monotonic() - started
        return GenerationResult(tuple(images), self.model, self.version, seconds)

    def _image(
        self,
        request: GenerationRequest,
        reading: PromptReading,
        asked: Asked,
        index: int,
        seed: int,
    ) -> GeneratedImage:
        plan = _plan(reading, asked, seed, request.width, request.height)
        rendering = render(plan)
        return GeneratedImage(
            index=index,
            image=rendering.image,
            seed=seed,
            simulated=not asked.name,
            anatomy=Anatomy(
                body_part_examined=plan.region,
                view_position=plan.view,
                image_laterality=plan.side,
                age_group=plan.age_group,
                finding=split(asked.finding)[0].replace("_", " ") if asked.finding else "normal",
            ),
            metadata={
                "reading": asdict(reading),
                "defect": asked.defect,
                "finding": asked.finding,
                "strength": asked.strength,
                **_where(rendering.place),
                "marker": rendering.marker,
                "phantom_version": self.version,
                "pixel_spacing_mm": round(rendering.spacing, 4),
            },
        )


def _where(place: Place | None) -> dict[str, object]:
    """The known answer: kind, bones, box (left, top, right, bottom) and mask (a PNG in base64)."""
    return {
        "defect_kind": place.kind if place else "",
        "defect_bones": place.bones if place else (),
        "defect_box": place.box if place else None,
        "defect_mask": place.png() if place else "",
    }


def _plan(reading: PromptReading, asked: Asked, seed: int, width: int, height: int) -> Plan:
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
        region=reading.region,
        view=reading.view,
        side=side,
        marker=marker,
        defect=asked.name,
        seed=seed,
        width=width,
        height=height,
        strength=asked.strength,
        age_group=reading.age_group,
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


def _asked(params: Mapping[str, Any], reading: PromptReading) -> Asked:
    """The one thing asked for by the parameters or in the prompt; empty for an intact film."""
    defects = {*reading.defects, _name(params, "defect")} - {""}
    findings = {reading.finding, _name(params, "finding")} - {""}
    if len(defects) + len(findings) > 1:
        raise Unsupported("The phantom shows one defect or finding at a time.")
    asked = Asked("".join(defects), "".join(findings), _strength(params))
    _check(asked.defect, DEFECTS, "defect", reading)
    _check(asked.finding, FINDINGS, "finding", reading)
    if "strength" in params and not (asked.name and FAMILIES[split(asked.name)[0]].graded):
        raise InvalidRequest("The parameter “strength” needs a defect or finding that has degrees.")
    return asked


def _name(params: Mapping[str, Any], parameter: str) -> str:
    name = params.get(parameter) or ""
    if not isinstance(name, str):
        raise InvalidRequest(f"The parameter “{parameter}” must be a name.")
    return name.strip().replace(" ", "_")


def _strength(params: Mapping[str, Any]) -> float:
    strength = params.get("strength", 1.0)
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0 < strength <= 1:
        raise InvalidRequest("The parameter “strength” must be a number above 0, up to 1.")
    return float(strength)


def _check(name: str, known: Mapping[str, Family], what: str, reading: PromptReading) -> None:
    """Raise Unsupported where the phantom has no such thing, or not in this view."""
    if name and split(name)[0] not in known:
        raise Unsupported(f"The phantom has no {what} “{name}”.")
    if name and reading.age_group != "adult":
        raise Unsupported("The phantom shows defects and findings in adults only.")
    if name:
        injection(name, reading.region, reading.view)


def _seeds(request: GenerationRequest) -> tuple[int, ...]:
    """The same for a redelivered request, so that it is the same picture."""
    return tuple(zlib.crc32(f"{request.request_id}/{index}".encode()) for index in range(request.n))
