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

/** The nearest allowed view: zoom 1 to MAX_ZOOM, and the pane's centre always on the image. */
export function clampView({ zoom, x, y }) {
  const kept = between(1, zoom, MAX_ZOOM);
  const reach = kept / 2;
  return { zoom: kept, x: between(-reach, x, reach), y: between(-reach, y, reach) };
}

/** Zoom by a factor; what is under `point` stays under it. */
export function zoomAbout(view, factor, point = { x: 0, y: 0 }) {
  const zoom = between(1, view.zoom * factor, MAX_ZOOM);
  const ratio = zoom / view.zoom;
  return clampView({
    zoom,
    x: point.x - (point.x - view.x) * ratio,
    y: point.y - (point.y - view.y) * ratio,
  });
}

export function panBy(view, dx, dy) {
  return clampView({ zoom: view.zoom, x: view.x + dx, y: view.y + dy });
}

/** One step towards a side, as when scrolling: looking further left moves the image right. */
export function panTowards(view, direction) {
  const [x, y] = DIRECTIONS[direction];
  return panBy(view, x * PAN_STEP, y * PAN_STEP);
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

/** CSS transform of an image element that is one fit wide and centred in its pane. */
export function toCss({ zoom, x, y }) {
  return `translate(${(x * 100).toFixed(3)}%, ${(y * 100).toFixed(3)}%) scale(${zoom.toFixed(4)})`;
}
