/** The rubric's pages: the preview, and beside the editor kept in step with what is typed. */

import { jsonOf } from "../rating/page.js";
import { Preview } from "./preview.js";

const PAUSE_MS = 250;

const formOf = () => document.getElementById("rubric-form");
const preview = new Preview(document.getElementById("preview"));
let waiting = 0;
let asked = 0;
let open = new Set();

/** What is in the form now, as readers would see it; an answer that comes late is let go. */
async function refresh() {
  const number = ++asked;
  const form = formOf();
  const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  if (response.ok && number === asked) preview.show(await response.json());
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE_MS);
}

const rowsOf = () => [...document.querySelectorAll("#rubric-form details")];

/** What was open stays open when the form is shown anew. */
function remember() {
  open = new Set(rowsOf().filter((row) => row.open).map((row) => row.dataset.uid));
}

function restore() {
  for (const row of rowsOf()) row.open ||= open.has(row.dataset.uid);
}

function typed({ target }) {
  if (!target.closest("#rubric-form")) return;
  if (target.dataset.refresh !== undefined) {
    formOf().requestSubmit(formOf().querySelector("[value=refresh]"));
  } else soon();
}

/** The form has been shown anew: the first thing that is wrong gets the keyboard. */
function swapped() {
  restore();
  refresh();
  const wrong = document.querySelector("#rubric-form [aria-invalid]");
  if (wrong) wrong.focus();
}

preview.show(jsonOf("preview-data"));
for (const input of document.querySelectorAll("[name=preview-images]")) {
  input.addEventListener("change", () => preview.setImages(Number(input.value)));
}
document.addEventListener("input", typed);
document.addEventListener("htmx:beforeRequest", remember);
document.addEventListener("htmx:afterSettle", swapped);
