/**
 * How much of the square renditions holds picture: films are rarely square, and the black beside
 * them need not fill the screen. Pure, but for what the caller draws.
 *
 * An extent is {width, height} in fits (see transform.js), centred on the image.
 */

import { FIT, MAX_ZOOM } from "./transform.js";

const BLACK = 10;
const MARGIN = 1.04;

/**
 * @param {Uint8ClampedArray} pixels RGBA of a square image, row by row
 * @param {number} side pixels along a side
 */
export function extentOf(pixels, side) {
  let [reachX, reachY] = [0, 0];
  for (let index = 0; index < side * side; index += 1) {
    if (pixels[index * 4] <= BLACK) continue;
    const column = (index % side) + 0.5;
    const row = Math.floor(index / side) + 0.5;
    reachX = Math.max(reachX, Math.abs(column / side - 0.5) + 0.5 / side);
    reachY = Math.max(reachY, Math.abs(row / side - 0.5) + 0.5 / side);
  }
  if (reachX === 0) return { width: 1, height: 1 };
  return { width: Math.min(1, 2 * reachX * MARGIN), height: Math.min(1, 2 * reachY * MARGIN) };
}

/** The extent that holds all of these, so that images side by side keep one scale. */
export function union(extents) {
  return {
    width: Math.max(...extents.map((extent) => extent.width)),
    height: Math.max(...extents.map((extent) => extent.height)),
  };
}

/** The view in which the extent just fills a pane of this size in pixels. */
export function fitView(extent, { width, height }) {
  const fit = Math.min(width, height);
  if (!(fit > 0)) return FIT;
  const zoom = Math.min(width / fit / extent.width, height / fit / extent.height);
  return { zoom: Math.min(MAX_ZOOM, Math.max(1, zoom)), x: 0, y: 0 };
}
