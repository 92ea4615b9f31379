import assert from "node:assert/strict";
import { test } from "node:test";

import { marksOf, spoken } from "../../static/js/rating/feedback.js";

test("each outline becomes a line about the region of its image, without a number", () => {
  const outlines = [{ image: "B", points: [[0.1, 0.2], [0.3, 0.2], [0.3, 0.4]] }];
  assert.deepEqual(marksOf({ outlines }), [
    {
      image: "B",
      shape: "outline",
      points: [{ x: 0.1, y: 0.2 }, { x: 0.3, y: 0.2 }, { x: 0.3, y: 0.4 }],
      number: "",
      current: true,
    },
  ]);
  assert.deepEqual(marksOf({ outlines: [] }), []);
});

test("a screen reader is told the outcome first, and no empty explanation", () => {
  const told = { title: "Right.", sentences: ["Image A is real."], explanation: "" };
  assert.equal(spoken(told), "Right. Image A is real.");
  assert.equal(spoken({ ...told, explanation: "Look at the cortex." }), "Right. Image A is real. Look at the cortex.");
});
