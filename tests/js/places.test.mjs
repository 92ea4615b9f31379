import assert from "node:assert/strict";
import { test } from "node:test";

import { clampPlace, markOf, moveSpan, placeAt, pointAt, viewShowing } from "../../static/js/viewer/places.js";
import { FIT, MAX_ZOOM, clampView, zoomAbout } from "../../static/js/viewer/transform.js";

const near = (actual, expected, within = 1e-9) =>
  assert.ok(Math.abs(actual - expected) < within, `${actual} is not ${expected}`);
/** The same numbers in each run, from 0 to 1. */
function* numbers(seed = 7) {
  for (let state = seed; ; ) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}
const some = numbers();
const random = (low = 0, high = 1) => low + (high - low) * some.next().value;
const place = () => ({ x: random(), y: random() });
const view = () => clampView({ zoom: random(1, MAX_ZOOM), x: random(-6, 6), y: random(-6, 6) });
const times = (count, run) => Array.from({ length: count }, run);

test("a fitted image: its corners, its middle", () => {
  assert.deepEqual(placeAt(FIT, { x: -0.5, y: -0.5 }), { x: 0, y: 0 });
  assert.deepEqual(placeAt(FIT, { x: 0, y: 0 }), { x: 0.5, y: 0.5 });
  assert.deepEqual(placeAt(FIT, { x: 0.5, y: 0.5 }), { x: 1, y: 1 });
});

test("at twice the size and moved to the right, the middle of the pane shows what is further left", () => {
  assert.deepEqual(placeAt({ zoom: 2, x: 0.5, y: 0 }, { x: 0, y: 0 }), { x: 0.25, y: 0.5 });
});

test("from a pointer to a place and back is the same point under any view", () => {
  times(500, () => {
    const seen = view();
    const point = { x: random(-1, 1), y: random(-1, 1) };
    const back = pointAt(seen, placeAt(seen, point));
    near(back.x, point.x);
    near(back.y, point.y);
  });
});

test("zooming about a pointer leaves the same place under it", () => {
  times(200, () => {
    const [start, point] = [{ zoom: 2, x: 0.1, y: 0.05 }, { x: random(-0.3, 0.3), y: random(-0.3, 0.3) }];
    const before = placeAt(start, point);
    const after = placeAt(zoomAbout(start, random(1, 3), point), point);
    near(after.x, before.x);
    near(after.y, before.y);
  });
});

test("a click is a point where it went down, a drag is a box whichever way it went", () => {
  const click = { from: { x: 0.3, y: 0.4 }, to: { x: 0.304, y: 0.4 } };
  assert.deepEqual(markOf(click, 0.005), { shape: "point", x: 0.3, y: 0.4, width: 0, height: 0 });
  const box = { shape: "box", x: 0.2, y: 0.3, width: 0.25, height: 0.4 };
  const corners = [{ x: 0.2, y: 0.3 }, { x: 0.45, y: 0.7 }];
  assert.deepEqual(markOf({ from: corners[0], to: corners[1] }), box);
  assert.deepEqual(markOf({ from: corners[1], to: corners[0] }), box);
});

test("every mark lies on the image, a box is never without extent, five decimals are kept", () => {
  const anywhere = () => ({ x: random(-0.5, 1.5), y: random(-0.5, 1.5) });
  const marks = times(2000, () => markOf({ from: anywhere(), to: anywhere() })).filter(Boolean);
  assert.ok(marks.length > 1000);
  for (const { shape, x, y, width, height } of marks) {
    assert.equal(shape, "box");
    assert.ok(x >= 0 && y >= 0 && width > 0 && height > 0);
    for (const [start, length] of [[x, width], [y, height]]) {
      assert.ok(Math.round((start + length) * 1e5) <= 1e5, `${start} + ${length}`);
      assert.equal(Number(start.toFixed(5)), start);
      assert.equal(Number(length.toFixed(5)), length);
    }
  }
});

test("a drag along an edge is a thin box within the image", () => {
  const mark = markOf({ from: { x: 1.2, y: 0.2 }, to: { x: 1, y: 0.8 } });
  assert.deepEqual(mark, { shape: "box", x: 0.998, y: 0.2, width: 0.002, height: 0.6 });
});

test("beside the image there is no mark", () => {
  const beside = { x: -0.1, y: 0.5 };
  assert.equal(markOf({ from: beside, to: beside }, 0.01), null);
  assert.equal(markOf({ from: beside, to: { x: -0.01, y: 0.9 } }), null);
  assert.equal(markOf({ from: { x: 0.2, y: 1.01 }, to: { x: 0.9, y: 1.4 } }), null);
});

test("an arrow moves the whole span by the same way on the screen at any zoom", () => {
  const span = { from: { x: 0.4, y: 0.5 }, to: { x: 0.5, y: 0.6 } };
  for (const zoom of [1, 4]) {
    const moved = moveSpan(span, "right", { zoom, stretch: false });
    near((moved.from.x - span.from.x) * zoom, 0.01);
    near(moved.to.x - moved.from.x, 0.1);
    near(moved.to.y, 0.6);
  }
});

test("Shift and an arrow move only the end, and back again leaves a point", () => {
  const start = { from: { x: 0.5, y: 0.5 }, to: { x: 0.5, y: 0.5 } };
  const box = ["right", "down", "down"].reduce((span, way) => moveSpan(span, way, { zoom: 1, stretch: true }), start);
  assert.deepEqual(markOf(box), { shape: "box", x: 0.5, y: 0.5, width: 0.01, height: 0.02 });
  const back = ["left", "up", "up"].reduce((span, way) => moveSpan(span, way, { zoom: 1, stretch: true }), box);
  assert.equal(markOf(back).shape, "point");
});

test("no key takes a span off the image, and at the edge a box keeps its size", () => {
  const ways = ["left", "right", "up", "down"];
  let span = { from: { x: 0.4, y: 0.4 }, to: { x: 0.6, y: 0.5 } };
  times(3000, () => {
    const way = random() < 0.6 ? "right" : ways[Math.floor(random(0, 4))];
    span = moveSpan(span, way, { zoom: 1, stretch: false });
    for (const end of [span.from, span.to]) {
      const kept = clampPlace(end);
      near(end.x, kept.x);
      near(end.y, kept.y);
    }
    near(span.to.x - span.from.x, 0.2);
    near(span.to.y - span.from.y, 0.1);
  });
  near(span.to.x, 1, 0.1);
});

test("a view is moved until the place is seen, and not at all where it is", () => {
  const reach = { x: 0.5, y: 0.7 };
  times(500, () => {
    const [before, wanted] = [view(), place()];
    const after = viewShowing(before, wanted, reach);
    const point = pointAt(after, wanted);
    assert.ok(Math.abs(point.x) <= reach.x + 1e-9 && Math.abs(point.y) <= reach.y + 1e-9);
    const seen = pointAt(before, wanted);
    if (Math.abs(seen.x) <= reach.x && Math.abs(seen.y) <= reach.y) assert.equal(after, before);
  });
});
