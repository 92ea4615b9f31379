/**
 * Grey-level window of an 8-bit image. Pure: values in, values out.
 *
 * A window is {level, width} in grey levels (0 to 255), as at any workstation: what lies below
 * level - width / 2 is black, above level + width / 2 white.
 */

export const FULL = Object.freeze({ level: 127.5, width: 255 });
export const MIN_WIDTH = 8;
export const MAX_WIDTH = 510;
const LEVELS_PER_PIXEL = 0.5;

/** In the order of Alt+1 to Alt+4: full range, bright structures, dark structures, contrast. */
export const PRESETS = Object.freeze([
  FULL,
  Object.freeze({ level: 176, width: 150 }),
  Object.freeze({ level: 78, width: 150 }),
  Object.freeze({ level: 127.5, width: 128 }),
]);

const between = (low, value, high) => Math.min(high, Math.max(low, value));

export function clampWindow({ level, width }) {
  return { level: between(0, level, 255), width: between(MIN_WIDTH, width, MAX_WIDTH) };
}

/** A drag by dx, dy screen pixels: to the right widens, downwards raises the level (darker). */
export function dragWindow({ level, width }, dx, dy) {
  return clampWindow({
    level: level + dy * LEVELS_PER_PIXEL,
    width: width + dx * LEVELS_PER_PIXEL * 2,
  });
}

/** Slope and intercept of a linear feFunc, which computes slope × value + intercept on 0 to 1. */
export function transfer({ level, width }, inverted) {
  const slope = 255 / width;
  const intercept = 0.5 - level / width;
  return inverted ? { slope: -slope, intercept: 1 - intercept } : { slope, intercept };
}

export function isFull({ level, width }) {
  return level === FULL.level && width === FULL.width;
}
