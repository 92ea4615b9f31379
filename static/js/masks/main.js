/** Wakes the mask editor wherever it is loaded, and the dialog on the campaign's form. */

import { announce, text } from "../rating/page.js";
import { Choosing } from "./choosing.js";
import { Editor } from "./editor.js";

let editor = null;

const isUnsaved = () => editor !== null && editor.isDirty;
const mayLeave = () => !isUnsaved() || confirm(text("unsaved"));
const within = (element, selector) => [
  ...(element.matches?.(selector) ? [element] : []),
  ...element.querySelectorAll(selector),
];

const dialog = document.querySelector("[data-choosing]");
const choosing = dialog && new Choosing(dialog, document.getElementById("id_targets"), mayLeave);

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  for (const root of within(elt, "[data-mask-editor]")) editor = new Editor(root);
  for (const saved of within(elt, "[data-saved-line]")) choosing?.add(saved.dataset.savedLine);
});

/* What cannot be saved is said where it was to be saved. */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 422) detail.shouldSwap = true;
});
for (const lost of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(lost, ({ target, detail }) => {
    if (detail.xhr.status === 422) return;
    const place = target.closest("[data-mask-editor]")?.querySelector("[data-result]");
    if (!place) return;
    place.textContent = text("unreachable");
    announce(text("unreachable"));
  });
}

document.addEventListener("htmx:confirm", (event) => {
  if (event.target.closest("[data-leaves]") && !mayLeave()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-add-line]");
  if (!link || !choosing) return;
  event.preventDefault();
  choosing.add(link.dataset.addLine);
});

window.addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});
