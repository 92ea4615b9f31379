import assert from "node:assert/strict";
import { test } from "node:test";

import { changesSince, retype, stateOf } from "../../static/js/rubrics/typed.js";

const field = (name, value, more = {}) => ({ name, value, type: "text", ...more });
const box = (value, checked) => ({ name: "q1-shown_values", type: "checkbox", value, checked });
const form = () => [
  field("csrf", "x", { type: "hidden" }),
  field("action", "save", { type: "submit" }),
  field("", "nameless"),
  field("title", "Knees"),
  box("1", false),
  box("2", true),
];

test("the state of a form is what a person can type or tick", () => {
  assert.deepEqual([...stateOf(form())], [
    ["title", "Knees"],
    ["q1-shown_values=1", false],
    ["q1-shown_values=2", true],
  ]);
});

test("what was typed while the answer was under way is typed into the new form", () => {
  const old = form();
  const before = stateOf(old);
  old[3].value = "Knees and hips";
  old[5].checked = false;
  const changes = changesSince(before, stateOf(old));
  const anew = form();
  const changed = retype(anew, changes);
  assert.deepEqual(stateOf(anew), stateOf(old));
  assert.deepEqual(changed, [anew[3], anew[5]]);
});

test("where nothing was typed the new form stays as it came", () => {
  const old = form();
  const anew = form();
  anew[3].value = "of the server";
  assert.deepEqual(retype(anew, changesSince(stateOf(old), stateOf(old))), []);
  assert.equal(anew[3].value, "of the server");
});

test("a field that is gone is let go", () => {
  const changes = new Map([["q9-question", "gone"]]);
  assert.deepEqual(retype(form(), changes), []);
});
