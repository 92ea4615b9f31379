import assert from "node:assert/strict";
import { test } from "node:test";

import { MAGNIFICATION, seenThrough } from "../../static/js/viewer/loupe.js";

test("the middle of the glass is the place that it is held over", () => {
  const { x, y, side } = seenThrough({ x: 0.25, y: 0.75 }, 1024, 512, 220);
  assert.equal(x + side / 2, 256);
  assert.equal(y + side / 2, 768);
});

test("what is seen through it is larger than beside it by the magnification, at any zoom", () => {
  for (const shown of [190, 512, 1024, 6000]) {
    const { side } = seenThrough({ x: 0.5, y: 0.5 }, 1024, shown, 220);
    const [within, beside] = [220 / side, shown / 1024];
    assert.ok(Math.abs(within / beside - MAGNIFICATION) < 1e-9);
  }
});
