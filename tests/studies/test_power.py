import pytest

from radrate.studies.power import outlook


def crossed(readers, cases, *, design="pair", images=2):
    return outlook(
        design=design, images=images, readers=readers, cases=cases, load=cases, shared=cases
    )


def test_six_readers_of_a_hundred_pairs_are_too_few_and_ten_of_two_hundred_are_enough():
    few, enough = crossed(6, 100), crossed(10, 200)
    assert few.too_low
    assert few.half_width == pytest.approx(0.103, abs=0.001)
    assert few.sentence == (
        "The 95 % interval of the accuracy will be about ± 10 percentage points; a difference of "
        "14 points from chance is found with a power of 80 %. That is little: more readers would "
        "help most."
    )
    assert not enough.too_low
    assert enough.power == pytest.approx(0.82, abs=0.01)
    assert "little" not in enough.sentence


def test_many_readers_of_few_cases_are_told_to_add_cases():
    assert crossed(30, 12).sentence.endswith("more cases would help most.")


def test_a_score_is_told_in_points():
    rated = crossed(3, 10, design="rating", images=1)
    assert rated.sentence.startswith("The 95 % interval of a mean score will be about ± 0.7 points")
    assert rated.too_low
    assert not crossed(12, 60, design="rating", images=1).too_low


def test_chance_among_four_is_a_quarter():
    """The variance of an answer is smaller there: the interval is narrower than that of pairs."""
    assert crossed(8, 50, design="multiple", images=4).half_width < crossed(8, 50).half_width


def test_blocks_are_judged_by_what_readers_share():
    whole = crossed(6, 200)
    part = outlook(design="pair", images=2, readers=6, cases=200, load=100, shared=20)
    assert part.half_width > whole.half_width


@pytest.mark.parametrize(("readers", "cases"), [(0, 10), (1, 10), (5, 0)])
def test_nothing_is_foreseen_for_one_reader_or_no_case(readers, cases):
    assert crossed(readers, cases) is None
