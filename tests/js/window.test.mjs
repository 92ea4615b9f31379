import assert from "node:assert/strict";
import { test } from "node:test";

import {
  FULL,
  MAX_WIDTH,
  MIN_WIDTH,
  PRESETS,
  clampWindow,
  dragWindow,
  isFull,
  transfer,
} from "../../static/js/viewer/window.js";

const shown = (level, window, inverted = false) => {
  const { slope, intercept } = transfer(window, inverted);
  return (level / 255) * slope + intercept;
};
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test("the full window changes nothing", () => {
  assert.deepEqual(transfer(FULL, false), { slope: 1, intercept: 0 });
  assert.ok(isFull(FULL));
});

test("the window's ends are black and white, its level is the middle grey", () => {
  const window = { level: 100, width: 60 };
  near(shown(70, window), 0);
  near(shown(100, window), 0.5);
  near(shown(130, window), 1);
});

test("inverting mirrors every grey", () => {
  for (const window of PRESETS) {
    for (const level of [0, 40, 128, 255]) near(shown(level, window, true), 1 - shown(level, window));
  }
});

test("a drag to the right widens, downwards darkens", () => {
  const start = { level: 128, width: 200 };
  assert.ok(dragWindow(start, 10, 0).width > start.width);
  const darker = dragWindow(start, 0, 10);
  assert.ok(shown(128, darker) < shown(128, start));
});

test("a window stays within its limits", () => {
  assert.deepEqual(clampWindow({ level: -5, width: 0 }), { level: 0, width: MIN_WIDTH });
  assert.deepEqual(clampWindow({ level: 999, width: 9999 }), { level: 255, width: MAX_WIDTH });
});

test("there are four presets, the first of them the full range", () => {
  assert.equal(PRESETS.length, 4);
  assert.ok(isFull(PRESETS[0]));
  assert.equal(PRESETS.filter(isFull).length, 1);
});
