/**
 * Places and lengths on an image. Pure.
 *
 * A place is {x, y} in fractions of width and height; a length is a fraction of the longest side;
 * a size is {width, height} in pixels, of which only the proportion matters.
 */

const DIGITS = 5;
const DIRECTIONS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

const between = (low, value, high) => Math.min(high, Math.max(low, value));
export const rounded = (value) => Number(value.toFixed(DIGITS));
export const pair = ({ x, y }) => [rounded(x), rounded(y)];

/** The nearest place on the image. */
export function clamped({ x, y }) {
  return { x: between(0, x, 1), y: between(0, y, 1) };
}

/** What of an image lies under a pointer: `rect` is where the window shows the image. */
export function placeIn(rect, { clientX, clientY }) {
  const { left, top, width, height } = rect;
  return clamped({ x: (clientX - left) / width, y: (clientY - top) / height });
}

/** How far two places lie apart. */
export function distance(a, b, { width, height }) {
  return Math.hypot((a.x - b.x) * width, (a.y - b.y) * height) / Math.max(width, height);
}

/** A place moved by a length, not beyond the border. */
export function stepped({ x, y }, direction, length, { width, height }) {
  const [across, down] = DIRECTIONS[direction];
  const pixels = length * Math.max(width, height);
  return clamped({ x: x + (across * pixels) / width, y: y + (down * pixels) / height });
}

/** Left, top, right and bottom of two corners. */
export function boxOf(a, b) {
  const [x, y] = [[a.x, b.x].sort((p, q) => p - q), [a.y, b.y].sort((p, q) => p - q)];
  return [x[0], y[0], x[1], y[1]].map(rounded);
}

export function isFlat([left, top, right, bottom]) {
  return left >= right || top >= bottom;
}
