/** After a training case was answered: which image was what, why, and where to look. */

import { announce, text } from "./page.js";

const MARKS = { right: "✓", wrong: "✗", none: "" };

/** The outlines of changed regions, as marks without a number (see viewer/overlay.js). */
export function marksOf({ outlines }) {
  return outlines.map(({ image, points }) => ({
    image,
    shape: "outline",
    points: points.map(([x, y]) => ({ x, y })),
    number: "",
    current: true,
  }));
}

/** What a screen reader is told in one go. */
export function spoken({ title, sentences, explanation }) {
  return [title, ...sentences, explanation].filter(Boolean).join(" ");
}

async function feedbackAt(url) {
  const response = await fetch(url, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  if (!response.ok || response.redirected) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

export class Feedback {
  /** @param {HTMLElement} root the panel in the rail @param {object} viewer */
  constructor(root, viewer) {
    this.root = root;
    this.viewer = viewer;
    this.title = root.querySelector(".feedback-title");
    this.mark = root.querySelector(".feedback-mark");
    this.lines = root.querySelector(".feedback-lines");
    this.explanation = root.querySelector(".feedback-why");
    this.go = root.querySelector(".feedback-go");
    this.nextUrl = null;
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Ask the server and show what it says; fails where it cannot be asked. */
  async show(item) {
    const told = await feedbackAt(item.feedback_url);
    this.nextUrl = told.next_url;
    this.root.dataset.outcome = told.outcome;
    this.mark.textContent = MARKS[told.outcome];
    this.title.textContent = told.title;
    this.lines.replaceChildren(...told.sentences.map(lineOf));
    this.explanation.textContent = told.explanation;
    this.explanation.hidden = !told.explanation;
    this.#namePanes(Object.fromEntries(told.images.map(({ label, word }) => [label, word])));
    this.viewer.showMarks({ marks: [...this.viewer.shown.marks, ...marksOf(told)], span: null });
    this.root.hidden = false;
    this.go.focus();
    announce(spoken(told));
  }

  hide() {
    if (!this.isOpen) return;
    this.root.hidden = true;
    this.nextUrl = null;
    this.#namePanes({});
    this.viewer.showMarks({ marks: [], span: null });
  }

  /** @param {Object<string, string>} words for labels; a label without one is told alone */
  #namePanes(words) {
    for (const { label, element } of this.viewer.panes) {
      const word = words[label];
      const name = text("image", { label });
      element.querySelector(".pane-label").textContent = word ? `${label} · ${word}` : label;
      element.setAttribute("aria-label", word ? `${name}: ${word}` : name);
    }
  }
}

function lineOf(sentence) {
  const element = document.createElement("li");
  element.textContent = sentence;
  return element;
}
