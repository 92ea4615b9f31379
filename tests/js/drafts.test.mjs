import assert from "node:assert/strict";
import { test } from "node:test";

import { Drafts, reconcile } from "../../static/js/rating/drafts.js";
import { newId } from "../../static/js/rating/identity.js";
import { Stopwatch } from "../../static/js/rating/stopwatch.js";

/** What a browser's Storage does, in memory. */
class MemoryStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, String(value));
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

const given = (value) => ({ value, not_applicable: false });
const draft = (more = {}) => ({
  revision: 0,
  answers: { side: given(1) },
  comment: "",
  marks: [],
  elapsed_ms: 10,
  sending: null,
  ...more,
});

test("a draft comes back as it was put, until it is removed", () => {
  const drafts = new Drafts(new MemoryStorage(), "reader");
  assert.equal(drafts.get("case"), null);
  assert.equal(drafts.put("case", draft()), true);
  assert.deepEqual(drafts.get("case"), draft());
  drafts.remove("case");
  assert.equal(drafts.get("case"), null);
});

test("another reader on the same computer finds none, and takes none away for a week", () => {
  const storage = new MemoryStorage();
  new Drafts(storage, "first").put("case", draft());
  storage.setItem("unrelated", "kept");
  const second = new Drafts(storage, "second");
  assert.equal(second.get("case"), null);
  assert.deepEqual(new Drafts(storage, "first").get("case"), draft());
  const inEightDays = Date.now() + 8 * 24 * 3600 * 1000;
  new Drafts(storage, "second", inEightDays);
  assert.equal(new Drafts(storage, "first").get("case"), null);
  assert.equal(storage.getItem("unrelated"), "kept");
});

test("a browser that keeps nothing is told, not thrown", () => {
  const full = new MemoryStorage();
  full.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  assert.equal(new Drafts(full, "reader").put("case", draft()), false);
  const none = new Drafts(null, "reader");
  assert.equal(none.put("case", draft()), false);
  assert.equal(none.get("case"), null);
});

test("a draft of the revision on the server is shown", () => {
  assert.equal(reconcile(draft(), { revision: 0, answers: {}, comment: "", marks: [] }), "draft");
});

test("a draft that the server has already, its receipt lost, adds nothing", () => {
  const saved = { revision: 1, answers: { side: given(1) }, comment: "", marks: [] };
  assert.equal(reconcile(draft(), saved), "saved");
});

test("a draft older than other saved answers is a conflict, never dropped", () => {
  const saved = { revision: 1, answers: { side: given(2) }, comment: "", marks: [] };
  assert.equal(reconcile(draft(), saved), "conflict");
});

const MARK = {
  image: "A",
  shape: "point",
  x: 0.5,
  y: 0.25,
  width: 0,
  height: 0,
  tag: "seam",
  severity: 1,
};

test("a draft of marks alone is a draft, and a conflict where others were saved", () => {
  const marked = draft({ answers: {}, marks: [MARK] });
  const saved = { revision: 0, answers: {}, comment: "", marks: [] };
  assert.equal(reconcile(marked, saved), "draft");
  assert.equal(reconcile(marked, { ...saved, revision: 1, marks: [{ ...MARK, x: 0.6 }] }), "conflict");
  assert.equal(reconcile(marked, { ...saved, revision: 1, marks: [{ ...MARK }] }), "saved");
});

test("a draft from before there were marks has none", () => {
  const drafts = new Drafts(new MemoryStorage(), "reader");
  const { marks: _, ...old } = draft();
  drafts.put("case", old);
  assert.deepEqual(drafts.get("case").marks, []);
});

test("a draft without answers is no conflict", () => {
  const saved = { revision: 1, answers: { side: given(2) }, comment: "", marks: [] };
  assert.equal(reconcile(draft({ answers: {} }), saved), "saved");
  assert.equal(reconcile(null, saved), "saved");
});

test("ids are random version 4 UUIDs", () => {
  const ids = new Set(Array.from({ length: 200 }, newId));
  assert.equal(ids.size, 200);
  for (const id of ids) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test("a stopwatch counts while it runs, from what was counted before", () => {
  let now = 1000;
  const watch = new Stopwatch(() => now, 500);
  now += 100;
  assert.equal(watch.elapsed, 500);
  watch.run();
  now += 250.4;
  watch.run();
  assert.equal(watch.elapsed, 750);
  watch.pause();
  now += 10_000;
  watch.pause();
  assert.equal(watch.elapsed, 750);
  watch.run();
  now += 50;
  assert.equal(watch.elapsed, 800);
});
