import assert from "node:assert/strict";
import { test } from "node:test";

import { actionFor, pickingActionFor } from "../../static/js/viewer/keys.js";

const READY = { inText: false, singleKeys: true };
const press = (code, key = "", rest = {}) => ({
  code,
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
  ...rest,
});
const acts = (event, expected, where = READY) => assert.deepEqual(actionFor(event, where), expected);
const answer = (value) => ({ name: "answer", value });

test("digits answer, on the number row and on the number pad", () => {
  acts(press("Digit4", "4"), answer(4));
  acts(press("Numpad0", "0"), answer(0));
});

test("digits go by their place, so that a French layout needs no shift", () => {
  acts(press("Digit6", "-"), answer(6));
  acts(press("Digit6", "6", { shiftKey: true }), answer(6));
});

test("letters go by their place", () => {
  acts(press("KeyN", "n"), { name: "not_applicable" });
  acts(press("KeyL", "д"), { name: "link" });
  acts(press("KeyI", "I", { shiftKey: true }), { name: "invert" });
});

test("signs go by what they write: US and German", () => {
  acts(press("Equal", "+", { shiftKey: true }), { name: "zoom_in" });
  acts(press("Equal", "="), { name: "fit" });
  acts(press("BracketRight", "+"), { name: "zoom_in" });
  acts(press("Slash", "-"), { name: "zoom_out" });
  acts(press("Digit0", "=", { shiftKey: true }), { name: "fit" });
  acts(press("Minus", "?", { shiftKey: true }), { name: "help" });
  acts(press("NumpadAdd", "+"), { name: "zoom_in" });
});

test("arrows choose the criterion; with Alt they move the image, never the browser's history", () => {
  acts(press("ArrowDown"), { name: "next_criterion" });
  acts(press("ArrowLeft", "ArrowLeft", { altKey: true }), { name: "pan", value: "left" });
  acts(press("ArrowLeft"), null);
});

test("Alt with 1 to 4 sets a preset and never answers", () => {
  acts(press("Digit4", "4", { altKey: true }), { name: "preset", value: 4 });
  acts(press("Digit5", "5", { altKey: true }), null);
});

test("AltGr, which is Ctrl and Alt, means nothing", () => {
  acts(press("Digit2", "²", { altKey: true, ctrlKey: true }), null);
});

test("the browser's own Ctrl keys stay the browser's", () => {
  acts(press("KeyR", "r", { ctrlKey: true }), null);
  acts(press("Digit1", "1", { metaKey: true }), null);
});

test("Ctrl or Command with Enter submits, in a text field too", () => {
  const inText = { inText: true, singleKeys: true };
  acts(press("Enter", "Enter", { ctrlKey: true }), { name: "submit" }, inText);
  acts(press("NumpadEnter", "Enter", { metaKey: true }), { name: "submit" });
  acts(press("Enter", "Enter"), null);
});

test("in a text field, what is typed is typed", () => {
  const inText = { inText: true, singleKeys: true };
  for (const event of [press("Digit3", "3"), press("KeyI", "i"), press("Slash", "?", { shiftKey: true })]) {
    acts(event, null, inText);
  }
  acts(press("ArrowLeft", "", { altKey: true }), null, inText);
  acts(press("Escape", "Escape"), { name: "pause" }, inText);
});

test("with single keys turned off, only keys with Alt or Ctrl act, and Escape", () => {
  const off = { inText: false, singleKeys: false };
  for (const code of ["Digit3", "KeyI", "ArrowDown", "KeyN"]) acts(press(code), null, off);
  acts(press("Digit2", "2", { altKey: true }), { name: "preset", value: 2 }, off);
  acts(press("Escape"), { name: "pause" }, off);
});

test("a digit held down answers once; zoom goes on", () => {
  assert.equal(actionFor(press("Digit5", "5", { repeat: true }), READY).ignored, true);
  assert.equal(actionFor(press("Enter", "Enter", { ctrlKey: true, repeat: true }), READY).ignored, true);
  acts(press("NumpadAdd", "+", { repeat: true }), { name: "zoom_in" });
});

test("keys of an input method under way are left alone", () => {
  acts(press("Digit1", "1", { isComposing: true }), null);
});

test("no key flips or rotates", () => {
  const names = ["H", "V", "T"].map((letter) => actionFor(press(`Key${letter}`), READY));
  assert.deepEqual(names, [null, null, null]);
});

const PLACING = { ...READY, isPlacing: true };

test("M places a mark, with Shift it hides or shows the marks", () => {
  acts(press("KeyM", "m"), { name: "mark" });
  acts(press("KeyM", "ь"), { name: "mark" });
  acts(press("KeyM", "M", { shiftKey: true }), { name: "hide_marks" });
  acts(press("KeyM", "m"), null, { inText: true, singleKeys: true });
  acts(press("KeyM", "m"), null, { inText: false, singleKeys: false });
});

test("while a mark is placed, arrows move it, with Shift they stretch it, Enter sets it", () => {
  acts(press("ArrowLeft"), { name: "move_mark", value: "left" }, PLACING);
  acts(press("ArrowDown", "", { shiftKey: true }), { name: "stretch_mark", value: "down" }, PLACING);
  acts(press("ArrowUp", "", { repeat: true }), { name: "move_mark", value: "up" }, PLACING);
  acts(press("Enter", "Enter"), { name: "set_mark" }, PLACING);
  acts(press("Enter", "Enter", { repeat: true }), { name: "set_mark", ignored: true }, PLACING);
  acts(press("Escape", "Escape"), { name: "pause" }, PLACING);
  acts(press("KeyM", "m"), { name: "mark" }, PLACING);
});

test("while a mark is placed, 1 to 4 choose the image and nothing is answered", () => {
  acts(press("Digit1", "1"), { name: "take_image", value: 1 }, PLACING);
  acts(press("Numpad2", "2"), { name: "take_image", value: 2 }, PLACING);
  acts(press("Digit4", "4"), { name: "take_image", value: 4 }, PLACING);
  for (const event of [press("Digit5", "5"), press("Digit0", "0"), press("KeyN", "n")]) acts(event, null, PLACING);
});

test("while a mark is placed, the image can still be zoomed, moved and windowed", () => {
  acts(press("NumpadAdd", "+"), { name: "zoom_in" }, PLACING);
  acts(press("ArrowLeft", "", { altKey: true }), { name: "pan", value: "left" }, PLACING);
  acts(press("Digit2", "2", { altKey: true }), { name: "preset", value: 2 }, PLACING);
});

test("with single keys turned off a mark is still placed by arrows and Enter", () => {
  const off = { ...PLACING, singleKeys: false };
  acts(press("ArrowLeft"), { name: "move_mark", value: "left" }, off);
  acts(press("Enter", "Enter"), { name: "set_mark" }, off);
  acts(press("Digit1", "1"), null, off);
});

test("in the list of defects letters are typed, arrows step, digits are severities", () => {
  const picks = (event, expected) => assert.deepEqual(pickingActionFor(event), expected);
  picks(press("KeyF", "f"), { name: "type", value: "f" });
  picks(press("Semicolon", "ж"), { name: "type", value: "ж" });
  picks(press("ArrowDown", "ArrowDown"), { name: "step_tag", value: 1 });
  picks(press("ArrowUp", "ArrowUp", { repeat: true }), { name: "step_tag", value: -1 });
  picks(press("Digit2", "é"), { name: "severity", value: 2 });
  picks(press("Digit4", "4"), null);
  picks(press("Digit3", "3", { repeat: true }), { name: "severity", value: 3, ignored: true });
  picks(press("Enter", "Enter"), { name: "confirm" });
  picks(press("Escape", "Escape"), { name: "cancel" });
  for (const event of [press("Tab", "Tab"), press("Space", " "), press("F5", "F5")]) picks(event, null);
  picks(press("Digit2", "2", { altKey: true }), null);
  picks(press("KeyF", "f", { ctrlKey: true }), null);
});

const FULL = { ...READY, isFull: true };

test("loupe, own pixels and the whole screen have keys of their own, once a press", () => {
  acts(press("KeyG", "g"), { name: "loupe" });
  acts(press("KeyP", "p"), { name: "pixels" });
  acts(press("KeyF", "ф"), { name: "full" });
  acts(press("KeyF", "f", { repeat: true }), { name: "full", ignored: true });
  for (const code of ["KeyG", "KeyP", "KeyF"]) acts(press(code, "", { ctrlKey: true }), null);
});

test("while one image fills the screen, digits choose the image and nothing is answered or sent", () => {
  acts(press("Digit2", "2"), { name: "take_image", value: 2 }, FULL);
  for (const event of [press("Digit5", "5"), press("KeyN", "n"), press("ArrowDown")]) acts(event, null, FULL);
  acts(press("Enter", "Enter", { ctrlKey: true }), null, FULL);
});

test("while one image fills the screen, it is looked at as ever, and Escape leaves", () => {
  acts(press("KeyI", "i"), { name: "invert" }, FULL);
  acts(press("Digit3", "3", { altKey: true }), { name: "preset", value: 3 }, FULL);
  acts(press("ArrowLeft", "", { altKey: true }), { name: "pan", value: "left" }, FULL);
  acts(press("KeyF", "f"), { name: "full" }, FULL);
  acts(press("Escape"), { name: "pause" }, FULL);
  acts(press("ArrowLeft"), { name: "move_mark", value: "left" }, { ...FULL, isPlacing: true });
});
