import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, distance, isFlat, placeIn, stepped } from "../../static/js/masks/geometry.js";
import { Pen, RADIUS } from "../../static/js/masks/pen.js";

const SQUARE = { width: 500, height: 500 };
const UPRIGHT = { width: 400, height: 800 };
const near = (actual, expected, within = 1e-9) =>
  assert.ok(Math.abs(actual - expected) < within, `${actual} is not ${expected}`);
/** The same numbers in each run, from 0 to 1. */
function* numbers(seed = 11) {
  for (let state = seed; ; ) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}
const some = numbers();
const random = () => some.next().value;
const place = () => ({ x: random(), y: random() });
const draw = (pen, ...places) => {
  let shape = null;
  for (const [x, y] of places) {
    pen.moveTo({ x, y });
    shape = pen.set();
  }
  return shape;
};

test("under a pointer lies a fraction of the image, beside it its border", () => {
  const rect = { left: 100, top: 50, width: 200, height: 400 };
  assert.deepEqual(placeIn(rect, { clientX: 150, clientY: 150 }), { x: 0.25, y: 0.25 });
  assert.deepEqual(placeIn(rect, { clientX: 90, clientY: 900 }), { x: 0, y: 1 });
});

test("a step is as long across as down, whatever the shape of the image", () => {
  const centre = { x: 0.5, y: 0.5 };
  for (const direction of ["left", "right", "up", "down"]) {
    const moved = stepped(centre, direction, 0.05, UPRIGHT);
    near(distance(centre, moved, UPRIGHT), 0.05);
  }
  near(stepped(centre, "right", 0.05, UPRIGHT).x, 0.6);
  near(stepped(centre, "up", 0.05, UPRIGHT).y, 0.45);
  assert.deepEqual(stepped({ x: 0.99, y: 0.5 }, "right", 0.05, UPRIGHT), { x: 1, y: 0.5 });
});

test("a box is the same from whichever corner, and flat without extent", () => {
  for (let k = 0; k < 300; k += 1) {
    const [a, b] = [place(), place()];
    const [left, top, right, bottom] = boxOf(a, b);
    assert.deepEqual(boxOf(b, a), [left, top, right, bottom]);
    assert.ok(left <= right && top <= bottom);
  }
  assert.ok(isFlat(boxOf({ x: 0.2, y: 0.1 }, { x: 0.2, y: 0.9 })));
  assert.ok(!isFlat(boxOf({ x: 0.2, y: 0.1 }, { x: 0.3, y: 0.9 })));
});

test("two corners make a rectangle or an ellipse, and the pen is free again", () => {
  const pen = new Pen(SQUARE);
  assert.deepEqual(draw(pen, [0.6, 0.7], [0.2, 0.1]), { type: "rectangle", box: [0.2, 0.1, 0.6, 0.7] });
  assert.ok(!pen.isOpen);
  pen.take("ellipse");
  assert.deepEqual(draw(pen, [0.1, 0.2], [0.3, 0.4]), { type: "ellipse", box: [0.1, 0.2, 0.3, 0.4] });
});

test("a box without extent stays open until it has one", () => {
  const pen = new Pen(SQUARE);
  assert.equal(draw(pen, [0.3, 0.3], [0.3, 0.3], [0.3, 0.5]), null);
  assert.ok(pen.isOpen);
  assert.deepEqual(draw(pen, [0.4, 0.5]), { type: "rectangle", box: [0.3, 0.3, 0.4, 0.5] });
});

test("Shift and arrows begin a box at the cursor and stretch it", () => {
  const pen = new Pen(SQUARE);
  pen.moveTo({ x: 0.4, y: 0.4 });
  for (let k = 0; k < 10; k += 1) pen.stretch("right", false);
  for (let k = 0; k < 5; k += 1) pen.stretch("down", true);
  assert.deepEqual(pen.preview, { type: "rectangle", box: [0.4, 0.4, 0.5, 0.41] });
  assert.deepEqual(pen.set(), { type: "rectangle", box: [0.4, 0.4, 0.5, 0.41] });
});

test("a polygon is closed at its first vertex, at its last one again, or where it stands", () => {
  const corners = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.6]];
  const closings = [
    (pen) => draw(pen, [0.105, 0.1]),
    (pen) => pen.set(),
    (pen) => {
      pen.moveTo({ x: 0.9, y: 0.9 });
      return pen.finish();
    },
  ];
  for (const close of closings) {
    const pen = new Pen(SQUARE);
    pen.take("polygon");
    assert.equal(draw(pen, ...corners), null);
    assert.deepEqual(close(pen), { type: "polygon", points: corners });
    assert.ok(!pen.isOpen);
  }
});

test("two vertices are no polygon, and the last one can be taken back", () => {
  const pen = new Pen(SQUARE);
  pen.take("polygon");
  draw(pen, [0.1, 0.1], [0.5, 0.1]);
  assert.equal(pen.finish(), null);
  assert.equal(pen.points.length, 2);
  pen.back();
  assert.equal(pen.points.length, 1);
  pen.back();
  assert.ok(!pen.isOpen);
});

test("a stroke follows the cursor, keeps its ends, and leaves out what lies close", () => {
  const pen = new Pen(SQUARE);
  pen.take("brush");
  pen.resize(0.04);
  pen.moveTo({ x: 0.2, y: 0.5 });
  pen.set();
  for (let k = 1; k <= 500; k += 1) pen.moveTo({ x: 0.2 + k / 1000, y: 0.5 });
  const { type, points, radius } = pen.set();
  assert.deepEqual([type, radius, points[0], points.at(-1)], ["brush", 0.04, [0.2, 0.5], [0.7, 0.5]]);
  assert.ok(points.length > 40 && points.length <= 52, `${points.length} points`);
});

test("a click of the brush is a dot", () => {
  const pen = new Pen(SQUARE);
  pen.take("brush");
  assert.deepEqual(draw(pen, [0.3, 0.4], [0.3, 0.4]).points, [[0.3, 0.4]]);
});

test("the brush has a least and a greatest size, by keys too", () => {
  const pen = new Pen(SQUARE);
  pen.take("brush");
  for (let k = 0; k < 200; k += 1) pen.stretch("up", false);
  assert.equal(pen.radius, RADIUS.most);
  for (let k = 0; k < 200; k += 1) pen.stretch("down", false);
  assert.equal(pen.radius, RADIUS.least);
});

test("an eraser marks what it draws, whatever the tool", () => {
  const pen = new Pen(SQUARE);
  pen.erase = true;
  for (const tool of ["rectangle", "ellipse", "brush"]) {
    pen.take(tool);
    const shape = draw(pen, [0.1, 0.1], [0.4, 0.4]);
    assert.deepEqual([shape.type, shape.erase], [tool, true]);
  }
});

test("another tool leaves what was begun; nothing drawn ever leaves the image", () => {
  const pen = new Pen(UPRIGHT);
  draw(pen, [0.3, 0.3]);
  pen.take("ellipse");
  assert.ok(!pen.isOpen);
  const ways = ["left", "right", "up", "down"];
  for (let k = 0; k < 3000; k += 1) {
    pen.take(["rectangle", "ellipse", "polygon", "brush"][Math.floor(random() * 4)]);
    pen.stretch(ways[Math.floor(random() * 4)], false);
    if (random() < 0.2) pen.moveTo({ x: random() * 3 - 1, y: random() * 3 - 1 });
    const shape = pen.set();
    const numbers = shape ? (shape.box ?? shape.points.flat()) : [];
    assert.ok(numbers.every((one) => one >= 0 && one <= 1));
  }
});
