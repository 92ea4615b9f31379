import assert from "node:assert/strict";
import { test } from "node:test";

import { keyAction, rowsOf, shuffled, squareLevel } from "../../static/js/display/patches.js";

const PATTERN = { grounds: { dark: 12, middle: 128, bright: 236 }, steps: [2, 4, 8, 0, 0] };
const press = (code, rest = {}) => ({ code, altKey: false, ctrlKey: false, metaKey: false, ...rest });

test("each row has every step once, in an order that cannot be known", () => {
  const orders = new Set();
  for (let count = 0; count < 200; count += 1) {
    const rows = rowsOf(PATTERN);
    assert.deepEqual(rows.map((row) => row[0].ground), ["dark", "middle", "bright"]);
    for (const row of rows) {
      assert.deepEqual(row.map(({ step }) => step).sort(), [0, 0, 2, 4, 8]);
      orders.add(String(row.map(({ step }) => step)));
    }
  }
  assert.ok(orders.size > 40, `${orders.size} of 60 orders`);
});

test("shuffling leaves what is given as it is, and uses the chance that it is given", () => {
  const given = [1, 2, 3, 4];
  assert.deepEqual(shuffled(given, () => 0.999), [1, 2, 3, 4]);
  assert.deepEqual(shuffled(given, () => 0), [2, 3, 4, 1]);
  assert.deepEqual(given, [1, 2, 3, 4]);
});

test("a square differs from its ground by its step, within what a screen shows", () => {
  for (const [ground, level] of Object.entries(PATTERN.grounds)) {
    for (const step of PATTERN.steps) {
      const square = squareLevel({ ground, level, step });
      assert.equal(Math.abs(square - level), step);
      assert.ok(square >= 0 && square <= 255);
    }
  }
});

test("digits choose, arrows change the row, Enter goes on, all else is the browser's", () => {
  assert.deepEqual(keyAction(press("Digit3")), { name: "toggle", value: 3 });
  assert.deepEqual(keyAction(press("Numpad5")), { name: "toggle", value: 5 });
  assert.deepEqual(keyAction(press("ArrowUp")), { name: "row", value: -1 });
  assert.deepEqual(keyAction(press("Enter")), { name: "onward" });
  for (const code of ["Space", "Tab", "KeyA", "Digit0"]) assert.equal(keyAction(press(code)), null);
  assert.equal(keyAction(press("Digit3", { ctrlKey: true })), null);
});
