/** The rubric's pages: the preview, and beside the editor kept in step with what is typed. */

import { jsonOf } from "../rating/page.js";
import { Preview } from "./preview.js";
import { changesSince, retype, stateOf } from "./typed.js";

const PAUSE_MS = 250;

const formOf = () => document.getElementById("rubric-form");
const preview = new Preview(document.getElementById("preview"));
let waiting = 0;
let asked = 0;
let open = new Set();
let sent = new Map();
let typedSince = new Map();

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

/** Some answers decide which fields there are: the form is shown anew. */
function showAnew() {
  formOf().requestSubmit(formOf().querySelector("[value=refresh]"));
}

const decides = ({ dataset }) => dataset.refresh !== undefined;

function typed({ target }) {
  if (!target.closest("#rubric-form")) return;
  if (decides(target)) showAnew();
  else soon();
}

/** What is open, and what is in the form, as it is sent. */
function sending() {
  open = new Set(rowsOf().filter((row) => row.open).map((row) => row.dataset.uid));
  sent = stateOf(formOf().elements);
}

function swapping() {
  typedSince = changesSince(sent, stateOf(formOf().elements));
}

/** The form has been shown anew: the first thing that is wrong gets the keyboard. */
function swapped() {
  for (const row of rowsOf()) row.open ||= open.has(row.dataset.uid);
  const changed = retype(formOf().elements, typedSince);
  document.querySelector("#rubric-form [aria-invalid]")?.focus();
  if (changed.some(decides)) showAnew();
  else refresh();
}

preview.show(jsonOf("preview-data"));
for (const input of document.querySelectorAll("[name=preview-images]")) {
  input.addEventListener("change", () => preview.setImages(Number(input.value)));
  if (input.checked) preview.setImages(Number(input.value));
}
document.addEventListener("input", typed);
document.addEventListener("htmx:beforeRequest", sending);
document.addEventListener("htmx:beforeSwap", swapping);
document.addEventListener("htmx:afterSettle", swapped);
