"""Everything that is random in an allocation: SHA-256 of a line of text, so that anyone can draw
the same in any language."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

EVERYONE = "all"


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of one phase for a slot, for a pair of twin slots, or for `EVERYONE`."""

    seed: int
    phase: int
    who: int | str

    def digest(self, purpose: str, number: int) -> bytes:
        text = f"{self.seed}:{self.phase}:{self.who}:{purpose}:{number}"
        return hashlib.sha256(text.encode()).digest()

    def below(self, limit: int, purpose: str, number: int = 0) -> int:
        """0 to limit - 1: the first eight bytes, big-endian, modulo the limit."""
        return int.from_bytes(self.digest(purpose, number)[:8]) % limit

    def shuffled(self, numbers: Iterable[int], purpose: str) -> list[int]:
        """In the order of their digests."""
        return sorted(numbers, key=lambda number: self.digest(purpose, number))


def spread(total: int, take: int, offset: int) -> list[int]:
    """`take` of the indices 0 to total - 1, at equal steps; `offset` is 0 to total - 1.

    Of any run of indices it takes its share, rounded down or up (systematic sampling).
    """
    return [(step * total + offset) // take for step in range(take)]
