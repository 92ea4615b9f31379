/**
 * Places on an image, and the marks made of them. Pure: values in, values out.
 *
 * A place is {x, y} in sides of the square image, from its upper left corner: 0, 0 to 1, 1. Points
 * and views are those of transform.js. A span is {from, to}, two places: where a drag began and
 * where it is. A mark is {shape, x, y, width, height}; the place of a box is its upper left corner.
 */

import { panBy } from "./transform.js";

const DIGITS = 5;
const ROUNDING = 1e-6;
const THINNEST = 0.002;
const STEP = 0.01;
const DIRECTIONS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

const between = (low, value, high) => Math.min(high, Math.max(low, value));
const rounded = (value) => Number(value.toFixed(DIGITS));

/** What lies under a point of the pane; outside of 0 to 1 it lies beside the image. */
export function placeAt({ zoom, x, y }, point) {
  return { x: (point.x - x) / zoom + 0.5, y: (point.y - y) / zoom + 0.5 };
}

/** The point of the pane where a place lies. */
export function pointAt({ zoom, x, y }, place) {
  return { x: x + (place.x - 0.5) * zoom, y: y + (place.y - 0.5) * zoom };
}

/** The nearest place on the image. */
export function clampPlace({ x, y }) {
  return { x: between(0, x, 1), y: between(0, y, 1) };
}

/** One side of a box: where it begins and how long it is, or null when all of it lies outside. */
function side(a, b) {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  if (high < 0 || low > 1) return null;
  const start = rounded(between(0, low, 1 - THINNEST));
  const end = rounded(between(start + THINNEST, high, 1));
  return [start, rounded(end - start)];
}

/**
 * @param {{from: object, to: object}} span
 * @param {number} tolerance up to this length, in sides of the image, a drag is a click
 * @returns {object | null} null when nothing of it lies on the image
 */
export function markOf({ from, to }, tolerance = ROUNDING) {
  if (Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) <= tolerance) {
    const { x, y } = clampPlace(from);
    if (x !== from.x || y !== from.y) return null;
    return { shape: "point", x: rounded(x), y: rounded(y), width: 0, height: 0 };
  }
  const [across, down] = [side(from.x, to.x), side(from.y, to.y)];
  if (!across || !down) return null;
  return { shape: "box", x: across[0], y: down[0], width: across[1], height: down[1] };
}

/** One step of the keyboard: the whole span moves, or only its end; neither leaves the image. */
export function moveSpan({ from, to }, direction, { zoom, stretch }) {
  const [x, y] = DIRECTIONS[direction].map((sign) => (sign * STEP) / zoom);
  if (stretch) return { from, to: clampPlace({ x: to.x + x, y: to.y + y }) };
  const dx = between(-Math.min(from.x, to.x), x, 1 - Math.max(from.x, to.x));
  const dy = between(-Math.min(from.y, to.y), y, 1 - Math.max(from.y, to.y));
  return { from: { x: from.x + dx, y: from.y + dy }, to: { x: to.x + dx, y: to.y + dy } };
}

/**
 * The view moved as little as possible so that a place is seen.
 * @param {{x: number, y: number}} reach from the pane's centre to its edges, in fits
 */
export function viewShowing(view, place, reach) {
  const point = pointAt(view, place);
  const dx = between(-reach.x, point.x, reach.x) - point.x;
  const dy = between(-reach.y, point.y, reach.y) - point.y;
  return dx === 0 && dy === 0 ? view : panBy(view, dx, dy);
}
