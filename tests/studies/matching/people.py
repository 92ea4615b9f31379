"""Small populations of images for the tests of matching."""

from uuid import UUID

from hypothesis import strategies as st

from radrate.studies.matching import Item

PLAIN = {
    "body_part_examined": "KNEE",
    "view_position": "AP",
    "image_laterality": "",
    "age_group": "",
    "finding": "",
}


def item(number: int, *, kin=(), subjects=(), **attributes: str) -> Item:
    own = UUID(int=number)
    return Item(
        id=own,
        attributes=PLAIN | attributes,
        kin=frozenset({own, *(UUID(int=k) for k in kin)}),
        subjects=frozenset(subjects),
    )


SIDES = st.sampled_from(["", "L", "R"])
PARTS = st.sampled_from(["KNEE", "HAND", ""])
PEOPLE = st.sets(st.sampled_from(["a", "b", "c", "d"]), max_size=2)


def population(first: int, most: int = 7):
    row = st.tuples(PARTS, SIDES, PEOPLE)
    return st.lists(row, max_size=most).map(
        lambda rows: [
            item(first + k, body_part_examined=part, image_laterality=side, subjects=people)
            for k, (part, side, people) in enumerate(rows)
        ]
    )


def nobody_twice(items):
    """No two of them are one, kin, or of one person."""
    assert len({one.id for one in items}) == len(items)
    for k, one in enumerate(items):
        assert not any(one.related_to(other) for other in items[k + 1 :])


def all_alike(items):
    for name in ("body_part_examined", "view_position"):
        assert len({one.attributes[name] for one in items}) == 1
        assert items[0].attributes[name]
    assert len({one.attributes["image_laterality"] for one in items} - {""}) <= 1
