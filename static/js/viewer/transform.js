/**
 * Where an image lies in its pane. Pure: values in, values out.
 *
 * A view is {zoom, x, y}. Lengths are in fits: 1 is the side of the square image when it just
 * fits its pane, so that a view means the same in panes of any size. x and y say how far the
 * image's centre is from the pane's centre, to the right and down. Points are measured alike.
 */

export const FIT = Object.freeze({ zoom: 1, x: 0, y: 0 });
export const MAX_ZOOM = 12;
export const ZOOM_STEP = 1.25;
const PAN_STEP = 0.08;
const DIRECTIONS = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] };

const between = (low, value, high) => Math.min(high, Math.max(low, value));

/** The pane's centre stays on the image. */
function held({ zoom, x, y }) {
  const reach = zoom / 2;
  return { zoom, x: between(-reach, x, reach), y: between(-reach, y, reach) };
}

/** The nearest allowed view: zoom 1 to MAX_ZOOM, and the pane's centre always on the image. */
export function clampView(view) {
  return held({ ...view, zoom: between(1, view.zoom, MAX_ZOOM) });
}

/**
 * Zoom by a factor; what is under `point` stays under it. Nobody zooms out beyond the whole image,
 * nor further than one is, where the image's own pixels take less than the pane.
 */
export function zoomAbout(view, factor, point = { x: 0, y: 0 }) {
  const zoom = between(Math.min(1, view.zoom), view.zoom * factor, Math.max(MAX_ZOOM, view.zoom));
  const ratio = zoom / view.zoom;
  return held({
    zoom,
    x: point.x - (point.x - view.x) * ratio,
    y: point.y - (point.y - view.y) * ratio,
  });
}

export function panBy(view, dx, dy) {
  return held({ zoom: view.zoom, x: view.x + dx, y: view.y + dy });
}

/** One step towards a side, as when scrolling: looking further left moves the image right. */
export function panTowards(view, direction) {
  const [x, y] = DIRECTIONS[direction];
  return panBy(view, x * PAN_STEP, y * PAN_STEP);
}

/**
 * The offset at which an image of this side begins on a whole pixel of the screen. The pane itself
 * may begin between two; browsers paint it, and what it holds, from the nearest (at ratios such as
 * 1.5 they differ in which, and half a pixel may be left).
 */
function onPixel({ length, side, ratio }, offset) {
  const edge = length / 2 + offset - side / 2;
  return offset + Math.round(edge * ratio) / ratio - edge;
}

/**
 * One pixel of the image is one of the screen, and none lies between two; the middle stays.
 * @param {object} view @param {number} natural side of the image in its own pixels
 * @param {{width: number, height: number}} pane in CSS pixels @param {number} ratio screen pixels to a CSS pixel
 */
export function pixelView(view, natural, { width, height }, ratio) {
  const fit = Math.min(width, height);
  const side = natural / ratio;
  const zoom = side / fit;
  const offset = { x: (view.x * side) / view.zoom, y: (view.y * side) / view.zoom };
  const x = onPixel({ length: width, side, ratio }, offset.x) / fit;
  const y = onPixel({ length: height, side, ratio }, offset.y) / fit;
  return { zoom, x, y };
}

const middle = ([p, q]) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });
const spread = ([p, q]) => Math.hypot(p.x - q.x, p.y - q.y);

/** Two fingers that went from `before` to `after`, each a pair of points. */
export function pinch(view, before, after) {
  const from = middle(before);
  const to = middle(after);
  const factor = spread(before) > 0 ? spread(after) / spread(before) : 1;
  return panBy(zoomAbout(view, factor, from), to.x - from.x, to.y - from.y);
}

/** A pointer's client position as a point of the pane with this bounding rectangle. */
export function pointInPane({ clientX, clientY }, { left, top, width, height }) {
  const fit = Math.min(width, height);
  return {
    x: (clientX - left - width / 2) / fit,
    y: (clientY - top - height / 2) / fit,
  };
}

/**
 * CSS transform of an image element that lies, as large as its own pixels, in its pane's upper left
 * corner. At one to one it scales nothing, so nothing is resampled.
 */
export function toCss({ zoom, x, y }, natural, { width, height }) {
  const fit = Math.min(width, height);
  const side = zoom * fit;
  const left = width / 2 + x * fit - side / 2;
  const top = height / 2 + y * fit - side / 2;
  return `translate(${left.toFixed(3)}px, ${top.toFixed(3)}px) scale(${(side / natural).toFixed(6)})`;
}
