import assert from "node:assert/strict";
import { test } from "node:test";

import { Sheet, answersByField, fieldsOf, sameAnswers, valueOfDigit } from "../../static/js/rating/sheet.js";

const scale = (key, more = {}) => ({
  key,
  question: key,
  kind: "scale",
  per_image: true,
  minimum: 1,
  maximum: 5,
  not_applicable: true,
  required: true,
  options: [],
  ...more,
});
const SIDE = scale("side", {
  kind: "side",
  per_image: false,
  not_applicable: false,
  options: [
    { value: 1, label: "A" },
    { value: 2, label: "B" },
  ],
});
const TEXT = scale("why", { kind: "text", per_image: false, not_applicable: false });
const PLACE = scale("place", { kind: "place", not_applicable: false });
const YES_NO = scale("unusual", {
  kind: "choice",
  not_applicable: false,
  options: [
    { value: 1, label: "no" },
    { value: 2, label: "yes" },
  ],
});
const onlyIf = (criterion, ...values) => ({ condition: { criterion, values } });
const RUBRIC = [scale("anatomy"), scale("joints"), SIDE];
const given = (value) => ({ value, not_applicable: false });
const NONE = { value: null, not_applicable: false, text: "", x: null, y: null };
const NOT_APPLICABLE = { value: null, not_applicable: true };
const EMPTY = { rubric: RUBRIC, labels: ["A", "B"], answers: {}, comment: "", marks: [] };
const sheetOf = (more = {}) => new Sheet({ ...EMPTY, ...more });
const press = (sheet, digits) => [...digits].map((digit) => sheet.answerDigit(Number(digit)));

test("each criterion is asked of A, then of B; one of the case is asked once", () => {
  const keys = fieldsOf(RUBRIC, ["A", "B"]).map((field) => field.key);
  assert.deepEqual(keys, ["anatomy:A", "anatomy:B", "joints:A", "joints:B", "side"]);
});

test("digits answer from the first field to the last, one press each", () => {
  const sheet = sheetOf();
  press(sheet, "52412");
  assert.deepEqual(sheet.answers, {
    "anatomy:A": given(5),
    "anatomy:B": given(2),
    "joints:A": given(4),
    "joints:B": given(1),
    side: given(2),
  });
  assert.equal(sheet.missing, undefined);
  assert.equal(sheet.field.key, "side");
});

test("a digit that is not on the scale changes nothing", () => {
  const sheet = sheetOf();
  assert.deepEqual(press(sheet, "970"), [false, false, false]);
  assert.deepEqual(sheet.answers, {});
  assert.equal(sheet.field.key, "anatomy:A");
});

test("zero is ten where the scale goes to ten", () => {
  assert.equal(valueOfDigit(scale("x", { maximum: 10 }), 0), 10);
  assert.equal(valueOfDigit(scale("x"), 0), null);
  assert.equal(valueOfDigit(SIDE, 3), null);
});

test("a digit picks the option that stands there, whatever its value", () => {
  const options = [...SIDE.options, { value: 9, label: "can't tell" }];
  assert.equal(valueOfDigit({ ...SIDE, options }, 3), 9);
  assert.equal(valueOfDigit({ ...SIDE, options }, 9), null);
  assert.equal(valueOfDigit({ ...SIDE, options }, 0), null);
});

test("a text and a place have no digits", () => {
  assert.equal(valueOfDigit(TEXT, 1), null);
  assert.equal(valueOfDigit(PLACE, 1), null);
});

test("n/a answers where it is offered and nowhere else", () => {
  const sheet = sheetOf();
  assert.equal(sheet.answerNotApplicable(), true);
  assert.deepEqual(sheet.answers["anatomy:A"], NOT_APPLICABLE);
  sheet.takeField("side");
  assert.equal(sheet.answerNotApplicable(), false);
});

test("the first required field without an answer is the missing one", () => {
  const optional = scale("joints", { required: false });
  const sheet = sheetOf({ rubric: [scale("anatomy"), optional, SIDE] });
  press(sheet, "55");
  assert.equal(sheet.missing.key, "side");
});

test("taking a criterion in hand goes to what is open in it", () => {
  const sheet = sheetOf();
  press(sheet, "5");
  sheet.step(1);
  assert.equal(sheet.field.key, "joints:A");
  sheet.step(-1);
  assert.equal(sheet.field.key, "anatomy:B");
  sheet.step(-1);
  assert.equal(sheet.field.key, "anatomy:B");
});

test("a sheet with earlier answers opens at what is open, complete ones at the start", () => {
  const some = sheetOf({ answers: { "anatomy:A": given(1), "anatomy:B": given(1) } });
  assert.equal(some.field.key, "joints:A");
  const all = sheetOf({ rubric: [SIDE], answers: { side: given(1) } });
  assert.equal(all.field.key, "side");
  assert.equal(all.isChanged, false);
});

test("a sheet knows whether it differs from what was saved, and when it no longer does", () => {
  const sheet = sheetOf({ rubric: [SIDE], answers: { side: given(1) }, comment: "x" });
  press(sheet, "2");
  assert.equal(sheet.isChanged, true);
  press(sheet, "1");
  assert.equal(sheet.isChanged, false);
  sheet.comment = "";
  assert.equal(sheet.isChanged, true);
});

const MARK = { image: "A", shape: "box", x: 0.1, y: 0.2, width: 0.3, height: 0.4, tag: "seam", severity: 2 };

test("a mark is added, changed and removed, and each time the sheet knows that it differs", () => {
  const sheet = sheetOf({ marks: [MARK] });
  assert.equal(sheet.isChanged, false);
  sheet.setMark(null, { ...MARK, image: "B" });
  assert.deepEqual(sheet.marks.map((mark) => mark.image), ["A", "B"]);
  assert.equal(sheet.isChanged, true);
  sheet.removeMark(1);
  assert.equal(sheet.isChanged, false);
  for (const [part, value] of Object.entries({ image: "B", x: 0.11, height: 0.5, tag: "noise", severity: 3 })) {
    sheet.setMark(0, { ...MARK, [part]: value });
    assert.equal(sheet.isChanged, true, part);
  }
  sheet.setMark(0, { ...MARK });
  assert.equal(sheet.isChanged, false);
  sheet.removeMark(0);
  assert.deepEqual([sheet.marks, sheet.isChanged], [[], true]);
});

test("the contents of a sheet fill another one", () => {
  const sheet = sheetOf({ marks: [MARK], comment: "x" });
  press(sheet, "52");
  const other = sheetOf();
  other.fill(sheet.contents);
  assert.deepEqual(other.contents, sheet.contents);
  other.removeMark(0);
  assert.equal(sheet.marks.length, 1);
});

test("a sheet takes fifty marks", () => {
  const sheet = sheetOf({ marks: Array(49).fill(MARK) });
  assert.equal(sheet.hasAllMarks, false);
  sheet.setMark(null, MARK);
  assert.equal(sheet.hasAllMarks, true);
});

test("answering a field takes its error away and leaves the others", () => {
  const sheet = sheetOf();
  sheet.errors = { "anatomy:A": "No.", side: "No." };
  press(sheet, "3");
  assert.deepEqual(sheet.errors, { side: "No." });
});

test("the list for the server holds what was given, in order, and nothing made up", () => {
  const sheet = sheetOf();
  sheet.takeField("side");
  press(sheet, "1");
  sheet.takeField("joints:B");
  sheet.answerNotApplicable();
  assert.deepEqual(sheet.toList(), [
    { ...NONE, criterion: "joints", image: "B", not_applicable: true },
    { ...NONE, criterion: "side", image: null, value: 1 },
  ]);
});

test("the server's list comes back as the answers it was made of", () => {
  const sheet = sheetOf();
  press(sheet, "52412");
  sheet.takeField("joints:B");
  sheet.answerNotApplicable();
  assert.equal(sameAnswers(answersByField(sheet.toList()), sheet.answers), true);
});

test("no answer and an empty answer are the same", () => {
  assert.equal(sameAnswers({}, { side: { value: null, not_applicable: false } }), true);
  assert.equal(sameAnswers({ side: given(1) }, { side: given(2) }), false);
  assert.equal(sameAnswers({}, { side: NOT_APPLICABLE }), false);
});

test("a sheet does not change the answers it was given", () => {
  const answers = Object.freeze({ side: Object.freeze(given(1)) });
  const sheet = sheetOf({ rubric: [SIDE], answers });
  press(sheet, "2");
  assert.deepEqual(answers, { side: given(1) });
});

const keysOf = (sheet) => sheet.fields.map((field) => field.key);

test("what depends on an answer of an image is asked of that image alone", () => {
  const detail = scale("detail", onlyIf("unusual", 2));
  const sheet = sheetOf({ rubric: [YES_NO, detail, SIDE] });
  assert.deepEqual(keysOf(sheet), ["unusual:A", "unusual:B", "side"]);
  press(sheet, "12");
  assert.deepEqual(keysOf(sheet), ["unusual:A", "unusual:B", "detail:B", "side"]);
  assert.equal(sheet.field.key, "detail:B");
  press(sheet, "41");
  assert.deepEqual(Object.keys(sheet.contents.answers), ["unusual:A", "unusual:B", "detail:B", "side"]);
});

test("what depends on an answer of the case is asked of every image", () => {
  const whole = { ...YES_NO, per_image: false };
  const sheet = sheetOf({ rubric: [whole, scale("detail", onlyIf("unusual", 2))] });
  press(sheet, "2");
  assert.deepEqual(keysOf(sheet), ["unusual", "detail:A", "detail:B"]);
});

test("hidden answers are not saved, make no change, and are back when they are asked again", () => {
  const whole = { ...YES_NO, per_image: false };
  const rubric = [whole, { ...TEXT, ...onlyIf("unusual", 2) }];
  const sheet = sheetOf({ rubric, answers: { unusual: given(1) } });
  const why = { value: null, not_applicable: false, text: "no fibula" };
  sheet.takeField("unusual");
  press(sheet, "2");
  assert.equal(sheet.missing.key, "why");
  sheet.set(sheet.field, why);
  sheet.takeField("unusual");
  press(sheet, "1");
  assert.deepEqual([sheet.isChanged, sheet.missing, sheet.toList().length], [false, undefined, 1]);
  sheet.takeField("unusual");
  press(sheet, "2");
  assert.deepEqual(sheet.contents.answers.why, why);
});

test("a chain of conditions falls with its first link", () => {
  const second = scale("second", { per_image: false, ...onlyIf("unusual", 2) });
  const third = scale("third", { per_image: false, ...onlyIf("second", 5) });
  const sheet = sheetOf({ rubric: [{ ...YES_NO, per_image: false }, second, third] });
  press(sheet, "253");
  assert.deepEqual(keysOf(sheet), ["unusual", "second", "third"]);
  sheet.takeField("unusual");
  press(sheet, "1");
  assert.deepEqual(keysOf(sheet), ["unusual"]);
});

test("stepping passes over what is not asked", () => {
  const hidden = scale("detail", onlyIf("unusual", 2));
  const sheet = sheetOf({ rubric: [{ ...YES_NO, per_image: false }, hidden, SIDE] });
  press(sheet, "1");
  assert.equal(sheet.field.key, "side");
  sheet.step(-1);
  assert.equal(sheet.field.key, "unusual");
  sheet.step(1);
  assert.equal(sheet.field.key, "side");
  assert.deepEqual(sheet.asked, [0, 2]);
});

test("n/a holds no condition", () => {
  const sheet = sheetOf({ rubric: [scale("anatomy"), scale("detail", onlyIf("anatomy", 1))] });
  sheet.answerNotApplicable();
  assert.deepEqual(keysOf(sheet), ["anatomy:A", "anatomy:B"]);
});

test("a text of blanks is no answer, one of words is", () => {
  const sheet = sheetOf({ rubric: [TEXT] });
  sheet.set(sheet.field, { value: null, not_applicable: false, text: "  " });
  assert.equal(sheet.missing.key, "why");
  assert.deepEqual(sheet.toList(), []);
  sheet.set(sheet.field, { value: null, not_applicable: false, text: "no fibula" });
  assert.equal(sheet.missing, undefined);
  assert.deepEqual(sheet.toList(), [{ ...NONE, criterion: "why", image: null, text: "no fibula" }]);
  assert.equal(sheet.isChanged, true);
});

test("a place at the very corner is an answer and a mark without a number", () => {
  const sheet = sheetOf({ rubric: [PLACE] });
  sheet.set(sheet.field, { value: null, not_applicable: false, x: 0, y: 0 });
  assert.deepEqual(sheet.places, [{ image: "A", shape: "point", x: 0, y: 0, width: 0, height: 0 }]);
  assert.deepEqual(sheet.toList(), [{ ...NONE, criterion: "place", image: "A", x: 0, y: 0 }]);
  const moved = { ...NONE, x: 0.5, y: 0 };
  assert.equal(sameAnswers(sheet.answers, { "place:A": moved }), false);
});
