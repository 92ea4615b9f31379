import assert from "node:assert/strict";
import { test } from "node:test";

import { extentOf, fitView, union } from "../../static/js/viewer/extent.js";

const SIDE = 64;

/** A black square with a grey rectangle of it, in pixels. */
function film({ left, top, width, height }) {
  const pixels = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let row = top; row < top + height; row += 1) {
    for (let column = left; column < left + width; column += 1) {
      pixels[(row * SIDE + column) * 4] = 90;
    }
  }
  return pixels;
}
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 0.001, `${actual} is not ${expected}`);

test("a portrait film in a square is as wide as its picture, with a little black kept", () => {
  const extent = extentOf(film({ left: 16, top: 0, width: 32, height: 64 }), SIDE);
  near(extent.width, 0.52);
  assert.equal(extent.height, 1);
});

test("a picture off the centre is measured from the centre, so that none of it is cut", () => {
  const extent = extentOf(film({ left: 24, top: 8, width: 30, height: 10 }), SIDE);
  near(extent.width, (2 * (54 / 64 - 0.5)) * 1.04);
  near(extent.height, (2 * (0.5 - 8 / 64)) * 1.04);
});

test("an image of nothing but black has the extent of the square", () => {
  assert.deepEqual(extentOf(new Uint8ClampedArray(SIDE * SIDE * 4), SIDE), { width: 1, height: 1 });
});

test("images side by side share one extent, and so one scale", () => {
  const both = union([{ width: 0.4, height: 1 }, { width: 0.9, height: 0.5 }]);
  assert.deepEqual(both, { width: 0.9, height: 1 });
});

test("the extent fills the pane in one direction and fits in the other", () => {
  const pane = { width: 534, height: 800 };
  const { zoom } = fitView({ width: 0.5, height: 1 }, pane);
  near(zoom, 800 / 534);
  assert.equal(fitView({ width: 1, height: 1 }, pane).zoom, 1);
});

test("a pane without size yet shows the whole square", () => {
  assert.equal(fitView({ width: 0.5, height: 0.5 }, { width: 0, height: 0 }).zoom, 1);
});
