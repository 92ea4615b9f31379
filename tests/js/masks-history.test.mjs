import assert from "node:assert/strict";
import { test } from "node:test";

import { EMPTY, canRedo, canUndo, pushed, redone, shapesOf, undone } from "../../static/js/masks/history.js";
import { actionFor } from "../../static/js/masks/keys.js";
import { trace } from "../../static/js/masks/paint.js";
import { chanceShape, recipeOf, regionShape, withLine } from "../../static/js/masks/recipe.js";

const BOX = { type: "rectangle", box: [0.1, 0.2, 0.3, 0.4] };
const after = (...steps) => steps.reduce(pushed, EMPTY);
const press = (code, more = {}) => ({ code, key: more.key ?? code, ...more });

test("nothing is undone or redone where there is nothing", () => {
  assert.ok(!canUndo(EMPTY) && !canRedo(EMPTY));
  assert.equal(undone(EMPTY), EMPTY);
  assert.equal(redone(EMPTY), EMPTY);
  assert.deepEqual(shapesOf(EMPTY), []);
});

test("steps are undone and redone in their order", () => {
  const history = after(["a"], ["a", "b"], []);
  assert.deepEqual(shapesOf(undone(history)), ["a", "b"]);
  assert.deepEqual(shapesOf(undone(undone(history))), ["a"]);
  assert.deepEqual(redone(undone(history)), history);
});

test("a new step after an undo ends what was undone", () => {
  const history = pushed(undone(after(["a"], ["a", "b"])), ["a", "c"]);
  assert.ok(!canRedo(history));
  assert.deepEqual(shapesOf(undone(history)), ["a"]);
});

test("a history does not grow without end, and its last steps stay", () => {
  let history = EMPTY;
  for (let k = 0; k < 1000; k += 1) history = pushed(history, [k]);
  assert.equal(history.steps.length, 200);
  assert.deepEqual(shapesOf(undone(history)), [998]);
});

test("a region or an area by chance is kept as such only while it is alone", () => {
  const region = regionShape("left hip", [0.6, 0.4, 0.9, 0.8]);
  const random = chanceShape({ points: [[0, 0], [1, 0], [0, 1]], random: { seed: 3, area: 0.1 } });
  assert.deepEqual(recipeOf([region]), { region: "left hip" });
  assert.deepEqual(recipeOf([random]), { random: { seed: 3, area: 0.1 } });
  assert.deepEqual(recipeOf([BOX]), { shapes: [BOX] });
  assert.deepEqual(recipeOf([region, { ...BOX, erase: true }, random]), {
    shapes: [
      { type: "ellipse", box: [0.6, 0.4, 0.9, 0.8] },
      { ...BOX, erase: true },
      { type: "polygon", points: [[0, 0], [1, 0], [0, 1]] },
    ],
  });
});

test("a line is added below the others, and once", () => {
  assert.equal(withLine("", "image A"), "image A");
  assert.equal(withLine("KNEE AP\n\n", "image A"), "KNEE AP\nimage A");
  assert.equal(withLine("KNEE AP\n image A ", "image A"), "KNEE AP\n image A ");
});

test("arrows move, with Shift stretch, with Alt finely, and go on while held", () => {
  assert.deepEqual(actionFor(press("ArrowUp")), { name: "move", value: "up", fine: undefined });
  assert.equal(actionFor(press("ArrowUp", { shiftKey: true })).name, "stretch");
  assert.equal(actionFor(press("ArrowUp", { altKey: true })).fine, true);
  assert.equal(actionFor(press("ArrowUp", { repeat: true })).ignored, undefined);
  assert.equal(actionFor(press("Enter", { repeat: true })).ignored, true);
});

test("every tool and command has a key", () => {
  const names = ["KeyR", "KeyE", "KeyP", "KeyB"].map((code) => actionFor(press(code)).value);
  assert.deepEqual(names, ["rectangle", "ellipse", "polygon", "brush"]);
  const ctrl = (code, more) => actionFor(press(code, { ctrlKey: true, ...more }))?.name;
  assert.deepEqual([ctrl("KeyZ"), ctrl("KeyY"), ctrl("KeyZ", { shiftKey: true })], ["undo", "redo", "redo"]);
  assert.deepEqual(
    ["Enter", " ", "Escape", "Backspace"].map((key) => actionFor(press(key, { key })).name),
    ["set", "set", "leave", "back"],
  );
  assert.deepEqual(actionFor(press("BracketRight", { key: "]" })), { name: "resize", value: 1 });
  assert.equal(actionFor(press("KeyX")).name, "erase");
  assert.equal(actionFor(press("KeyC")).name, "close");
});

test("what is the browser's stays the browser's", () => {
  for (const event of [press("Tab"), press("F5"), press("KeyR", { ctrlKey: true }), press("KeyC", { metaKey: true })]) {
    assert.equal(actionFor(event), null);
  }
});

test("shapes are traced in pixels of the mask", () => {
  const calls = [];
  const path = new Proxy({}, { get: (_, name) => (...args) => calls.push([name, ...args]) });
  const size = { width: 200, height: 100 };
  trace(path, { type: "rectangle", box: [0.25, 0.5, 0.75, 1] }, size);
  trace(path, { type: "ellipse", box: [0, 0, 0.5, 0.5] }, size);
  trace(path, { type: "polygon", points: [[0, 0], [1, 0], [0.5, 1]] }, size);
  trace(path, { type: "brush", points: [[0.5, 0.5]], radius: 0.1 }, size);
  assert.deepEqual(calls, [
    ["rect", 50, 50, 100, 50],
    ["ellipse", 50, 25, 50, 25, 0, 0, 2 * Math.PI],
    ["moveTo", 0, 0],
    ["lineTo", 200, 0],
    ["lineTo", 100, 100],
    ["closePath"],
    ["moveTo", 100, 50],
  ]);
});
