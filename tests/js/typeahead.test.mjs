import assert from "node:assert/strict";
import { test } from "node:test";

import { Typed, findTag } from "../../static/js/rating/typeahead.js";

const TAGS = [
  { group: "Bone", label: "Missing" },
  { group: "Bone", label: "Fused" },
  { group: "Joint", label: "Space absent or blurred" },
  { group: "Joint", label: "Misaligned" },
  { group: "Röhre", label: "Über Kreuz" },
];
const found = (typed, from = -1) => TAGS[findTag(TAGS, typed, from)]?.label;

test("the first letters of any word of a label find it", () => {
  assert.equal(found("fu"), "Fused");
  assert.equal(found("bl"), "Space absent or blurred");
  assert.equal(found("üb"), "Über Kreuz");
});

test("a letter again goes to the next that begins with it, and around", () => {
  assert.equal(found("m"), "Missing");
  assert.equal(found("m", 0), "Misaligned");
  assert.equal(found("m", 3), "Missing");
});

test("more letters stay where they still fit", () => {
  assert.equal(found("mis", 3), "Misaligned");
  assert.equal(found("miss", 3), "Missing");
});

test("a group is found by its name where no label is", () => {
  assert.equal(found("jo"), "Space absent or blurred");
  assert.equal(found("b", 2), "Space absent or blurred");
});

test("what nothing begins with finds nothing", () => {
  assert.equal(findTag(TAGS, "xyz", 1), -1);
  assert.equal(findTag(TAGS, "used", -1), -1);
});

test("letters add up until a pause, and the same letter stays one", () => {
  const typed = new Typed();
  assert.equal(typed.add("M", 0), "m");
  assert.equal(typed.add("i", 300), "mi");
  assert.equal(typed.add("s", 900), "mis");
  assert.equal(typed.add("m", 2500), "m");
  assert.equal(typed.add("m", 2600), "m");
});
