/** One case after the other: shown, answered, kept in this browser, sent. */

import { caseAt } from "./cases.js";
import { askWhich, settleConflict } from "./conflict.js";
import { reconcile } from "./drafts.js";
import { newId } from "./identity.js";
import { announce, text } from "./page.js";
import { missingMessage } from "./rail.js";
import { Sheet } from "./sheet.js";
import { Stopwatch } from "./stopwatch.js";

export class Room {
  /**
   * @param {{viewer: object, images: object, rail: object, marks: object, frame: object,
   *   feedback: object, notice: object, drafts: object, outbox: object, loginUrl: string}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.shownAt = null;
    this.undecided = false;
    this.destination = null;
    this.onward = null;
  }

  /** Show a case with what is known of its answers, here or on the server. */
  async open(item) {
    const draft = this.drafts.get(item.token);
    const source = reconcile(draft, item);
    const labels = item.images.map((image) => image.label);
    const before = draft?.revision === item.revision ? draft.elapsed_ms : 0;
    this.case = item;
    this.shownAt = null;
    this.undecided = false;
    this.destination = null;
    this.onward = null;
    this.sheet = new Sheet({ ...item, labels });
    this.stopwatch = new Stopwatch(() => performance.now(), before);
    if (source === "draft") this.sheet.fill(draft);
    this.feedback.hide();
    this.viewer.prepare(labels);
    this.frame.showCase(item);
    this.showSheet();
    if (source === "saved") this.drafts.remove(item.token);
    if (source === "conflict") askWhich(this, draft);
    await this.#showImages();
    if (source === "draft" && draft.sending) await this.#transmit(draft.sending);
    else if (item.feedback_url && item.revision > 0) await this.explain();
  }

  /** Whether answers are taken: images shown, nothing under way, nothing to decide first. */
  get isOpen() {
    const isTaken = this.undecided || this.destination || this.feedback.isOpen;
    return this.shownAt !== null && !this.outbox.payload && !isTaken;
  }

  /** Time counts only while the images can be seen. */
  watchVisibility() {
    if (document.hidden || this.shownAt === null) this.stopwatch.pause();
    else this.stopwatch.run();
  }

  digit(value) {
    if (!this.isOpen) return;
    if (this.sheet.criterion.kind === "place" && value === 1) this.place(this.sheet.field);
    else if (this.sheet.answerDigit(value)) this.#answered();
  }

  notApplicable() {
    if (this.isOpen && this.sheet.answerNotApplicable()) this.#answered();
  }

  /** An answer by the radio buttons; a click that completes a criterion goes on to the next. */
  choose(field, answer, byPointer) {
    const wasComplete = this.sheet.isComplete(field.index);
    this.sheet.set(field, answer);
    this.sheet.takeField(field.key);
    if (byPointer && !wasComplete) {
      this.sheet.take(field.index);
      if (this.sheet.isComplete(field.index)) this.sheet.step(1);
    }
    this.#answered({ moveFocus: byPointer });
  }

  take(index) {
    this.sheet.take(index);
    this.#showHand();
  }

  step(by) {
    if (!this.isOpen) return;
    this.sheet.step(by);
    this.#showHand();
  }

  /** On from a text that is written. */
  next() {
    if (!this.isOpen) return;
    const { field } = this.sheet;
    this.sheet.advance();
    if (this.sheet.field === field) this.frame.next.focus();
    else this.#showHand();
  }

  /** Have a field answered by a point on its image. */
  place(field) {
    if (!this.isOpen) return;
    this.sheet.takeField(field.key);
    this.#showHand();
    this.marks.ask(field.image, (point) => {
      this.sheet.set(field, { value: null, not_applicable: false, ...point });
      this.sheet.advance();
      this.#answered();
    });
  }

  setComment(comment) {
    this.sheet.comment = comment;
    this.keep();
  }

  /** Keep in this browser what the server does not have. */
  keep() {
    if (this.undecided) return;
    const { token, revision } = this.case;
    const sending = this.outbox.payload;
    if (revision > 0 && !this.sheet.isChanged && !sending) {
      this.drafts.remove(token);
      return;
    }
    const { contents } = this.sheet;
    const draft = { revision, ...contents, elapsed_ms: this.stopwatch.elapsed, sending };
    if (!this.drafts.put(token, draft)) this.frame.showSave("unkept");
  }

  async submit() {
    this.outbox.hurry();
    if (this.onward) location.assign(this.onward);
    if (this.feedback.isOpen) {
      await this.go(this.feedback.nextUrl);
      return;
    }
    if (!this.isOpen) return;
    const { missing } = this.sheet;
    if (missing) this.#showErrors({ [missing.key]: missingMessage(missing) });
    else if (this.case.revision > 0 && !this.sheet.isChanged) await this.go(this.case.next_url);
    else await this.#transmit(this.#payload());
  }

  pause() {
    this.keep();
    location.assign(this.case.block_url);
  }

  /** To another case within the page; to anything else, or while sending, by navigation. */
  async go(url, { push = true } = {}) {
    if (!url || this.outbox.payload) {
      location.assign(url ?? this.case.block_url);
      return;
    }
    this.destination = url;
    this.freeze();
    let item;
    try {
      item = await caseAt(url);
    } catch {
      const again = { label: text("try_again"), run: () => this.go(url, { push }) };
      this.notice.warn(text("next_failed"), [again]);
      return;
    }
    if (this.destination !== url) return;
    if (!item) {
      location.assign(url);
      return;
    }
    if (push) history.pushState(null, "", url);
    await this.open(item);
  }

  async #showImages() {
    const shown = this.case;
    const urls = shown.images.map((image) => image.url);
    let images;
    try {
      images = await this.images.all(urls);
    } catch {
      if (this.case === shown) this.#imagesFailed();
      return;
    }
    if (this.case !== shown) return;
    this.viewer.reveal(images);
    this.shownAt = Date.now();
    this.watchVisibility();
    this.freeze();
    if (!this.undecided) this.rail.focus();
    this.images.preload(shown.preload, urls);
  }

  #imagesFailed() {
    this.viewer.fail();
    const run = () => {
      this.keep();
      return this.go(this.case.page_url, { push: false });
    };
    this.notice.warn(text("images_failed"), [{ label: text("try_again"), run }]);
  }

  showSheet() {
    this.rail.build(this.sheet);
    this.marks.show(this.sheet, this.case.tags);
    this.frame.showComment(this.sheet.comment);
    if (this.case.revision > 0) this.notice.tell(text("revisable"));
    else this.notice.hide();
    this.freeze();
  }

  freeze() {
    this.rail.root.inert = !this.isOpen;
    this.marks.freeze(!this.isOpen);
    this.frame.comment.readOnly = !this.isOpen;
  }

  #answered({ moveFocus = true } = {}) {
    this.keep();
    this.#showHand({ moveFocus });
    if (!this.sheet.missing) announce(text("all_answered"));
  }

  #showHand({ moveFocus = true } = {}) {
    this.rail.update();
    if (moveFocus) this.rail.focus();
  }

  /** @param {Object<string, string>} errors messages by field, the first is taken in hand */
  #showErrors(errors) {
    const wrong = this.sheet.fields.find((field) => field.key in errors);
    this.sheet.errors = errors;
    if (wrong) this.sheet.takeField(wrong.key);
    this.#showHand();
    if (wrong) announce(errors[wrong.key]);
    else this.notice.warn(Object.values(errors).join(" "));
  }

  #payload() {
    return {
      id: newId(),
      revision: this.case.revision,
      answers: this.sheet.toList(),
      marks: this.sheet.marks,
      comment: this.sheet.comment,
      duration_ms: this.stopwatch.elapsed,
      shown_at_ms: this.shownAt,
    };
  }

  async #transmit(payload) {
    this.sheet.errors = {};
    const answer = this.outbox.post(this.case.save_url, payload);
    this.keep();
    this.freeze();
    const result = await answer;
    if (result.kind === "saved") {
      await this.saved(result);
      return;
    }
    this.keep();
    this.freeze();
    if (result.kind === "invalid") this.#showErrors(result.errors);
    else if (result.kind === "session") this.#sessionEnded();
    else if (result.kind === "withdrawn") this.#withdrawn(result);
    else if (result.kind === "conflict") await settleConflict(this, result);
    else this.notice.warn(result.message ?? text("refused"));
  }

  async saved({ revision, next_url }) {
    this.case.revision = revision;
    this.sheet.saved = this.sheet.contents;
    this.drafts.remove(this.case.token);
    if (this.case.feedback_url) await this.explain();
    else await this.go(next_url);
  }

  /** An example was answered: tell what was right before going on. */
  async explain() {
    try {
      await this.feedback.show(this.case);
    } catch {
      this.notice.warn(text("feedback_failed"), [
        { label: text("try_again"), run: () => this.explain() },
      ]);
      return;
    }
    this.notice.hide();
    this.freeze();
  }

  /** The case is no longer read: its images and its draft go, the reader goes on. */
  #withdrawn({ message, next_url }) {
    this.onward = next_url;
    this.undecided = true;
    this.freeze();
    this.viewer.clear("empty");
    this.drafts.remove(this.case.token);
    this.notice.warn(message, [{ label: text("go_on"), href: next_url }]);
  }

  #sessionEnded() {
    const next = encodeURIComponent(location.pathname);
    const login = { label: text("log_in"), href: `${this.loginUrl}?next=${next}` };
    this.notice.warn(text("session_ended"), [login]);
  }
}
