"""The bones of a view by name: which parts make one up, and which bones some words mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from generation.backends.phantom.defects.sites import GROUPS, OWNERS
from generation.backends.phantom.parts import Material, Part, Points

Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Bone:
    """A bone of `parts`, of which the first gives it its shape."""

    name: str
    parts: Parts

    @property
    def outlines(self) -> tuple[Points, ...]:
        return tuple(outline for part in self.parts for outline in part.outlines)


def bones(parts: Parts) -> dict[str, Bone]:
    """Every bone by name. A part whose name begins with that of a bone is a part of that bone."""
    names = {part.name for part in parts if part.material is Material.BONE}
    found: dict[str, list[Part]] = {}
    for part in parts:
        owner = owner_of(part.name, names)
        if owner in names:
            found.setdefault(owner, []).append(part)
    for name, members in found.items():
        members.sort(key=lambda part: part.name != name)
    return {name: Bone(name, tuple(members)) for name, members in found.items()}


def owner_of(name: str, names: set[str]) -> str:
    """The bone that a part goes with: “mandible” for “lower tooth 3 root”."""
    for start, owner in OWNERS.items():
        if name.startswith(start):
            side = re.search(r" (?:left|right)\b", name)
            name = owner + (side.group() if side and f"{owner}{side.group()}" in names else "")
    words = name.split()
    starts = (" ".join(words[:count]) for count in range(1, len(words) + 1))
    return next((start for start in starts if start in names), name)


def named(parts: Parts, name: str) -> Bone:
    """The bone of that name, or a single part of it as if it were one."""
    found = bones(parts).get(name)
    return found or Bone(name, tuple(part for part in parts if part.name == name))


def meant(words: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that `words` mean: the one that they are, else all that hold them in this order.

    A side may stand before the bone, and capitals make no difference.
    """
    spoken = {words.lower(), side_last(words.lower())}
    names = tuple(names)
    if exact := tuple(name for name in names if name.lower() in spoken):
        return exact
    if group := GROUPS.get(words):
        return tuple(name for name in names if re.fullmatch(group, name))
    return tuple(name for name in names if any(f" {w} " in f" {name.lower()} " for w in spoken))


def side_last(words: str) -> str:
    """“left clavicle” as “clavicle left”, the way parts are named."""
    return re.sub(r"^(left|right) (.+)$", r"\2 \1", words)
