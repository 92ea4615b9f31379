/**
 * Sheets on their way to the server. Each is kept in this browser before it is sent; they are sent
 * one after the other, by one tab at a time, and removed when the server has them.
 *
 * An entry is {seq, reader, reading, token, number, save_url, page_url, shown_at, payload, at}. One
 * that the server refuses holds back what follows in its reading until it is mended or discarded.
 */

import { Patience, send } from "./saver.js";

const DONE = new Set(["saved", "withdrawn"]);

/** Tabs take turns. Without locks (no TLS) they may send the same, which the server saves once. */
function inTurn(name, work) {
  return globalThis.navigator?.locks ? navigator.locks.request(name, work) : work();
}

export class Outbox {
  #database;
  #session;
  #tabs;
  #pace;
  #patience = new Patience();
  #held = new Map();
  #own = new Set();
  #loose = [];
  #isWanted = false;
  #isRunning = false;

  /** Told "sending" or "waiting", and "" when nothing is left that could be sent now. */
  onChange = (_state, _waiting) => {};
  /** Told of each answer of the server, also to what another tab has sent. */
  onSettled = (_entry, _result) => {};
  /** Told when nobody or somebody else is logged in: "none" or "other". */
  onSessionEnd = (_who) => {};

  /** @param {{database: object, session: object, tabs?: object, pace?: number}} parts `pace`
   *   multiplies all waits */
  constructor({ database, session, tabs = { say() {}, listen() {} }, pace = 1 }) {
    this.#database = database;
    this.#session = session;
    this.#tabs = tabs;
    this.#pace = pace;
    tabs.listen("settled", ({ entry, result }) => this.#settled(entry, result));
    tabs.listen("hurry", () => this.#patience.wake());
  }

  /** This reader's entries, in the order in which they are sent. */
  async entries() {
    const kept = await this.#database.all("outbox").catch(() => []);
    return [...kept, ...this.#loose].filter(({ reader }) => reader === this.#session.readerKey);
  }

  async entryFor(token) {
    return (await this.entries()).find((entry) => entry.token === token) ?? null;
  }

  /** What the server said to an entry that it refused, or undefined. */
  refusalOf(entry) {
    const held = this.#held.get(entry.reading);
    return held?.seq === entry.seq ? held.result : undefined;
  }

  /** Whether this page has made the entry. */
  isOwn({ seq }) {
    return this.#own.has(seq);
  }

  /** Whether something would be lost with the page. */
  get isLoose() {
    return this.#loose.length > 0;
  }

  /**
   * Keep a sheet instead of its draft, then send it. With the `seq` of a refused entry it takes
   * that one's place.
   * @returns {Promise<object & {isKept: boolean}>} the entry; not kept, it is lost with the page
   */
  async add(entry) {
    const record = { ...entry, reader: this.#session.readerKey, at: Date.now() };
    const isKept = await this.#keep(record);
    this.#own.add(record.seq);
    this.#held.delete(record.reading);
    this.flush();
    return { ...record, isKept };
  }

  async discard(entry) {
    await this.#remove(entry);
    this.#held.delete(entry.reading);
    this.flush();
  }

  /** Send what waits. */
  flush() {
    this.#isWanted = true;
    if (!this.#isRunning) this.#run();
  }

  /** The same at once: no wait is sat out, and what a pause of the study held is tried again. */
  hurry() {
    for (const [reading, { result }] of this.#held) {
      if (result.kind === "refused" && !result.final) this.#held.delete(reading);
    }
    this.#patience.wake();
    this.#tabs.say("hurry");
    this.flush();
  }

  async #keep(record) {
    const draft = [record.reader, record.token];
    try {
      const changes = [["outbox", "put", record], ["drafts", "delete", draft]];
      [record.seq] = await this.#database.write(changes, { isStrict: true });
      if (this.#database.persists) return true;
    } catch {
      record.seq ??= -Date.now();
      this.#loose.push(record);
    }
    return false;
  }

  async #remove({ seq }) {
    this.#loose = this.#loose.filter((entry) => entry.seq !== seq);
    await this.#database.write([["outbox", "delete", seq]]).catch(() => {});
  }

  async #run() {
    this.#isRunning = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await inTurn(`radrate:outbox:${this.#session.readerKey}`, () => this.#sendAll());
      }
    } finally {
      this.#isRunning = false;
    }
    await this.#tell("");
  }

  async #sendAll() {
    for (;;) {
      const waiting = await this.entries();
      const entry = waiting.find(({ reading }) => !this.#held.has(reading));
      if (!entry) return;
      this.onChange("sending", waiting.length);
      const result = await this.#send(entry);
      if (result.kind === "session") {
        this.onSessionEnd(result.who);
        return;
      }
      if (DONE.has(result.kind)) await this.#remove(entry);
      this.#tabs.say("settled", { entry, result });
      this.#settled(entry, result);
    }
  }

  #send(entry) {
    const request = () => ({
      url: entry.save_url,
      headers: this.#session.headers,
      payload: {
        ...entry.payload,
        shown_ms_ago: Math.max(0, Math.round(Date.now() - entry.shown_at)),
      },
    });
    return send(request, {
      patience: this.#patience,
      onWaiting: () => this.#tell("waiting"),
      renew: () => this.#session.renew(),
      pace: this.#pace,
    });
  }

  #settled(entry, result) {
    if (!DONE.has(result.kind)) this.#held.set(entry.reading, { seq: entry.seq, result });
    else if (this.refusalOf(entry)) this.#held.delete(entry.reading);
    this.onSettled(entry, result);
  }

  async #tell(state) {
    const waiting = (await this.entries()).length;
    this.onChange(waiting ? state : "", waiting);
  }
}
