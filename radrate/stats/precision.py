"""How precise a reader study will be: expected intervals and power before anyone has read.

Readers and cases are both random. For one condition the interval is the single-test one of
Obuchowski and Rockette (1995) with Hillis's degrees of freedom (2007): the mean over readers,
± t × SE. Its variance follows from three components: how readers differ, how cases differ, and
what is left of a single answer.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize, special, stats

READER_SD, CASE_SD = 0.25, 0.5
"""Of the probit of a correct answer, between readers and between cases. An assumption: near chance
it gives Fleiss's κ = .12 for pairs, where published visual Turing tests of radiographs report .10
to .14 (Jang 2023, Park 2021, Khosravi 2023), and readers whose accuracies deviate by .09."""


@dataclass(frozen=True, slots=True)
class Components:
    """Variances of one answer: between readers, between cases, and the rest."""

    reader: float
    case: float
    rest: float


def of_accuracy(
    accuracy: float, *, reader_sd: float = READER_SD, case_sd: float = CASE_SD
) -> Components:
    """Components of a right (1) or wrong (0) answer, where the chance of a right one is
    Φ(μ + reader + case) with normal effects, and `accuracy` on the average.

    Two answers of one reader are both right as often as two normal variables of correlation
    reader_sd² / (1 + reader_sd² + case_sd²) are both below a threshold (Owen's T); cases alike.
    """
    total = 1 + reader_sd**2 + case_sd**2
    reader = _both(accuracy, reader_sd**2 / total) - accuracy**2
    case = _both(accuracy, case_sd**2 / total) - accuracy**2
    return Components(reader, case, accuracy * (1 - accuracy) - reader - case)


def of_score(
    points: float, *, reader_share: float | None = None, case_share: float | None = None
) -> Components:
    """Components of a score on a scale that is `points` wide (4 for 1 to 5).

    Assumed, for want of published ones: a standard deviation of a quarter of the scale, of whose
    variance readers and cases have the shares that they have in `of_accuracy`'s probit.
    """
    total = 1 + READER_SD**2 + CASE_SD**2
    reader_share = READER_SD**2 / total if reader_share is None else reader_share
    case_share = CASE_SD**2 / total if case_share is None else case_share
    variance = (points / 4) ** 2
    rest = 1 - reader_share - case_share
    return Components(variance * reader_share, variance * case_share, variance * rest)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads what: `load` cases a reader, `shared` of them by everyone, of `cases` in all."""

    readers: int
    cases: int
    load: int
    shared: int

    def in_common(self) -> float:
        """Cases that two readers share, on the average over pairs of readers; replication of the
        cases that not everyone reads is within one."""
        others = self.cases - self.shared
        if not others or self.readers < 2:
            return self.shared
        each, more = divmod(self.readers * (self.load - self.shared), others)
        pairs = more * (each + 1) * each + (others - more) * each * (each - 1)
        return self.shared + pairs / (self.readers * (self.readers - 1))


@dataclass(frozen=True)
class Precision:
    """Of the mean over readers, on the scale of the components. At least two readers."""

    reading: Reading
    components: Components

    @cached_property
    def _covariance(self) -> float:
        """Of the means of two readers, by the cases that they share (Cov2)."""
        return self.components.case * self.reading.in_common() / self.reading.load**2

    @cached_property
    def _between_readers(self) -> float:
        """Expected mean square of readers, MS(R)."""
        one = self.components
        return one.reader + (one.case + one.rest) / self.reading.load - self._covariance

    @cached_property
    def standard_error(self) -> float:
        readers = self.reading.readers
        return float(np.sqrt(self._between_readers / readers + self._covariance))

    @cached_property
    def degrees(self) -> float:
        """Hillis: (MS(R) + r Cov2)² (r - 1) / MS(R)²."""
        readers = self.reading.readers
        denominator = self._between_readers + readers * self._covariance
        return float(denominator**2 * (readers - 1) / self._between_readers**2)

    def half_width(self, level: float = 0.95) -> float:
        """Of the interval at this level."""
        return float(stats.t.ppf((1 + level) / 2, self.degrees)) * self.standard_error

    def power(self, difference: float) -> float:
        """That the 95 % interval leaves out a value that is `difference` away from the truth."""
        reach = stats.t.ppf(0.975, self.degrees) * self._estimated_errors
        away = difference / self.standard_error
        return float(np.mean(stats.norm.cdf(away - reach) + stats.norm.cdf(-away - reach)))

    def detectable(self, power: float = 0.8) -> float:
        """The smallest difference that is found with this power."""

        def lacking(difference: float) -> float:
            return self.power(difference) - power

        enough = self.standard_error
        while lacking(enough) < 0:
            enough *= 1.5
        return float(optimize.brentq(lacking, 0, enough))

    def equivalence_power(self, margin: float) -> float:
        """That the 90 % interval lies within ± `margin` (two one-sided tests at .05), if the truth
        is in the middle."""
        reach = stats.t.ppf(0.95, self.degrees) * self._estimated_errors
        within = np.maximum(margin / self.standard_error - reach, 0)
        return float(np.mean(2 * stats.norm.cdf(within) - 1))

    @cached_property
    def _estimated_errors(self) -> np.ndarray:
        """The standard error is itself estimated: 2,000 quantiles of the estimate, as multiples of
        the truth (χ²)."""
        quantiles = (np.arange(2000) + 0.5) / 2000
        return np.sqrt(stats.chi2.ppf(quantiles, self.degrees) / self.degrees)


def _both(accuracy: float, correlation: float) -> float:
    """That two standard normal variables of this correlation are both below the quantile."""
    threshold = stats.norm.ppf(accuracy)
    slope = np.sqrt((1 - correlation) / (1 + correlation))
    return float(accuracy - 2 * special.owens_t(threshold, slope))
