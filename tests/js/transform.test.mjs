import assert from "node:assert/strict";
import { test } from "node:test";

import {
  FIT,
  MAX_ZOOM,
  clampView,
  panBy,
  panTowards,
  pinch,
  pixelView,
  pointInPane,
  toCss,
  zoomAbout,
} from "../../static/js/viewer/transform.js";

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
/** The point of the image, from its centre in fits, that lies under a point of the pane. */
const under = (view, point) => ({ x: (point.x - view.x) / view.zoom, y: (point.y - view.y) / view.zoom });

test("what is under the pointer stays under it while zooming in and out", () => {
  const point = { x: 0.21, y: -0.13 };
  for (const factor of [1.25, 3, 0.7]) {
    const start = { zoom: 2, x: 0.1, y: 0.05 };
    const before = under(start, point);
    const after = under(zoomAbout(start, factor, point), point);
    near(after.x, before.x);
    near(after.y, before.y);
  }
});

test("zooming in and out again about one point comes back", () => {
  const point = { x: -0.3, y: 0.2 };
  const back = zoomAbout(zoomAbout(FIT, 2.5, point), 1 / 2.5, point);
  near(back.zoom, 1);
  near(back.x, 0);
  near(back.y, 0);
});

test("zoom stays between the whole image and the limit", () => {
  assert.equal(zoomAbout(FIT, 0.1).zoom, 1);
  assert.equal(zoomAbout(FIT, 1e6).zoom, MAX_ZOOM);
});

test("the pane's centre never leaves the image", () => {
  assert.deepEqual(clampView({ zoom: 2, x: 9, y: -9 }), { zoom: 2, x: 1, y: -1 });
  assert.deepEqual(panBy(FIT, -4, 0), { zoom: 1, x: -0.5, y: 0 });
});

test("looking further to a side moves the image to the other", () => {
  assert.ok(panTowards(FIT, "left").x > 0);
  assert.ok(panTowards(FIT, "right").x < 0);
  assert.ok(panTowards(FIT, "up").y > 0);
  assert.ok(panTowards(FIT, "down").y < 0);
});

test("a pinch keeps what is between the fingers between them", () => {
  const before = [{ x: -0.1, y: 0 }, { x: 0.1, y: 0 }];
  const after = [{ x: -0.1, y: 0.05 }, { x: 0.3, y: 0.05 }];
  const view = pinch(FIT, before, after);
  near(view.zoom, 2);
  const seen = under(view, { x: 0.1, y: 0.05 });
  near(seen.x, 0);
  near(seen.y, 0);
});

test("two fingers on one spot do not zoom", () => {
  const spot = { x: 0.1, y: 0.1 };
  assert.deepEqual(pinch(FIT, [spot, spot], [spot, { x: 0.1, y: 0.1 }]), { ...FIT });
});

test("a pointer is measured from the pane's centre, in sides of the fitted image", () => {
  const rect = { left: 100, top: 50, width: 400, height: 800 };
  assert.deepEqual(pointInPane({ clientX: 300, clientY: 450 }, rect), { x: 0, y: 0 });
  assert.deepEqual(pointInPane({ clientX: 500, clientY: 50 }, rect), { x: 0.5, y: -1 });
});

test("the transform puts the image's upper left corner in its place, then scales its own pixels", () => {
  const size = { width: 400, height: 800 };
  assert.equal(toCss(FIT, 1024, size), "translate(0.000px, 200.000px) scale(0.390625)");
  assert.equal(toCss({ zoom: 2, x: 0.25, y: -0.1 }, 1024, size), "translate(-100.000px, -40.000px) scale(0.781250)");
});

const BOX = { width: 533.5, height: 819 };
const edges = ({ zoom, x, y }, { width, height }) => {
  const fit = Math.min(width, height);
  return [width / 2 + x * fit - (zoom * fit) / 2, height / 2 + y * fit - (zoom * fit) / 2];
};

test("at one to one the transform neither scales nor leaves a fraction of a pixel", () => {
  const size = { width: 533, height: 819 };
  const css = toCss(pixelView({ zoom: 2, x: 0.123, y: -0.2 }, 1024, size, 1), 1024, size);
  assert.match(css, /^translate\(-?\d+\.000px, -?\d+\.000px\) scale\(1\.000000\)$/);
});

test("at one to one a pixel of the image is a pixel of the screen, whatever the screen's ratio", () => {
  for (const ratio of [1, 1.25, 2, 3]) {
    const view = pixelView(FIT, 1024, BOX, ratio);
    near(view.zoom * BOX.width * ratio, 1024);
  }
});

test("at one to one the image begins on a whole pixel of the screen, and the middle stays", () => {
  for (const ratio of [1, 1.25, 2]) {
    const before = { zoom: 3, x: 0.41, y: -0.2 };
    const view = pixelView(before, 1024, BOX, ratio);
    for (const edge of edges(view, BOX)) near(edge * ratio, Math.round(edge * ratio));
    const middle = under(view, { x: 0, y: 0 });
    const [x, y] = [-before.x / before.zoom, -before.y / before.zoom];
    assert.ok(Math.abs(middle.x - x) < 1 / 1024 && Math.abs(middle.y - y) < 1 / 1024);
  }
});

test("an image smaller than its pane can be moved and zoomed into, and does not grow by itself", () => {
  const small = pixelView(FIT, 1024, { width: 2000, height: 1400 }, 2);
  assert.ok(small.zoom < 1);
  assert.equal(panBy(small, 0.1, 0).zoom, small.zoom);
  assert.equal(zoomAbout(small, 0.5).zoom, small.zoom);
  near(zoomAbout(small, 1.25).zoom, small.zoom * 1.25);
});

test("where the pane is so small that own pixels pass the limit of zoom, nothing springs back", () => {
  const large = pixelView(FIT, 2048, { width: 100, height: 100 }, 1);
  assert.ok(large.zoom > MAX_ZOOM);
  assert.equal(zoomAbout(large, 1.25).zoom, large.zoom);
  assert.ok(zoomAbout(large, 0.5).zoom < large.zoom);
});
