"""The exemplar backend's arithmetic: registration, tones, seals, fits, profiles."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from generation.backends.exemplar import regions
from generation.backends.exemplar.borders import frame_widths, markers, within_frame
from generation.backends.exemplar.exemplars import is_normal
from generation.backends.exemplar.extrude import air_below, evenness, extruded
from generation.backends.exemplar.fit import agreement, held_out
from generation.backends.exemplar.flow import aligned
from generation.backends.exemplar.loft import direction, loft
from generation.backends.exemplar.patchmatch import patched
from generation.backends.exemplar.pixels import (
    blurred,
    correlation,
    covered,
    membrane,
    sealed,
    warped,
)
from generation.backends.exemplar.profiles import matched, moved
from generation.backends.exemplar.registration import Correlator, Search, register
from generation.backends.exemplar.sides import SIDES, Margins, down, up
from generation.backends.exemplar.tones import octave_matched, random_phase, tone_mapped
from generation.backends.exemplar.variety import Answers, deformed, differs
from tests.generation.backends.exemplars import film

SHAPE = (40, 48)
WHOLE = np.eye(3)[:2]
images = arrays.arrays(np.float32, SHAPE, elements=st.floats(0, 1, width=32, allow_subnormal=False))
masks = arrays.arrays(bool, SHAPE)


def noise(shape=SHAPE, seed=0, sigma=2.0):
    smooth = blurred(np.random.default_rng(seed).standard_normal(shape).astype(np.float32), sigma)
    return (0.5 + 0.15 * smooth / smooth.std()).astype(np.float32)


def disc(shape=SHAPE, radius=9):
    y, x = np.mgrid[: shape[0], : shape[1]]
    return np.hypot(y - shape[0] / 2, x - shape[1] / 2) > radius


ACCEPTED = 0.7  # above every threshold of the backend for a guide


def knee(seed=7):
    return np.asarray(film("KNEE", "AP", seed), np.float32) / 255


@given(images, images, masks)
@settings(max_examples=40, deadline=None)
def test_a_seal_leaves_known_pixels_unchanged(source, fill, known):
    assert np.array_equal(sealed(source, known, fill)[known], source[known])


@given(st.floats(-0.4, 0.4), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_a_seal_takes_away_a_constant_difference(offset, seed):
    source, known = noise(seed=seed), disc()
    assert np.abs(sealed(source, known, source + np.float32(offset)) - source).max() < 1e-3


@given(images, masks)
@settings(max_examples=40, deadline=None)
def test_a_membrane_stays_within_what_is_known(values, known):
    spread = membrane(values, known)
    assert np.array_equal(spread[known], values[known])
    if known.any():
        assert spread.min() >= values[known].min() - 1e-5
        assert spread.max() <= values[known].max() + 1e-5


def test_a_membrane_continues_a_slope():
    slope = np.tile(np.linspace(0, 1, 96, dtype=np.float32), (96, 1))
    known = disc((96, 96), 20)
    assert np.abs(membrane(np.where(known, slope, 0), known) - slope).max() < 0.03


@given(images, images)
@settings(max_examples=40, deadline=None)
def test_a_tone_map_keeps_the_order_of_greys(guide, source):
    chosen = np.ones(SHAPE, bool)
    mapped = tone_mapped(guide, source, chosen).ravel()[np.argsort(guide, axis=None)]
    assert np.diff(mapped).min() >= -1e-5


def test_a_tone_map_gives_the_sources_quantiles():
    source = noise(seed=1)
    guide = (0.2 + 0.3 * noise(seed=2) ** 2).astype(np.float32)
    mapped = tone_mapped(guide, source, np.ones(SHAPE, bool))
    at = (10, 50, 90)
    assert np.allclose(np.percentile(mapped, at), np.percentile(source, at), atol=0.01)


def test_octaves_take_the_sources_contrast():
    shape = (512, 512)
    source, other = noise(shape, sigma=2), noise(shape, seed=3, sigma=2)
    flat = (0.5 + 0.7 * (other - 0.5)).astype(np.float32)
    made = octave_matched(flat, source, np.ones(shape, bool))
    assert made.std() == pytest.approx(source.std(), rel=0.05)
    assert np.corrcoef(made.ravel(), other.ravel())[0, 1] > 0.99


@given(st.integers(-14, 14), st.integers(-14, 14), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_correlation_finds_a_known_shift(dx, dy, seed):
    scene = noise((96, 96), seed=seed, sigma=3)
    window = scene[20:76, 20:76]
    guide = scene[20 - dy : 76 - dy, 20 - dx : 76 - dx]
    known = np.ones(window.shape, bool)
    known[20:36, 20:36] = False
    correlator = Correlator(np.where(known, window, 0), known.astype(np.float32))
    score, shift = correlator.best_shift(guide, np.ones(guide.shape, bool), 0.3)
    assert shift == (-dx, -dy)
    assert score > 0.99


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize(("scale", "degrees"), [(1.0, 0), (0.8, 7), (1.3, -12)])
def test_registration_finds_a_film_that_was_moved_turned_scaled_or_flipped(flipped, scale, degrees):
    source = knee()
    rows, columns = source.shape
    turn = np.radians(degrees)
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    centre = np.array([columns / 2, rows / 2])
    away = np.column_stack([linear, centre - linear @ centre + (6, -9)])
    guide = warped(source, away, source.shape)
    valid = covered(np.ones(source.shape, bool), away, source.shape)
    if flipped:
        guide, valid = guide[:, ::-1].copy(), valid[:, ::-1].copy()
    known = disc(source.shape, 60)
    truth = cv2.invertAffineTransform(away)
    if flipped:
        truth = np.array([[-truth[0, 0], -truth[0, 1], columns - 1 - truth[0, 2]], truth[1]])
    corners = np.array([[x, y, 1] for x in (50, columns - 50) for y in (50, rows - 50)]).T
    found = register(source, known, guide, valid, Search())
    assert found is not None
    assert found.flipped is flipped
    assert found.score > ACCEPTED
    assert np.abs(found.matrix @ corners - truth @ corners).max() < 0.012 * max(source.shape)
    seen = warped(guide, found.matrix, source.shape)
    inside = covered(valid, found.matrix, source.shape)
    assert correlation(seen, source, inside.astype(np.float32)) > 0.97


def test_a_known_scale_is_not_departed_from():
    source = np.asarray(film("PELVIS", "AP", 7), np.float32) / 255
    guide = warped(source, np.array([[0.7, 0, 40], [0, 0.7, 40]]), source.shape)
    known = disc(source.shape, 50)
    valid = np.ones(source.shape, bool)
    free, bound = (register(source, known, guide, valid, Search(ratio=one)) for one in (None, 1.0))
    assert free.score > ACCEPTED
    assert np.sqrt(abs(np.linalg.det(free.matrix[:, :2]))) == pytest.approx(1 / 0.7, rel=0.05)
    assert bound is None or bound.score < free.score - 0.1


def test_bending_takes_away_a_smooth_distortion():
    source = knee()
    bent = deformed(source, np.zeros(source.shape, bool), np.random.default_rng(3))
    known = disc(source.shape, 40)
    valid = np.ones(source.shape, bool)
    result = aligned(np.where(known, source, 0), known, bent, valid, matrix=WHOLE, near=0.15)
    assert result is not None
    ring = known & ~disc(source.shape, 70)
    before, after = (agreement(source, known, one, valid, ring) for one in (bent, result.image))
    assert after > before + 0.1


@given(st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_agreement_is_whole_with_itself_and_small_with_a_stranger(seed):
    source, other, known = noise((256, 256), seed), noise((256, 256), seed + 100), None
    known = disc((256, 256), 50)
    whole = np.ones_like(known)
    assert agreement(source, known, source, whole) == pytest.approx(1)
    assert agreement(source, known, other, whole) < 0.5


def test_agreement_ignores_what_nobody_sees_and_counts_what_is_missing():
    flat = np.full((256, 256), 0.2, np.float32)
    grainy = flat + 0.002 * noise((256, 256))
    known, whole = disc((256, 256), 50), np.ones((256, 256), bool)
    assert agreement(flat, known, grainy, whole) > 0.95
    half = whole.copy()
    half[:, :128] = False
    assert agreement(flat, known, grainy, half) == pytest.approx(np.sqrt(0.5), abs=0.05)


def stripes(shape=(256, 200)):
    """A shaft: profiles that change slowly along it."""
    x = np.arange(shape[1])[None] + 0.05 * np.arange(shape[0])[:, None]
    cortex = np.exp(-(((x - 70) / 6) ** 2)) + np.exp(-(((x - 140) / 6) ** 2))
    return (0.2 + 0.4 * cortex + 0.1 * ((x > 70) & (x < 140))).astype(np.float32)


def test_a_loft_restores_a_shaft_and_knows_it():
    source, known = stripes(), disc((256, 200), 30)
    blank = np.where(known, source, 0)
    filled = loft(blank, known)
    assert np.abs(filled - source)[~known].mean() < 0.04
    assert direction(blank, known).coherence > 0.8
    assert held_out(blank, known, loft) > 0.85


def test_a_loft_knows_that_it_cannot_guess():
    source, known = noise((256, 200), sigma=5), disc((256, 200), 30)
    assert held_out(np.where(known, source, 0), known, loft) < 0.5


def test_patches_restore_a_texture_and_nothing_else_is_touched():
    y, x = np.mgrid[:96, :96]
    source = (0.5 + 0.3 * np.sin(x / 3) * np.sin(y / 4)).astype(np.float32)
    known = disc((96, 96), 9)
    filled = patched(np.where(known, source, 0), known, np.random.default_rng(1))
    assert np.array_equal(filled[known], source[known])
    assert np.abs(filled - source)[~known].mean() < 0.08


def test_an_extrusion_follows_a_slanting_edge():
    source = stripes((200, 200))
    below = extruded(source, 60, np.random.default_rng(0))
    wanted = stripes((260, 200))[200:]
    assert below.shape == (60, 200)
    assert np.corrcoef(blurred(below, 2).ravel(), wanted.ravel())[0, 1] > 0.9


def test_evenness_tells_air_from_anatomy():
    air = np.full((200, 200), 0.08, np.float32)
    assert evenness(air) > 0.95
    assert evenness(stripes((200, 200))) < 0.8
    assert evenness(air + 0.6) == 0
    below = air_below(air, 30, np.random.default_rng(0))
    assert np.allclose(below, 0.08, atol=0.02)


@given(st.integers(-5, 5))
def test_profiles_are_matched_by_their_shift(shift):
    x = np.arange(200)
    first, second = (np.exp(-(((x - at) / 8) ** 2)) for at in (100, 100 + shift))
    shifts = matched(first, second, 8)
    assert abs(shifts[92:108].mean() - shift) <= 1
    assert np.abs(np.diff(shifts)).max() <= 1.01


def test_moving_a_profile_puts_a_point_where_it_is_sent():
    x = np.arange(100)
    assert np.argmax(moved(np.exp(-(((x - 40) / 5) ** 2)), np.full(100, 7.0))) == 47


@pytest.mark.parametrize("side", SIDES)
def test_turning_a_side_down_and_up_again_changes_nothing(side):
    image = np.arange(12).reshape(3, 4)
    assert np.array_equal(up(down(image, side), side), image)
    edge = {"left": image[:, 0], "right": image[:, -1], "top": image[0], "bottom": image[-1]}[side]
    assert sorted(down(image, side)[-1]) == sorted(edge)


@given(st.tuples(*[st.integers(0, 9)] * 4))
def test_margins_hold_the_source(margins):
    room = Margins(*margins)
    rows, columns = room.box((5, 7))
    assert (rows.stop - rows.start, columns.stop - columns.start) == (5, 7)
    assert room.scaled(0.01).sides == tuple(side for side in SIDES if room.of(side))
    assert room.canvas((5, 7)) == (5 + room.top + room.bottom, 7 + room.left + room.right)


def test_frame_lines_are_cut_off_and_anatomy_is_not():
    image = np.full((200, 160), 0.3, np.float32)
    assert frame_widths(image) == (0, 0, 0, 0)
    image[:2], image[:, -3:] = 1.0, 0.0
    left, top, right, bottom = frame_widths(image)
    assert (left, bottom) == (0, 0)
    assert 2 <= top <= 4
    assert 3 <= right <= 5
    assert not within_frame(image)[:2].any()


def test_a_letter_at_the_border_is_found_and_bones_are_not():
    image = np.full((384, 300), 0.15, np.float32)
    image[:, 120:180] = 0.7
    image[20:36, 20:24] = image[20:24, 20:34] = 0.95
    found = markers(image)
    assert found[20:36, 20:24].all()
    assert not found[:, 110:190].any()


@given(st.integers(100, 199))
@settings(max_examples=15, deadline=None)
def test_grain_has_the_spectrum_of_its_model_and_not_its_phase(seed):
    detail = noise((64, 64), sigma=1) - 0.5
    made = random_phase(detail, (64, 64), np.random.default_rng(seed))
    assert made.std() == pytest.approx(1, abs=0.01)
    assert abs(np.corrcoef(made.ravel(), detail.ravel())[0, 1]) < 0.3
    smoothness = [np.corrcoef(z[:, 1:].ravel(), z[:, :-1].ravel())[0, 1] for z in (made, detail)]
    assert smoothness[0] == pytest.approx(smoothness[1], abs=0.15)


def test_a_variant_is_seen_to_differ_and_moves_nothing_at_the_seam():
    source, known = knee(), disc((384, 384), 70)[: knee().shape[0], : knee().shape[1]]
    variant = deformed(source, known, np.random.default_rng(2))
    assert differs(source, variant, ~known)
    assert np.abs(variant - source)[known].max() < 1e-3


def test_answers_that_look_alike_are_counted_once():
    known = disc((256, 256), 60)
    first, other = noise((256, 256), 1), noise((256, 256), 2, sigma=6)
    answers = Answers(known)
    assert answers.accepts(first)
    assert not answers.accepts(first + 0.003 * noise((256, 256), 9))
    assert answers.accepts(other)


def test_the_seed_orders_and_the_least_taken_comes_next():
    names = ["a", "b", "c"]
    answers = Answers(disc())
    orders = {answers.least_taken(names, seed)[0] for seed in range(20)}
    assert orders == {"a", "b", "c"}
    answers.taken.update(a=1, b=1)
    assert answers.least_taken(names, 5) == ("c", 0)


@pytest.mark.parametrize(
    ("finding", "normal"),
    [
        ("", True),
        ("normal", True),
        ("Normal (as captioned)", True),
        ("non-specific bowel gas (uncaptioned)", True),
        ("abnormal", False),
        ("normal variant of fracture", False),
        ("scaphoid waist fracture", False),
    ],
)
def test_only_what_says_normal_is_normal(finding, normal):
    assert is_normal(finding) is normal


def test_the_mediastinum_is_never_mirrored():
    assert not any(part in ("CHEST", "TSPINE", "ABDOMEN") for part, _view in regions.MIRRORED)


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        ("AP", "PA", True),
        ("AP", "OBLIQUE", True),
        ("", "LATERAL", True),
        ("AP", "LATERAL", False),
        ("AXIAL", "AP", False),
    ],
)
def test_a_lateral_film_never_leads_a_frontal_one(first, second, agree):
    assert regions.views_agree(first, second) is agree
