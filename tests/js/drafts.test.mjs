import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryDatabase, removeAllOf, removeOld } from "../../static/js/rating/database.js";
import { Drafts, reconcile } from "../../static/js/rating/drafts.js";
import { newId } from "../../static/js/rating/identity.js";

const DAY_MS = 24 * 3600 * 1000;

const given = (value) => ({ value, not_applicable: false });
const draft = (more = {}) => ({
  revision: 0,
  answers: { side: given(1) },
  comment: "",
  marks: [],
  reason: "",
  watch: { elapsed_ms: 10, pauses: [] },
  ...more,
});

const contents = async (drafts, token) => {
  const found = await drafts.get(token);
  return found && found.answers;
};

test("a draft comes back as it was put, until it is removed", async () => {
  const drafts = new Drafts(new MemoryDatabase(), "reader");
  assert.equal(await drafts.get("case"), null);
  await drafts.put("case", draft());
  const { at, reader, token, ...kept } = await drafts.get("case");
  assert.deepEqual(kept, draft());
  assert.deepEqual([reader, token], ["reader", "case"]);
  assert.ok(Math.abs(Date.now() - at) < 1000);
  await drafts.remove("case");
  assert.equal(await drafts.get("case"), null);
});

test("another reader on the same computer finds none, and takes none away for a week", async () => {
  const database = new MemoryDatabase();
  const first = new Drafts(database, "first");
  await first.put("case", draft());
  assert.equal(await new Drafts(database, "second").get("case"), null);
  await removeOld(database, "second", Date.now() + 6 * DAY_MS);
  assert.deepEqual(await contents(first, "case"), draft().answers);
  await removeOld(database, "first", Date.now() + 8 * DAY_MS);
  assert.deepEqual(await contents(first, "case"), draft().answers);
  await removeOld(database, "second", Date.now() + 8 * DAY_MS);
  assert.equal(await first.get("case"), null);
});

test("a logout removes one's own and nobody else's", async () => {
  const database = new MemoryDatabase();
  await new Drafts(database, "first").put("case", draft());
  await new Drafts(database, "second").put("case", draft());
  await database.write([["outbox", "put", { reader: "first", token: "case", at: 0 }]]);
  await removeAllOf(database, "first");
  assert.deepEqual(
    (await database.all("drafts")).map(({ reader }) => reader),
    ["second"],
  );
  assert.deepEqual(await database.all("outbox"), []);
});

test("a browser that keeps nothing is told, not thrown", async () => {
  const full = new MemoryDatabase();
  full.write = () => Promise.reject(new Error("QuotaExceededError"));
  full.get = () => Promise.reject(new Error("InvalidStateError"));
  const drafts = new Drafts(full, "reader");
  assert.equal(await drafts.put("case", draft()), false);
  assert.equal(await drafts.get("case"), null);
  await drafts.remove("case");
  assert.equal(await new Drafts(new MemoryDatabase(), "reader").put("case", draft()), false);
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
