"""What no plan may do, checked on the plan itself."""

from collections.abc import Hashable, Iterable, Mapping

from radrate.studies.allocation.designs import Place


def shown_twice(
    places: Iterable[Place], images: Mapping[int, Iterable[Hashable]]
) -> list[tuple[int, int]]:
    """Pairs of cases of one reader that have something in common of `images`, which holds for
    each case number what must not be seen twice: its images, their kin, their subjects.

    Repeats and second sessions show the same case again; that is meant.
    """
    owner: dict[Hashable, int] = {}
    found = []
    for number in dict.fromkeys(place.case_number for place in places):
        for image in set(images[number]):
            first = owner.setdefault(image, number)
            if first != number:
                found.append((first, number))
    return list(dict.fromkeys(found))
