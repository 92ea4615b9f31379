/** How answers leave the room: kept in this browser, sent, and what the server says to them. */

import { settleConflict } from "./conflict.js";
import { reconcile } from "./drafts.js";
import { newId } from "./identity.js";
import { text } from "./page.js";
import { answersByField } from "./sheet.js";

/** What an entry of the outbox says, as a sheet holds it. */
function contentsOf({ payload: { answers, comment, marks } }) {
  return { answers: answersByField(answers), comment, marks };
}

export class Saving {
  #room;
  #drafts;
  #outbox;
  #frame;
  #notice;
  #onSessionEnd;

  /** The entry of the case in hand that the server has not answered yet. */
  pending = null;
  /** The entry of the case in hand that the server refused. */
  refused = null;
  #isKeeping = false;
  #goesOn = false;

  /** @param {{drafts: object, outbox: object, frame: object, notice: object,
   *   onSessionEnd: (who: string) => void}} parts */
  constructor({ drafts, outbox, frame, notice, onSessionEnd }) {
    this.#drafts = drafts;
    this.#outbox = outbox;
    this.#frame = frame;
    this.#notice = notice;
    this.#onSessionEnd = onSessionEnd;
  }

  /** Begin to send what waits. */
  start(room) {
    this.#room = room;
    this.#outbox.onChange = (state, waiting) => this.#tell(state, waiting);
    this.#outbox.onSettled = (entry, result) => this.#settled(entry, result);
    this.#outbox.onSessionEnd = (who) => this.#sessionEnded(who);
    this.#outbox.flush();
  }

  /** Whether the case in hand is on its way, so that it cannot be changed. */
  get isBusy() {
    return this.#isKeeping || this.pending !== null || this.#goesOn;
  }

  get isLoose() {
    return this.#outbox.isLoose;
  }

  /** What is known here of a case: its draft, and its entry if it is being sent. */
  async recall({ token, revision }) {
    const [draft, entry] = await Promise.all([
      this.#drafts.get(token),
      this.#outbox.entryFor(token),
    ]);
    const isOwn = draft?.revision === revision;
    const away = isOwn ? Date.now() - draft.at : 0;
    return { draft, entry, watch: isOwn ? draft.watch : undefined, away };
  }

  /**
   * The case in hand has changed.
   * @returns {string} what its sheet is to show: "saved", "draft", "entry" or "conflict"
   */
  take(item, { draft, entry }) {
    const refusal = entry && this.#outbox.refusalOf(entry);
    this.pending = entry && !refusal ? entry : null;
    this.refused = refusal ? entry : null;
    this.#goesOn = false;
    this.#isKeeping = false;
    if (entry) return draft && refusal ? "draft" : "entry";
    const source = reconcile(draft, item);
    if (source === "saved") this.#drafts.remove(item.token);
    return source;
  }

  contentsOf(source, { draft, entry }) {
    return source === "entry" ? contentsOf(entry) : draft;
  }

  /** Keep what the server does not have. */
  async keep() {
    const room = this.#room;
    if (!room?.case || room.undecided || this.isBusy) return;
    const { token, revision } = room.case;
    this.#frame.showReason(revision > 0 && room.sheet.isChanged);
    if (revision > 0 && !room.sheet.isChanged) {
      this.#drafts.remove(token);
      return;
    }
    const { contents } = room.sheet;
    const draft = { revision, ...contents, watch: room.stopwatch.state };
    if (!(await this.#drafts.put(token, draft))) this.#frame.showSave("unkept");
  }

  refusalOf(entry) {
    return this.#outbox.refusalOf(entry);
  }

  hurry() {
    this.#outbox.hurry();
  }

  /** Keep the whole sheet, send it, and show the next case if that is here already. */
  async send() {
    const room = this.#room;
    this.#isKeeping = true;
    room.freeze();
    room.sheet.errors = {};
    const next = await this.#next();
    const entry = await this.#outbox.add(this.#entry());
    this.#isKeeping = false;
    this.pending = entry;
    this.refused = null;
    this.#goesOn = !(next && entry.isKept);
    if (!entry.isKept) this.#frame.showSave("unkept");
    if (this.#goesOn) this.#frame.showNext("sending");
    else await room.advance(next);
  }

  /** The case that can be shown before the server has answered: one that is not on its way. */
  async #next() {
    if (this.#room.case.feedback_url) return null; // an example is explained first
    const next = this.#room.ahead.after(this.#room.case);
    return next && !(await this.#outbox.entryFor(next.token)) ? next : null;
  }

  async discard() {
    if (this.refused) await this.#outbox.discard(this.refused);
    this.refused = null;
  }

  #entry() {
    const { case: item, sheet, stopwatch, shownAt, trail } = this.#room;
    return {
      ...(this.refused && { seq: this.refused.seq }),
      reading: item.reading,
      token: item.token,
      number: item.number,
      save_url: item.save_url,
      page_url: item.page_url,
      shown_at: shownAt,
      payload: {
        id: newId(),
        revision: item.revision,
        answers: sheet.toList(),
        marks: sheet.marks,
        comment: sheet.comment,
        duration_ms: stopwatch.elapsed,
        pauses: stopwatch.pauses,
        reason: this.#frame.reasonFor(item),
        trail: trail.toJSON() ?? undefined,
      },
    };
  }

  #tell(state, waiting) {
    if (state) this.#frame.showSave(state, { waiting });
    if (this.pending) this.#frame.showNext(state);
  }

  #settled(entry, result) {
    const isInHand = entry.token === this.#room.case?.token;
    if (result.kind === "saved") this.#saved(entry, result, isInHand);
    else if (result.kind === "withdrawn") this.#withdrawn(result, isInHand);
    else if (isInHand) this.showRefusal(entry, result);
    else if (result.kind === "refused") this.#tellRefusal(entry, result);
    else if (this.#outbox.isOwn(entry)) this.#leadBack(entry);
    else this.#pointTo(entry, result);
  }

  #sessionEnded(who) {
    this.#frame.showSave("failed");
    this.#onSessionEnd(who);
  }

  async #saved(entry, result, isInHand) {
    const room = this.#room;
    this.#frame.showSave("saved", { number: entry.number });
    if (isInHand) {
      this.pending = null;
      this.refused = null;
      room.noteSaved(contentsOf(entry), result);
    }
    if (result.late) {
      this.#late(entry, result, isInHand);
      return;
    }
    const rest = await this.#outbox.entries();
    if (rest.some(({ reading }) => reading === entry.reading)) return;
    if (isInHand && room.case.feedback_url) await room.explain();
    else if (this.#goesOn && room.case.revision > 0) await room.go(result.next_url);
    else if (isInHand) room.showSaved();
    else await room.confirm();
  }

  #late({ number }, { next_url: url }, isInHand) {
    if (isInHand) this.#room.end(url);
    this.#notice.warn(text("late", { number }), [{ label: text("to_readings"), href: url }]);
  }

  /** The case is no longer read: its images and its draft go, the reader goes on. */
  #withdrawn({ message, next_url: url }, isInHand) {
    const actions = isInHand ? [{ label: text("go_on"), href: url }] : [];
    if (!isInHand) this.#room.confirm();
    if (isInHand) {
      this.pending = null;
      this.#goesOn = false;
      this.#drafts.remove(this.#room.case.token);
      this.#room.end(url);
      this.#room.viewer.clear("empty");
    }
    this.#notice.warn(message, actions);
  }

  /** The sheet is open again, with what was wrong. */
  showRefusal(entry, result) {
    const room = this.#room;
    this.pending = null;
    this.refused = entry;
    this.#goesOn = false;
    this.#frame.showSave("failed");
    this.#frame.showNext("");
    room.freeze();
    if (result.kind === "invalid") room.showErrors(result.errors);
    else if (result.kind === "conflict") settleConflict(room, result);
    else this.#tellRefusal(entry, result);
  }

  /** The study takes no answers: now, or ever. */
  #tellRefusal(entry, { message, final, next_url: href }) {
    const run = async () => {
      await this.#outbox.discard(entry);
      location.assign(this.#room.case.home_url);
    };
    const actions = href ? [{ label: text("go_on"), href }] : [];
    if (final) actions.push({ label: text("discard"), run });
    this.#frame.showSave("failed");
    this.#notice.warn(message ?? text("refused"), actions);
  }

  #leadBack(entry) {
    this.#frame.showSave("failed");
    this.keep();
    this.#room.go(entry.page_url);
  }

  #pointTo({ number, page_url: href }, { message }) {
    const told = text("refused_elsewhere", { number, message: message ?? text("refused") });
    this.#notice.warn(told, [{ label: text("look"), href }]);
  }
}
