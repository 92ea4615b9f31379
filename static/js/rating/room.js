/** One case after the other: shown and answered; saving.js sends what is answered. */

import { caseAt } from "./cases.js";
import { askWhich } from "./conflict.js";
import { announce, text } from "./page.js";
import { missingMessage } from "./rail.js";
import { Sheet } from "./sheet.js";
import { Stopwatch } from "./stopwatch.js";

export class Room {
  /**
   * @param {{viewer: object, images: object, rail: object, marks: object, frame: object,
   *   feedback: object, trail: object, notice: object, saving: object, ahead: object,
   *   tabs: object}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.shownAt = null;
    this.undecided = false;
    this.destination = null;
    this.onward = null;
    this.isAhead = false;
    this.opening = null;
  }

  /** Show a case with what is known of its answers, here or on the server. */
  async open(item) {
    this.opening = item;
    const known = await this.saving.recall(item);
    if (this.opening !== item) return;
    const source = this.saving.take(item, known);
    const labels = item.images.map((image) => image.label);
    this.case = item;
    this.shownAt = null;
    this.undecided = false;
    this.destination = null;
    this.onward = null;
    this.isAhead = false;
    this.sheet = new Sheet({ ...item, labels });
    this.feedback.hide();
    this.stopwatch = new Stopwatch(() => performance.now(), known.watch);
    this.stopwatch.add("closed", known.away);
    if (source === "draft" || source === "entry") {
      this.sheet.fill(this.saving.contentsOf(source, known));
    }
    this.viewer.prepare(labels);
    this.frame.showCase(item);
    this.showSheet();
    this.tabs.say("opened", item.token);
    if (source === "conflict") askWhich(this, known.draft);
    if (this.saving.refused) {
      this.saving.showRefusal(known.entry, this.saving.refusalOf(known.entry));
    }
    await this.#showImages();
    if (item.feedback_url && item.revision > 0) await this.explain();
  }

  /** Whether answers are taken: images shown, nothing under way, nothing to decide first. */
  get isOpen() {
    const isTaken = this.undecided || this.destination || this.feedback.isOpen;
    return this.shownAt !== null && !this.saving.isBusy && !isTaken;
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
    this.saving.keep();
  }

  async submit() {
    this.saving.hurry();
    if (this.onward) location.assign(this.onward);
    if (this.feedback.isOpen) {
      await this.go(this.feedback.nextUrl);
      return;
    }
    if (!this.isOpen) return;
    const { missing } = this.sheet;
    if (missing) this.showErrors({ [missing.key]: missingMessage(missing) });
    else if (this.case.revision > 0 && !this.sheet.isChanged) await this.go(this.case.next_url);
    else await this.saving.send();
  }

  async pause() {
    await this.saving.keep();
    location.assign(this.case.block_url);
  }

  /** To another case within the page; to anything else, or while sending, by navigation. */
  async go(url, { push = true } = {}) {
    if (!url || this.saving.pending) {
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
    this.ahead.prepare(shown);
  }

  #imagesFailed() {
    this.viewer.fail();
    const run = () => {
      this.saving.keep();
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
    this.saving.keep();
    this.#showHand({ moveFocus });
    if (!this.sheet.missing) announce(text("all_answered"));
  }

  #showHand({ moveFocus = true } = {}) {
    this.rail.update();
    if (moveFocus) this.rail.focus();
  }

  /** @param {Object<string, string>} errors messages by field, the first is taken in hand */
  showErrors(errors) {
    const wrong = this.sheet.fields.find((field) => field.key in errors);
    this.sheet.errors = errors;
    if (wrong) this.sheet.takeField(wrong.key);
    this.#showHand();
    if (wrong) announce(errors[wrong.key]);
    else this.notice.warn(Object.values(errors).join(" "));
  }

  /** The server has this of the case in hand. */
  noteSaved(contents, { revision, next_url }) {
    this.case.revision = revision;
    this.case.next_url = next_url;
    this.sheet.saved = contents;
  }

  /** The case in hand was on its way when it was opened, and has arrived. */
  showSaved() {
    if (this.destination) return;
    this.showSheet();
    if (this.shownAt !== null) this.rail.focus();
  }

  /** To a case that is here already. */
  async advance(item) {
    this.destination = item.page_url;
    history.pushState(null, "", item.page_url);
    await this.open(item);
    this.isAhead = true;
  }

  /** Tell the server of a case that was shown ahead; it may have been withdrawn since. */
  async confirm() {
    const shown = this.case;
    if (!shown || !this.isAhead) return;
    this.isAhead = false;
    const ago = Math.max(0, Math.round(Date.now() - (this.shownAt ?? Date.now())));
    const now = await caseAt(`${shown.page_url}?shown_ms_ago=${ago}`).catch(() => shown);
    if (this.case !== shown) return;
    if (now) {
      const { number, total, minutes_left, previous_url } = now;
      Object.assign(shown, { number, total, minutes_left, previous_url });
      this.frame.showPlace(shown);
      return;
    }
    await this.saving.keep();
    location.assign(shown.page_url);
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
    this.frame.showNext("");
    this.freeze();
  }

  /** Nothing more is answered here; the reader goes on elsewhere. */
  end(url) {
    this.onward = url;
    this.undecided = true;
    this.freeze();
  }

  /** Another tab has opened this case: what is answered there would be overwritten here. */
  leaveTo(token) {
    if (token !== this.case?.token || this.saving.isBusy || this.onward) return;
    this.saving.keep();
    this.undecided = true;
    this.freeze();
    const run = () => this.go(this.case.page_url, { push: false });
    this.notice.warn(text("elsewhere"), [{ label: text("go_on_here"), run }]);
  }
}
