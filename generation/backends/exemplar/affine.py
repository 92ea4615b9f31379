"""Masked affine registration by Gauss-Newton (OpenCV's ECC cannot mask both sides)."""

import cv2
import numpy as np

from generation.backends.exemplar.pixels import Floats, Mask, Matrix, blurred, covered, warped

SIGMAS = (5.0, 2.5, 1.2)  # blur of the features, coarse to fine, in pixels
ITERATIONS = 8
LONGEST_STEP = 4.0  # pixels
ENOUGH = 500  # weighed pixels without which nothing can be measured
UNIT = 100.0  # pixels, so that the slopes are of the size of the shifts


def refined(
    ours: Floats, theirs: Floats, valid: Mask, weight: Floats, start: Matrix
) -> Matrix | None:
    """`start` improved so that `theirs` seen through it agrees with `ours` up to gain and bias.

    None where too few weighed pixels are covered.
    """
    matrix = start.astype(float).copy()
    for sigma in SIGMAS:
        image, guide = blurred(ours, sigma), blurred(theirs, sigma)
        slopes = [cv2.Sobel(guide, cv2.CV_32F, dx, dy, scale=0.125) for dx, dy in ((1, 0), (0, 1))]
        for _ in range(ITERATIONS):
            step = _step(image, guide, slopes, valid=valid, weight=weight, matrix=matrix)
            if step is None:
                return None
            matrix += step
            if np.abs(step[:, 2]).max() < 0.02:
                break
    return matrix


def _step(
    image: Floats,
    guide: Floats,
    slopes: list[Floats],
    *,
    valid: Mask,
    weight: Floats,
    matrix: Matrix,
) -> Matrix | None:
    rows, columns = image.shape
    seen = weight * covered(valid, matrix, image.shape)
    chosen = seen > 0.02
    if chosen.sum() < ENOUGH:
        return None
    w = seen[chosen]
    shown, dx, dy = (warped(part, matrix, image.shape)[chosen] for part in (guide, *slopes))
    wanted = image[chosen] - np.average(image[chosen], weights=w)
    shown = shown - np.average(shown, weights=w)
    gain = np.sqrt((w * wanted**2).sum() / ((w * shown**2).sum() + 1e-9))
    error = wanted - gain * shown
    robust = w / (1 + (error / (1.5 * np.median(np.abs(error)) + 1e-6)) ** 2)
    y, x = np.nonzero(chosen)
    px, py = (x - columns / 2) / UNIT, (y - rows / 2) / UNIT
    dx, dy = gain * dx, gain * dy
    columns_of = (dx * px, dx * py, dx, dy * px, dy * py, dy, shown, np.ones_like(dx))
    jacobian = np.stack(columns_of, 1)
    normal = (jacobian * robust[:, None]).T @ jacobian
    normal[np.diag_indices(8)] += 1e-3 * np.trace(normal) / 8
    p = np.linalg.solve(normal, (jacobian * robust[:, None]).T @ error)
    change = np.array([[p[0] / UNIT, p[1] / UNIT, p[2]], [p[3] / UNIT, p[4] / UNIT, p[5]]])
    change[:, 2] -= change[:, :2] @ [columns / 2, rows / 2]
    return change * min(1.0, LONGEST_STEP / (np.abs(p[[2, 5]]).max() + 1e-9))
