"""Against simulation, published figures, and what must hold whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from radrate.stats.precision import (
    CASE_SD,
    READER_SD,
    Components,
    Precision,
    Reading,
    of_accuracy,
    of_score,
)

SIZES = st.tuples(st.integers(2, 30), st.integers(10, 400))


def crossed(readers, cases, accuracy=0.5):
    return Precision(Reading(readers, cases, cases, cases), of_accuracy(accuracy))


def answers(readers, cases, accuracy, rng):
    """0 or 1 of readers × cases, with the probit effects of the defaults."""
    mean = stats.norm.ppf(accuracy) * np.sqrt(1 + READER_SD**2 + CASE_SD**2)
    probit = mean + rng.normal(0, READER_SD, (readers, 1)) + rng.normal(0, CASE_SD, (1, cases))
    return (rng.random((readers, cases)) < stats.norm.cdf(probit)).astype(float)


def interval(table, level):
    """Mean and half-width of the single-test interval of Obuchowski-Rockette and Hillis."""
    readers, cases = table.shape
    covariances = np.cov(table) / cases
    shared = (covariances.sum() - np.trace(covariances)) / (readers * (readers - 1))
    between = table.mean(axis=1).var(ddof=1)
    denominator = between + readers * max(shared, 0)
    degrees = denominator**2 * (readers - 1) / between**2
    quantile = stats.t.ppf((1 + level) / 2, degrees)
    return table.mean(), quantile * np.sqrt(denominator / readers)


def test_the_expected_half_width_is_that_of_simulated_studies():
    rng = np.random.default_rng(1)
    widths = [interval(answers(8, 80, 0.6, rng), 0.95)[1] for _ in range(600)]
    assert crossed(8, 80, 0.6).half_width() == pytest.approx(np.mean(widths), rel=0.06)


def test_power_is_that_of_simulated_studies():
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(600):
        mean, half = interval(answers(8, 80, 0.62, rng), 0.95)
        found += abs(mean - 0.5) > half
    assert crossed(8, 80, 0.62).power(0.12) == pytest.approx(found / 600, abs=0.05)


@pytest.mark.parametrize(("readers", "cases", "published"), [(6, 100, 0.37), (10, 200, 0.80)])
def test_equivalence_power_is_that_of_the_large_simulation(readers, cases, published):
    """2,000 simulated studies of two alternatives, bounds .4 to .6, truth .5."""
    assert crossed(readers, cases).equivalence_power(0.1) == pytest.approx(published, abs=0.025)


def test_without_reader_and_case_effects_power_is_the_binomial_one():
    """210 independent trials tell .60 from .50 with 80 % (exact binomial, two-sided .05)."""
    alone = of_accuracy(0.6, reader_sd=0, case_sd=0)
    assert (alone.reader, alone.case) == pytest.approx((0, 0))
    precision = Precision(Reading(30, 7, 7, 7), alone)
    assert precision.power(0.1) == pytest.approx(0.8, abs=0.05)


def test_components_near_chance_are_those_of_published_studies():
    """Fleiss's κ of two categories is the share of the cases: .10 to .14 in visual Turing tests."""
    one = of_accuracy(0.5)
    assert 0.10 < one.case / 0.25 < 0.14
    assert np.sqrt(one.reader) == pytest.approx(0.09, abs=0.005)


@given(st.floats(0.05, 0.95), st.floats(0, 1), st.floats(0, 1))
def test_components_of_an_answer_add_up_to_its_variance(accuracy, reader_sd, case_sd):
    one = of_accuracy(accuracy, reader_sd=reader_sd, case_sd=case_sd)
    assert one.reader + one.case + one.rest == pytest.approx(accuracy * (1 - accuracy))
    assert min(one.reader, one.case, one.rest) > -1e-9


def test_components_of_accuracy_are_those_of_simulated_answers():
    rng = np.random.default_rng(3)
    table = answers(1500, 1500, 0.7, rng)
    one = of_accuracy(0.7)
    assert table.mean(axis=1).var() == pytest.approx(one.reader, rel=0.15)
    assert table.mean(axis=0).var() == pytest.approx(one.case, rel=0.15)


def test_a_score_deviates_by_a_quarter_of_its_scale():
    one = of_score(4)
    assert one.reader + one.case + one.rest == pytest.approx(1)
    assert of_score(4, reader_share=0.2, case_share=0.3) == Components(
        pytest.approx(0.2), pytest.approx(0.3), pytest.approx(0.5)
    )


@settings(deadline=None)
@given(SIZES)
def test_more_readers_or_more_cases_make_the_interval_narrower(sizes):
    readers, cases = sizes
    width = crossed(readers, cases).half_width()
    assert crossed(readers + 1, cases).half_width() < width
    assert crossed(readers, cases + 20).standard_error < crossed(readers, cases).standard_error


@settings(deadline=None)
@given(SIZES, st.sampled_from([0.8, 0.9]))
def test_what_is_detectable_is_found_with_just_this_power(sizes, power):
    precision = crossed(*sizes)
    assert precision.power(precision.detectable(power)) == pytest.approx(power, abs=1e-6)
    assert precision.power(0) == pytest.approx(0.05, abs=0.002)


@given(st.integers(2, 12), st.integers(5, 60), st.data())
def test_cases_in_common_are_those_of_a_balanced_allocation(readers, cases, data):
    load = data.draw(st.integers(1, cases))
    shared = data.draw(st.integers(0, load))
    reading = Reading(readers, cases, load, shared)
    times = [0] * (cases - shared)
    for k in range(readers * (load - shared)):
        times[k % len(times)] += 1
    pairs = shared * readers * (readers - 1) + sum(n * (n - 1) for n in times)
    assert reading.in_common() == pytest.approx(pairs / (readers * (readers - 1)))


def test_blocks_with_more_cases_are_as_precise_as_crossed_ones_with_the_same_load():
    """Readers who each read 100 of 200 cases know the cases better than if all read the same."""
    same = crossed(6, 100)
    blocks = Precision(Reading(6, 200, 100, 20), of_accuracy(0.5))
    assert blocks.standard_error < same.standard_error
