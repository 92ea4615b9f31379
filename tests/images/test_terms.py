import pytest

from radrate.images.terms import (
    BODY_PARTS,
    normalise_body_part,
    normalise_laterality,
    normalise_view,
)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("knee", "KNEE"),
        ("cervical spine", "CSPINE"),
        ("cervical-spine", "CSPINE"),
        ("lumbar_spine", "LSPINE"),
        ("Thoracic Spine", "TSPINE"),
        ("head", "SKULL"),
        ("L SPINE", "LSPINE"),
        ("pelvis/hip", "PELVIS"),
        ("unknown", ""),
        ("n/a", ""),
        ("", ""),
        ("left big toe nail", "LEFTBIGTOENAIL"),
    ],
)
def test_body_parts(text, term):
    assert normalise_body_part(text) == term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("ap", "AP"),
        ("Lateral", "LATERAL"),
        ("LL", "LATERAL"),
        ("RLO", "OBLIQUE"),
        ("open-mouth", "OPEN_MOUTH"),
        ("skyline", "AXIAL"),
        ("frog leg", "FROG_LEG"),
        ("unknown", ""),
    ],
)
def test_views(text, term):
    assert normalise_view(text) == term


@pytest.mark.parametrize(
    ("text", "term"),
    [("right", "R"), ("L", "L"), ("bilateral", "B"), ("n/a", ""), ("maybe left", ""), ("U", "U")],
)
def test_lateralities(text, term):
    assert normalise_laterality(text) == term


def test_normalising_twice_is_normalising_once():
    for part in BODY_PARTS:
        once = normalise_body_part(part)
        assert normalise_body_part(once) == once
        assert once in BODY_PARTS
