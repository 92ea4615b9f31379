import assert from "node:assert/strict";
import { test } from "node:test";

import { brokenLimit, filled, percentage } from "../../static/js/upload.js";

const LIMITS = { mostFiles: 3, mostMb: 2 };
const MEGABYTE = 2 ** 20;

test("an upload is complete only when its last byte is sent", () => {
  assert.equal(percentage(0, 200), 0);
  assert.equal(percentage(199, 200), 99);
  assert.equal(percentage(200, 200), 100);
});

test("an upload of unknown length has no progress", () => {
  assert.equal(percentage(5, 0), 0);
});

test("files up to both limits are sent", () => {
  assert.equal(brokenLimit([MEGABYTE, MEGABYTE, 0], LIMITS), "");
});

test("more files or more bytes are refused before they are sent", () => {
  assert.equal(brokenLimit([1, 1, 1, 1], LIMITS), "tooMany");
  assert.equal(brokenLimit([MEGABYTE, MEGABYTE, 1], LIMITS), "tooLarge");
});

test("the percentage stands where the sentence has it", () => {
  assert.equal(filled("Uploading: {percent} %", 42), "Uploading: 42 %");
});
