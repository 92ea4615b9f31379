"""What an edit is done to, as the one line of text in which presets and people write it.

PELVIS AP | region=left hip          a radiograph of the library, a region of it erased
KNEE AP R | random=0.1, seed=3       an area of a tenth, by chance
image ID | mask=ID                   this radiograph with a mask that was drawn on it
KNEE AP | right=0.5                  continued beyond its right border by half its width
KNEE AP | top=4, bottom=1, side=320  the source brought to 320 px before it is continued
CHEST PA | region=left lung, count=3 the first three radiographs that fit
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from generation.prompts import SEPARATOR, format_params, parse
from radrate.errors import DomainError
from radrate.images.terms import normalise_body_part, normalise_laterality, normalise_view

SIDES = ("left", "top", "right", "bottom")
MASKS = ("region", "random", "mask")
OTHERS = ("seed", "side", "count")
MOST_MARGIN = 8.0
MOST_COUNT = 200
SIDE = (64, 4096)


@dataclass(frozen=True, slots=True)
class Target:
    """One line. `wanted` are DICOM attributes, or `image` is the radiograph itself; either a mask
    (`recipe` or the id of one that exists) or `margins` as shares of the source's sides."""

    image: UUID | None = None
    wanted: Mapping[str, str] = field(default_factory=dict)
    recipe: Mapping[str, Any] = field(default_factory=dict)
    mask: UUID | None = None
    margins: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    side: int | None = None
    count: int = 1
    line: str = ""

    @property
    def extends(self) -> bool:
        return any(self.margins)

    @property
    def name(self) -> str:
        """The source in words."""
        return self.line.partition(SEPARATOR)[0]


def parse_target(line: str) -> Target:
    """Read one line. Raises DomainError with what is wrong."""
    words, params = parse(line)
    unknown = set(params) - {*SIDES, *MASKS, *OTHERS}
    if unknown:
        raise DomainError(_("“%(line)s”: unknown: %(names)s.") % _named(line, unknown))
    given = [name for name in MASKS if name in params]
    margins = tuple(_share(line, name, params.get(name, 0)) for name in SIDES)
    if len(given) + any(margins) != 1:
        raise DomainError(
            _("“%s”: give one of region, random or mask, or margins such as right=0.5.") % line
        )
    return Target(
        **_source(line, words),
        recipe=_recipe(line, params),
        mask=_uuid(line, params["mask"]) if "mask" in params else None,
        margins=margins,
        side=_whole(line, "side", params["side"], SIDE) if "side" in params else None,
        count=_whole(line, "count", params.get("count", 1), (1, MOST_COUNT)),
        line=f"{words}{SEPARATOR}{format_params(params)}",
    )


def image_line(image: UUID, params: Mapping[str, Any]) -> str:
    """The line of one radiograph, named by its identifier."""
    return f"image {image}{SEPARATOR}{format_params(params)}"


def parse_targets(text: str) -> list[Target]:
    """One a line, blank lines left out. Raises DomainError."""
    return [parse_target(line) for line in text.splitlines() if line.strip()]


def _source(line: str, words: str) -> dict[str, Any]:
    first, *rest = words.split() or [""]
    if first.lower() == "image" and len(rest) == 1:
        return {"image": _uuid(line, rest[0])}
    body_part = normalise_body_part(first)
    if not body_part:
        raise DomainError(_("“%s” names no body part.") % line)
    wanted = {"body_part_examined": body_part}
    for word in rest:
        side = normalise_laterality(word)
        name = "image_laterality" if side else "view_position"
        if name in wanted:
            raise DomainError(_("“%s” names two views or sides.") % line)
        wanted[name] = side or normalise_view(word)
    return {"wanted": wanted}


def _recipe(line: str, params: Mapping[str, Any]) -> dict[str, Any]:
    if "region" in params:
        return {"region": str(params["region"])}
    if "random" in params:
        seed = _whole(line, "seed", params.get("seed", 0), (0, 2**31 - 1))
        return {"random": {"area": _share(line, "random", params["random"]), "seed": seed}}
    return {}


def _share(line: str, name: str, value: Any) -> float:
    if isinstance(value, bool | str) or not 0 <= value <= MOST_MARGIN:
        raise DomainError(_("“%(line)s”: %(names)s is a share such as 0.5.") % _named(line, [name]))
    return float(value)


def _whole(line: str, name: str, value: Any, limits: tuple[int, int]) -> int:
    if type(value) is not int or not limits[0] <= value <= limits[1]:
        raise DomainError(
            _("“%(line)s”: %(names)s is a whole number from %(least)s to %(most)s.")
            % {**_named(line, [name]), "least": limits[0], "most": limits[1]}
        )
    return value


def _uuid(line: str, value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise DomainError(_("“%s”: this is not an identifier.") % line) from None


def _named(line: str, names: Any) -> dict[str, str]:
    return {"line": line, "names": ", ".join(sorted(names))}
