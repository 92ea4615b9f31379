"""The rows of a campaign: prompts × what they are done to, found in the library."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from generation.backends.base import Operation
from generation.masking import make_mask
from generation.masks import regions_of
from generation.models import Mask
from generation.prompts import SEPARATOR, Prompt
from generation.sources import best_sources, sources, working_size
from generation.targets import Target
from radrate.errors import DomainError
from radrate.images.models import Radiograph
from radrate.images.terms import spoken

Margins = tuple[int, int, int, int]
NO_MARGINS: Margins = (0, 0, 0, 0)
LARGEST_SIDE = 8192


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix; `width` and `height` are those of its results, in px. A mask is a row
    of the database or, until the plan is written, the recipe of one."""

    prompt: Prompt
    width: int
    height: int
    source: Radiograph | None = None
    mask: Mask | None = None
    recipe: Mapping[str, Any] = field(default_factory=dict)
    margins: Margins = NO_MARGINS
    line: str = ""

    @property
    def caption(self) -> str:
        """The line, with names where it has identifiers."""
        name, _bar, params = self.line.partition(SEPARATOR)
        if name.startswith("image "):
            name = str(self.source)
        return f"{name}{SEPARATOR}{self.mask.label if self.mask else params}"

    @property
    def identity(self) -> tuple[Any, ...]:
        """What must not stand there twice."""
        return (
            self.prompt.text,
            json.dumps([self.prompt.params, self.recipe], sort_keys=True),
            self.source and self.source.pk,
            self.mask and self.mask.pk,
            self.margins,
        )


def rows_of(
    *,
    actor: Any,
    prompts: Sequence[Prompt],
    targets: Sequence[Target],
    operation: Operation,
    size: tuple[int, int],
) -> tuple[list[Row], list[dict[str, str]]]:
    """The rows, and what no source was found for, as {target, reason}. Raises DomainError."""
    if operation is Operation.TEXT_TO_IMAGE:
        return [Row(prompt, *size) for prompt in prompts], []
    rows, left_out = [], []
    for target in targets:
        if target.extends != (operation is Operation.OUTPAINT):
            raise DomainError(
                _("“%s”: inpainting needs a mask, outpainting needs margins.") % target.line
            )
        found = _found(actor, target)
        if len(found) < target.count:
            reason = _("The library holds %(found)s of %(count)s such radiographs.") % {
                "found": len(found),
                "count": target.count,
            }
            left_out.append({"target": target.line, "reason": reason})
        rows += [
            _edited(prompt, target, source, max(size)) for source in found for prompt in prompts
        ]
    return rows, left_out


def _found(actor: Any, target: Target) -> list[Radiograph]:
    if target.image is None:
        return best_sources(actor, target.wanted, target.count)
    source = sources(actor).filter(pk=target.image).first()
    if source is None:
        raise DomainError(_("“%s”: there is no such accepted radiograph.") % target.line)
    return [source]


def _edited(prompt: Prompt, target: Target, source: Radiograph, side: int) -> Row:
    width, height = working_size(source, target.side or side)
    left, right = (round(target.margins[k] * width) for k in (0, 2))
    top, bottom = (round(target.margins[k] * height) for k in (1, 3))
    size = width + left + right, height + top + bottom
    if max(size) > LARGEST_SIDE:
        raise DomainError(
            _("“%(line)s”: this would be larger than %(side)s px; give a smaller side.")
            % {"line": target.line, "side": LARGEST_SIDE}
        )
    text = prompt.text.replace("{region}", spoken(source.body_part_examined))
    return Row(
        prompt=prompt._replace(text=text),
        width=size[0],
        height=size[1],
        source=source,
        mask=_mask(target, source),
        recipe=_checked(target, source),
        margins=(left, top, right, bottom),
        line=target.line,
    )


def _mask(target: Target, source: Radiograph) -> Mask | None:
    if target.mask is None:
        return None
    mask = Mask.objects.filter(pk=target.mask, source=source).first()
    if mask is None:
        raise DomainError(_("“%s”: this radiograph has no such mask.") % target.line)
    return mask


def _checked(target: Target, source: Radiograph) -> Mapping[str, Any]:
    """The recipe, whose region must exist for this body part."""
    region = target.recipe.get("region")
    regions = regions_of(source.body_part_examined)
    if region is not None and region not in regions:
        raise DomainError(
            _("“%(line)s”: the regions are: %(names)s.")
            % {"line": target.line, "names": ", ".join(regions)}
        )
    return target.recipe


def with_masks(rows: Iterable[Row], *, actor: Any) -> list[Row]:
    """The same rows with the masks of their recipes in the database."""
    return [
        replace(row, mask=make_mask(actor=actor, source=row.source, recipe=row.recipe), recipe={})
        if row.recipe and row.source is not None
        else row
        for row in rows
    ]
