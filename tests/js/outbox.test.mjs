import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { MemoryDatabase } from "../../static/js/rating/database.js";
import { Outbox } from "../../static/js/rating/outbox.js";

const SAVED = [201, { revision: 1, next_url: "/next" }];
const REFUSED = [422, { errors: { "joints:A": "Choose 1 to 5." } }];
const PAUSED = [423, { message: "Paused." }];

/** A browser that keeps what it is given. */
class KeepingDatabase extends MemoryDatabase {
  persists = true;
}

/** The tabs of one browser: what one says, all others hear. */
class Channel {
  static all = [];
  #listeners = new Map();

  constructor() {
    Channel.all.push(this);
  }

  say(name, value) {
    for (const other of Channel.all) if (other !== this) other.#listeners.get(name)?.(value);
  }

  listen(name, listener) {
    this.#listeners.set(name, listener);
  }
}

const plainFetch = globalThis.fetch;
let sent;
let answers;

beforeEach(() => {
  sent = [];
  answers = [];
  Channel.all = [];
  globalThis.fetch = async (url, { body, headers }) => {
    sent.push({ url, headers, ...JSON.parse(body) });
    const answer = answers.shift() ?? SAVED;
    if (answer === "dropped") throw new TypeError("Failed to fetch");
    const [status, json] = await answer;
    return new Response(JSON.stringify(json), { status });
  };
});
afterEach(() => {
  globalThis.fetch = plainFetch;
});

function entry(token, more = {}) {
  return {
    reading: "one",
    token,
    number: 1,
    save_url: `/${token}/save`,
    page_url: `/${token}/`,
    shown_at: Date.now() - 5000,
    payload: { id: `${token}-1`, revision: 0 },
    ...more,
  };
}

function opened(options = {}) {
  const readerKey = options.readerKey ?? "reader";
  const session = {
    readerKey,
    headers: { "X-Reader": readerKey },
    renew: async () => options.who ?? "none",
  };
  const database = options.database ?? new KeepingDatabase();
  const outbox = new Outbox({ database, session, tabs: options.tabs, pace: 0.001 });
  const settled = [];
  outbox.onSettled = ({ token }, { kind }) => settled.push(`${token} ${kind}`);
  return { outbox, database, settled };
}

async function until(holds) {
  for (let round = 0; round < 500 && !(await holds()); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.ok(await holds());
}

const isEmpty = (outbox) => async () => (await outbox.entries()).length === 0;
const urls = () => sent.map(({ url }) => url);

test("a sheet is kept before it is sent, in place of its draft", async () => {
  const { outbox, database } = opened();
  await database.write([["drafts", "put", { reader: "reader", token: "a" }]]);
  let release;
  answers = [new Promise((resolve) => (release = () => resolve(SAVED)))];
  const { isKept } = await outbox.add(entry("a"));
  assert.equal(isKept, true);
  await until(() => sent.length === 1);
  assert.deepEqual(await database.all("drafts"), []);
  assert.equal((await outbox.entryFor("a")).payload.id, "a-1");
  release();
  await until(isEmpty(outbox));
});

test("sheets are sent one after the other, in their order, until each has arrived", async () => {
  const { outbox, settled } = opened();
  answers = ["dropped", [502, {}], SAVED, "dropped", SAVED];
  await Promise.all(["a", "b", "c"].map((token) => outbox.add(entry(token))));
  await until(isEmpty(outbox));
  assert.deepEqual(urls(), ["/a/save", "/a/save", "/a/save", "/b/save", "/b/save", "/c/save"]);
  assert.deepEqual(settled, ["a saved", "b saved", "c saved"]);
});

test("how long ago the case was shown is told anew with each attempt", async () => {
  const { outbox } = opened();
  answers = ["dropped"];
  await outbox.add(entry("a"));
  await until(isEmpty(outbox));
  const [first, second] = sent.map(({ shown_ms_ago: ago }) => ago);
  assert.ok(first >= 5000 && second >= first && second < 8000);
});

test("a refused sheet holds back its reading, and no other, until it is mended in its place", async () => {
  const { outbox, settled } = opened();
  answers = [REFUSED];
  const first = await outbox.add(entry("a"));
  await outbox.add(entry("b"));
  await outbox.add(entry("x", { reading: "two" }));
  await until(() => settled.includes("x saved"));
  outbox.hurry();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(settled, ["a invalid", "x saved"]);
  assert.equal(outbox.refusalOf(first).kind, "invalid");
  await outbox.add(entry("a", { seq: first.seq, payload: { id: "a-2", revision: 0 } }));
  await until(isEmpty(outbox));
  assert.deepEqual(settled.slice(2), ["a saved", "b saved"]);
  assert.equal(sent.at(-2).id, "a-2");
});

test("a discarded sheet lets the others go", async () => {
  const { outbox, settled } = opened();
  answers = [[409, { message: "Elsewhere." }]];
  const first = await outbox.add(entry("a"));
  await outbox.add(entry("b"));
  await until(() => settled.length === 1);
  await outbox.discard(first);
  await until(isEmpty(outbox));
  assert.deepEqual(settled, ["a conflict", "b saved"]);
});

test("what a pause of the study held is tried again when asked to hurry", async () => {
  const { outbox, settled } = opened();
  answers = [PAUSED];
  await outbox.add(entry("a"));
  await until(() => settled.length === 1);
  outbox.flush();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(sent.length, 1);
  outbox.hurry();
  await until(isEmpty(outbox));
  assert.deepEqual(settled, ["a refused", "a saved"]);
});

test("nothing goes out while nobody is logged in, and everything after", async () => {
  const options = { who: "none" };
  const { outbox } = opened(options);
  const ended = [];
  outbox.onSessionEnd = (who) => ended.push(who);
  answers = Array(9).fill([401, {}]);
  await outbox.add(entry("a"));
  await outbox.add(entry("b"));
  await until(() => ended.length > 0);
  assert.equal((await outbox.entries()).length, 2);
  assert.deepEqual([...new Set(ended)], ["none"]);
  answers = [];
  outbox.flush();
  await until(isEmpty(outbox));
  assert.deepEqual([...new Set(urls())], ["/a/save", "/b/save"]);
});

test("a reader's sheets are sent by nobody else, and with the reader's key", async () => {
  const database = new KeepingDatabase();
  await database.write([["outbox", "put", { ...entry("a"), reader: "first" }]]);
  const other = opened({ database, readerKey: "second" });
  other.outbox.flush();
  await other.outbox.add(entry("b"));
  await until(isEmpty(other.outbox));
  assert.deepEqual(urls(), ["/b/save"]);
  assert.equal(sent[0].headers["X-Reader"], "second");
  const first = opened({ database, readerKey: "first" });
  first.outbox.flush();
  await until(isEmpty(first.outbox));
  assert.equal(sent[1].headers["X-Reader"], "first");
});

test("what was kept by a tab that is gone is sent by the next", async () => {
  const { outbox, database } = opened();
  globalThis.fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  await outbox.add(entry("a"));
  const urlsOfNext = [];
  const later = opened({ database });
  globalThis.fetch = async (url) => {
    urlsOfNext.push(url);
    return new Response(JSON.stringify(SAVED[1]), { status: 201 });
  };
  later.outbox.flush();
  await until(isEmpty(later.outbox));
  assert.ok(urlsOfNext.includes("/a/save"));
});

test("a browser that keeps nothing sends all the same, and says what would be lost", async () => {
  const database = new KeepingDatabase();
  database.write = () => Promise.reject(new Error("QuotaExceededError"));
  const { outbox } = opened({ database });
  let release;
  answers = [new Promise((resolve) => (release = () => resolve(SAVED)))];
  const { isKept } = await outbox.add(entry("a"));
  assert.equal(isKept, false);
  assert.equal(outbox.isLoose, true);
  release();
  await until(isEmpty(outbox));
  assert.equal(outbox.isLoose, false);
  const memory = opened({ database: new MemoryDatabase() });
  assert.equal((await memory.outbox.add(entry("a"))).isKept, false);
});

test("another tab is told what became of a sheet, and its refusal holds there, too", async () => {
  const database = new KeepingDatabase();
  const one = opened({ database, tabs: new Channel() });
  const other = opened({ database, tabs: new Channel() });
  answers = [SAVED, REFUSED];
  await one.outbox.add(entry("a"));
  await until(isEmpty(one.outbox));
  const refused = await one.outbox.add(entry("b"));
  await until(() => one.settled.length === 2);
  assert.deepEqual(other.settled, ["a saved", "b invalid"]);
  assert.equal(other.outbox.refusalOf(refused).kind, "invalid");
  assert.deepEqual([one.outbox.isOwn(refused), other.outbox.isOwn(refused)], [true, false]);
});

test("how much waits is told while it does, and that it does not", async () => {
  const { outbox } = opened();
  const told = [];
  outbox.onChange = (state, waiting) => told.push(`${state} ${waiting}`);
  answers = ["dropped", SAVED, SAVED];
  await Promise.all([outbox.add(entry("a")), outbox.add(entry("b"))]);
  await until(() => told.at(-1) === " 0");
  assert.ok(told.includes("waiting 2"));
  assert.ok(told.includes("sending 1"));
});
