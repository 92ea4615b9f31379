"""Order and sides for one reader slot. Pure, and only SHA-256 and sorting, so that anyone can
recompute an allocation in any language from the seed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands for a reader: position and block count from 1; `layout` as stored."""

    case_number: int
    position: int
    block: int
    layout: str


def draw(seed: int, slot: int, purpose: str, number: int) -> bytes:
    return hashlib.sha256(f"{seed}:{slot}:{purpose}:{number}".encode()).digest()


def allocate(
    *, cases: Sequence[tuple[int, int]], seed: int, slot: int, block_size: int
) -> list[Place]:
    """Order the cases, given as (case number, arm), and choose sides for the reader in `slot`.

    The reference stands on A as often as on B, within one, over all cases and within each arm.
    Slots 2k and 2k+1 see every case with opposite sides.
    """
    twin = slot // 2
    by_arm = sorted(cases, key=lambda case: (case[1], draw(seed, twin, "side", case[0])))
    first = (draw(seed, twin, "first", 0)[0] + slot) % 2
    layouts = {number: ("12", "21")[(first + k) % 2] for k, (number, _) in enumerate(by_arm)}
    order = sorted((number for number, _ in cases), key=lambda n: draw(seed, slot, "order", n))
    return [
        Place(number, position, (position - 1) // block_size + 1, layouts[number])
        for position, number in enumerate(order, start=1)
    ]
