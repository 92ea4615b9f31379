"""Which image stands under which label."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from radrate.studies.allocation.designs import PlannedCase, ordinals
from radrate.studies.allocation.draws import Draws

Layouts = dict[int, str]
Rows = tuple[Sequence[PlannedCase], Sequence[PlannedCase]]


def lay_out(*, cases: Rows, images: int, draws: Draws) -> tuple[Layouts, Layouts]:
    """Layouts by case number for two twin slots, each with its own cases.

    Within each slot the reference stands under every label equally often, within one: over all,
    and within each arm. `cases` are given arm by arm, those left out of "over all" last. Of two
    images, what both twins read they see on opposite sides; of more, twins that read the same
    see every image under another label.
    """
    rows = (_row(cases[0], draws), _row(cases[1], draws))
    first = draws.below(images, "first")
    places = _opposite(rows, first) if images == 2 else _in_turn(rows, first, images)
    one, two = (
        {case.number: _layout(case, place[case.number], images, draws) for case in row}
        for row, place in zip(rows, places, strict=True)
    )
    return one, two


def swapped(layout: str) -> str:
    """Every image under another label: turned on by half of the labels."""
    half = len(layout) // 2
    return layout[-half:] + layout[:-half] if half else layout


def _row(cases: Sequence[PlannedCase], draws: Draws) -> list[PlannedCase]:
    arms = ordinals((case.kind, case.arm) for case in cases)
    return sorted(
        cases, key=lambda case: (arms[case.kind, case.arm], draws.digest("side", case.number))
    )


def _layout(case: PlannedCase, place: int, images: int, draws: Draws) -> str:
    """The reference under the label `place`, then the others in drawn order, round the labels."""
    others = [image for image in range(1, images + 1) if image != case.reference]
    if len(others) > 1:
        others.sort(key=lambda image: draws.digest(f"image {image}", case.number))
    ring = [case.reference, *others]
    return "".join(str(ring[(label - place) % images]) for label in range(images))


def _in_turn(rows: Rows, first: int, images: int) -> Sequence[Mapping[int, int]]:
    """Place of the reference for each case of two rows: one label on from case to case."""
    return [
        {case.number: (first + k + twin * (images // 2)) % images for k, case in enumerate(row)}
        for twin, row in enumerate(rows)
    ]


def _opposite(rows: Rows, first: int) -> Sequence[Mapping[int, int]]:
    """Place 0 or 1 of the reference for each case of two rows.

    Cases that are paired within a row differ, and so do the two showings of a case in both rows.
    Each has at most one of either bond, so the bonds form chains and rings of even length, along
    which the places alternate; the first case of a chain, by row and index, takes its place from
    its index.
    """
    partners = [_pairs(row) for row in rows]
    places: Sequence[dict[int, int]] = ({}, {})
    in_row = [{case.number for case in row} for row in rows]
    for twin, row in enumerate(rows):
        for index, case in enumerate(row):
            todo = [(twin, case.number, (first + index + twin) % 2)]
            while todo:
                side, number, place = todo.pop()
                if number in places[side]:
                    continue
                places[side][number] = place
                if number in partners[side]:
                    todo.append((side, partners[side][number], 1 - place))
                if number in in_row[1 - side]:
                    todo.append((1 - side, number, 1 - place))
    return places


def _pairs(row: Sequence[PlannedCase]) -> dict[int, int]:
    """Neighbours within an arm are paired; what is left of each arm, with each other."""
    pairs: list[tuple[int, int]] = []
    left: list[int] = []
    for _, group in groupby(row, key=lambda case: (case.kind, case.arm)):
        numbers = [case.number for case in group]
        if len(numbers) % 2:
            left.append(numbers.pop())
        pairs += zip(numbers[::2], numbers[1::2], strict=True)
    pairs += zip(left[::2], left[1::2], strict=False)
    return {one: other for pair in pairs for one, other in (pair, pair[::-1])}
