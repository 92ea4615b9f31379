/** The thin line on top and the foot of the rail: where one is, what is saved, where to go. */

import { announce, text } from "./page.js";

const byId = (id) => document.getElementById(id);

function point(link, url) {
  link.hidden = !url;
  if (url) link.href = url;
}

export class Frame {
  constructor() {
    this.save = byId("save-state");
    this.next = byId("next");
    this.comment = byId("comment");
    this.commentToggle = byId("comment-toggle");
    this.commentToggle.addEventListener("click", () => this.#toggleComment());
    this.reason = byId("reason");
  }

  showCase({ title, number, total, minutes_left, previous_url, block_url }) {
    byId("title").textContent = title;
    this.showPlace({ title, number, total, minutes_left, previous_url });
    point(byId("pause"), block_url);
    this.reason.value = "";
    this.showReason(false);
    this.showNext("");
    announce(text("case_of", this.place));
  }

  showPlace({ title, number, total, minutes_left, previous_url }) {
    this.place = { number, total };
    const place = text("case_of", this.place);
    document.title = `${place} · ${title}`;
    byId("place").textContent = place;
    byId("time-left").textContent = minutes_left
      ? text("minutes_left", { minutes: minutes_left })
      : "";
    const progress = byId("progress");
    progress.max = total;
    progress.value = number - 1;
    point(byId("previous"), previous_url);
  }

  showComment(comment) {
    this.comment.value = comment;
    this.#openComment(comment !== "");
  }

  /** Asked only where an earlier sheet is changed. */
  showReason(isAsked) {
    this.reason.parentElement.hidden = !isAsked;
  }

  reasonFor({ revision }) {
    return revision > 0 ? this.reason.value.trim() : "";
  }

  /** @param {"sending" | "waiting" | "saved" | "failed" | "unkept"} state */
  showSave(state, values = {}) {
    const name = values.waiting > 1 ? `save_${state}_many` : `save_${state}`;
    const message = text(name, { ...this.place, ...values });
    if (message === this.save.textContent) return;
    this.save.dataset.state = state;
    this.save.textContent = message;
    announce(message);
  }

  /** What the button that goes on says. @param {"" | "sending" | "waiting"} state of the case in
   *   hand */
  showNext(state) {
    this.next.dataset.state = state;
    this.next.querySelector(".label").textContent = this.#nextLabel(state);
  }

  #nextLabel(state) {
    if (state === "sending") return text("next_sending");
    if (state === "waiting") return text("next_waiting");
    return text(this.place.number < this.place.total ? "next_case" : "next_review");
  }

  #openComment(open) {
    this.comment.parentElement.hidden = !open;
    this.commentToggle.setAttribute("aria-expanded", String(open));
  }

  #toggleComment() {
    const open = this.comment.parentElement.hidden;
    this.#openComment(open);
    if (open) this.comment.focus();
  }
}
