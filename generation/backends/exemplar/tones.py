"""A guide's greys made those of the source: tone curve, contrast of every octave, grain."""

import numpy as np

from generation.backends.exemplar.pixels import (
    Floats,
    Mask,
    Shape,
    blurred,
    masked_blur,
    membrane,
    unit,
)

KNOTS = 32  # of the tone curve
OCTAVES = (0.8, 1.6, 3.2, 6.4, 12.8)  # sigmas in pixels at the reference side
GAIN = (0.25, 1.5)  # limits of an octave's contrast
FINEST_GAIN = 2.0
GRAIN_SIGMA = 1.8
GRAIN_CONTRAST = 0.9


def tone_mapped(guide: Floats, source: Floats, chosen: Mask) -> Floats:
    """The guide through the monotone curve that gives it the source's quantiles in `chosen`."""
    levels = np.linspace(1, 99, KNOTS)
    start = np.percentile(guide[chosen], levels) + np.arange(KNOTS) * 1e-5
    end = np.percentile(source[chosen], levels)
    below = min((end[3] - end[0]) / max(start[3] - start[0], 1e-3), 1.0)
    above = min((end[-1] - end[-4]) / max(start[-1] - start[-4], 1e-3), 1.0)
    mapped = np.interp(guide, start, end)
    mapped += below * np.minimum(guide - start[0], 0) + above * np.maximum(guide - start[-1], 0)
    return mapped.astype(np.float32)


def octave_matched(guide: Floats, source: Floats, chosen: Mask) -> Floats:
    """The guide with the source's contrast (as in `chosen`) in every octave."""
    pixel = unit(source.shape)
    matched = np.zeros_like(guide)
    for octave in OCTAVES:
        smooth, smooth_source = blurred(guide, octave * pixel), blurred(source, octave * pixel)
        detail, wanted = guide - smooth, source - smooth_source
        gain = _strength(wanted[chosen]) / _strength(detail[chosen])
        matched += detail * np.clip(gain, GAIN[0], GAIN[1] if octave > 1 else FINEST_GAIN)
        guide, source = smooth, smooth_source
    return (matched + guide).astype(np.float32)


def _strength(detail: Floats) -> float:
    return float(np.percentile(np.abs(detail), 75)) + 1e-5


def detail_of(source: Floats, known: Mask) -> tuple[Floats, Floats]:
    """Fine detail divided by its local strength (clipped, 0 where unknown), and that strength."""
    pixel = unit(source.shape)
    fine = source - masked_blur(source, known, GRAIN_SIGMA * pixel)
    ceiling = np.percentile(fine[known] ** 2, 80)
    local = np.sqrt(masked_blur(np.minimum(fine * fine, ceiling), known, 12 * pixel)) + 1e-4
    even = np.where(known, np.clip(fine, -1.5 * local, 1.5 * local) / local, 0)
    return even.astype(np.float32), local.astype(np.float32)


def random_phase(detail: Floats, shape: Shape, rng: np.random.Generator) -> Floats:
    """Unit noise with the smoothed power spectrum of `detail`: its grain without its ghosts."""
    rows, columns = detail.shape
    power = np.abs(np.fft.fft2(detail)).astype(np.float32) ** 2
    power = np.fft.ifftshift(blurred(np.fft.fftshift(power), max(rows, columns) / 60))
    phases = np.fft.fft2(rng.standard_normal((rows, columns)))
    noise = np.real(np.fft.ifft2(phases * np.sqrt(np.maximum(power, 0)))).astype(np.float32)
    noise /= noise.std() + 1e-9
    repeats = (shape[0] // rows + 1, shape[1] // columns + 1)
    return np.tile(noise, repeats)[: shape[0], : shape[1]]


def grain(source: Floats, known: Mask, rng: np.random.Generator) -> Floats:
    """Fine detail for a fill that has none, as strong as the source's next to the hole."""
    detail, local = detail_of(source, known)
    strength = membrane(local, known)
    return GRAIN_CONTRAST * random_phase(detail, source.shape, rng) * strength
