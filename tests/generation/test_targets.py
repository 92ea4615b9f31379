"""The lines in which edits are written: what they mean, and what is wrong with the others."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.targets import Target, parse_target, parse_targets
from radrate.errors import DomainError

IMAGE = UUID("3f2b9d6e-0b7a-4f3e-9a53-0d8f9c1e2a77")
MASK = UUID("9d6e3f2b-7a0b-3e4f-539a-8f0d1e9c772a")


def test_a_line_names_a_kind_of_film_and_a_region_of_it():
    target = parse_target("pelvis ap | region=left hip")
    assert target.wanted == {"body_part_examined": "PELVIS", "view_position": "AP"}
    assert target.recipe == {"region": "left hip"}
    assert not target.extends


def test_a_side_a_random_area_and_a_count_are_understood():
    target = parse_target("KNEE lateral left | random=0.1, seed=3, count=4")
    assert target.wanted == {
        "body_part_examined": "KNEE",
        "view_position": "LATERAL",
        "image_laterality": "L",
    }
    assert target.recipe == {"random": {"area": 0.1, "seed": 3}}
    assert target.count == 4


def test_one_image_with_a_mask_that_was_drawn_on_it():
    target = parse_target(f"image {IMAGE} | mask={MASK}")
    assert (target.image, target.mask) == (IMAGE, MASK)


def test_margins_are_shares_in_the_order_left_top_right_bottom():
    target = parse_target("KNEE AP | top=4, right=0.5, side=320")
    assert target.margins == (0, 4, 0.5, 0)
    assert target.extends
    assert target.side == 320


def test_a_target_reads_back_from_its_own_line():
    for line in ("PELVIS AP | region=left hip", "KNEE AP | top=4, side=320", "CHEST | random=0.2"):
        target = parse_target(line)
        assert parse_target(target.line) == target


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("PELVIS AP", "give one of"),
        ("PELVIS AP | region=hip, right=0.5", "give one of"),
        ("PELVIS AP | colour=red", "unknown: colour"),
        (" | region=hip", "names no body part"),
        ("KNEE AP LATERAL | region=centre", "two views"),
        ("image 12 | region=centre", "not an identifier"),
        (f"image {IMAGE} | mask=12", "not an identifier"),
        ("KNEE | right=much", "right is a share"),
        ("KNEE | right=9", "right is a share"),
        ("KNEE | right=-1", "right is a share"),
        ("KNEE | random=0.1, seed=x", "seed is a whole number"),
        ("KNEE | right=1, side=12", "side is a whole number from 64"),
        ("KNEE | right=1, count=0", "count is a whole number from 1"),
        ("KNEE | right", "not a parameter"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line, words):
    with pytest.raises(DomainError, match=words):
        parse_target(line)


def test_blank_lines_are_left_out():
    assert len(parse_targets("KNEE | right=1\n\n  \nHAND | left=1\n")) == 2


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_a_sentence(text):
    try:
        assert isinstance(parse_target(text), Target)
    except DomainError as error:
        assert str(error)
