from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from radrate.studies.matching import (
    DEFAULT_RULES,
    NO_SUCH_REFERENCE,
    REFERENCES_USED_UP,
    SHARES_A_SUBJECT,
    Item,
    match,
)

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


def matched(candidates, references, *, seed=1, rules=DEFAULT_RULES):
    return match(candidates=candidates, references=references, rules=rules, seed=seed)


def test_body_part_and_view_must_agree():
    result = matched(
        [item(1)], [item(2, view_position="LATERAL"), item(3, body_part_examined="HAND")]
    )
    assert result.pairs == ()
    assert result.unmatched == {UUID(int=1): NO_SUCH_REFERENCE}


def test_an_unknown_body_part_matches_nothing():
    unknown = item(1, body_part_examined="")
    assert matched([unknown], [item(2, body_part_examined="")]).pairs == ()


def test_laterality_counts_only_where_both_know_it():
    left = item(1, image_laterality="L")
    assert matched([left], [item(2)]).pairs == ((UUID(int=1), UUID(int=2)),)
    assert matched([left], [item(2, image_laterality="R")]).pairs == ()


def test_no_reference_is_used_twice():
    result = matched([item(1), item(2)], [item(3)])
    assert len(result.pairs) == 1
    assert list(result.unmatched.values()) == [REFERENCES_USED_UP]


def test_an_edit_never_meets_its_source():
    edited = item(1, kin=[2])
    assert matched([edited], [item(2)]).pairs == ()
    assert matched([edited], [item(2), item(3)]).pairs == ((UUID(int=1), UUID(int=3)),)


def test_an_edit_never_meets_another_image_of_its_subject_in_any_pair():
    edited = item(1, subjects=["ann"])
    other = item(2, body_part_examined="HAND")
    result = matched(
        [edited, other], [item(3), item(4, body_part_examined="HAND", subjects=["ann"])]
    )
    assert len(result.pairs) == 1
    assert SHARES_A_SUBJECT in result.unmatched.values()


def test_the_matching_is_the_largest_one():
    """A greedy choice could give the only left reference to the candidate of unknown side."""
    unknown, left = item(1), item(2, image_laterality="L")
    references = [item(3, image_laterality="L"), item(4, image_laterality="R")]
    for seed in range(20):
        assert len(matched([unknown, left], references, seed=seed).pairs) == 2


SIDES = st.sampled_from(["", "L", "R"])
PARTS = st.sampled_from(["KNEE", "HAND", ""])
PEOPLE = st.sets(st.sampled_from(["a", "b", "c", "d"]), max_size=2)


def population(first: int):
    row = st.tuples(PARTS, SIDES, PEOPLE)
    return st.lists(row, max_size=7).map(
        lambda rows: [
            item(first + k, body_part_examined=part, image_laterality=side, subjects=people)
            for k, (part, side, people) in enumerate(rows)
        ]
    )


@settings(deadline=None)
@given(population(1), population(100), st.integers(0, 2**48))
def test_every_matching_keeps_the_promises(candidates, references, seed):
    result = matched(candidates, references, seed=seed)
    by_id = {i.id: i for i in [*candidates, *references]}
    used = [by_id[pk] for pair in result.pairs for pk in pair]
    assert len({i.id for i in used}) == len(used)
    for k, one in enumerate(used):
        assert not any(one.related_to(other) for other in used[k + 1 :])
    for candidate, reference in result.pairs:
        assert by_id[candidate].attributes["body_part_examined"]
        assert (
            by_id[candidate].attributes["body_part_examined"]
            == by_id[reference].attributes["body_part_examined"]
        )
    assert {pair[0] for pair in result.pairs} | set(result.unmatched) == {c.id for c in candidates}
    assert result == matched(candidates, references, seed=seed)
