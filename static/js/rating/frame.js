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
  }

  showCase({ title, number, total, minutes_left, previous_url, block_url }) {
    const place = text("case_of", { number, total });
    document.title = `${place} · ${title}`;
    byId("title").textContent = title;
    byId("place").textContent = place;
    byId("time-left").textContent = minutes_left
      ? text("minutes_left", { minutes: minutes_left })
      : "";
    const progress = byId("progress");
    progress.max = total;
    progress.value = number - 1;
    point(byId("previous"), previous_url);
    point(byId("pause"), block_url);
    this.place = { number, total };
    announce(place);
  }

  showComment(comment) {
    this.comment.value = comment;
    this.#openComment(comment !== "");
  }

  /** @param {"" | "sending" | "waiting" | "saved" | "failed"} state */
  showSave(state, values = {}) {
    const message = state ? text(`save_${state}`, { ...this.place, ...values }) : "";
    this.save.dataset.state = state;
    this.save.textContent = message;
    if (message) announce(message);
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
