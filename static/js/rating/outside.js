/**
 * On every page but the reading room: answers that still wait in this browser are sent, and a
 * logout leaves none of them behind.
 */

import { openDatabase, removeAllOf, removeOld } from "./database.js";
import { Outbox } from "./outbox.js";
import { Session } from "./session.js";
import { Tabs } from "./tabs.js";

const LONGEST_FLUSH_MS = 3000;

const bar = document.getElementById("unsent");
const urls = bar.dataset;
const strings = bar.querySelector("template").content;
const textOf = (name) => strings.querySelector(`[data-string=${name}]`).textContent;

function show(message) {
  bar.querySelector(".unsent-message").textContent = message;
  bar.hidden = message === "";
}

/** What waits, in the name of whoever is logged in; null when that is unknown. */
async function openOutbox(database) {
  const session = new Session({ readerKey: null, csrfToken: "", urls });
  if ((await session.renew()) !== "same") return null;
  const tabs = new Tabs(session.readerKey);
  const outbox = new Outbox({ database, session, tabs });
  return { outbox, tabs, readerKey: session.readerKey };
}

async function isEmpty(database) {
  const stores = await Promise.all([database.all("drafts"), database.all("outbox")]);
  return stores.every((records) => records.length === 0);
}

/** Resolves when nothing waits any more, or after a while. */
async function flushed(outbox) {
  const end = Date.now() + LONGEST_FLUSH_MS;
  outbox.flush();
  while ((await outbox.entries()).length > 0 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return (await outbox.entries()).length;
}

/** What the server refused is looked at, or deleted if it can never be saved. */
function offer(outbox, entry, { message, final }) {
  show(message ?? textOf("refused"));
  const [look, discard] = [bar.querySelector("a"), bar.querySelector("button")];
  look.href = entry.page_url;
  look.hidden = Boolean(final);
  discard.hidden = !final;
  discard.onclick = async () => {
    await outbox.discard(entry);
    location.reload();
  };
}

/** Whoever is on the way to another page is not held back. */
let isLeaving = false;

async function sendWaiting(database) {
  const found = await openOutbox(database);
  if (!found) return;
  const { outbox, readerKey } = found;
  await removeOld(database, readerKey);
  if ((await outbox.entries()).length === 0) return;
  outbox.onChange = (state, waiting) => {
    if (state) show(textOf("waiting").replace("{waiting}", waiting));
    else if (!waiting && !isLeaving) location.reload();
  };
  outbox.onSettled = (entry, result) => {
    if (result.kind !== "saved" && result.kind !== "withdrawn") offer(outbox, entry, result);
  };
  window.addEventListener("online", () => outbox.hurry());
  window.addEventListener("beforeunload", () => (isLeaving = true));
  outbox.flush();
}

async function logOut(form) {
  const database = await opening;
  const found = (await isEmpty(database)) ? null : await openOutbox(database);
  if (found) {
    const waiting = await flushed(found.outbox);
    const question = textOf("log_out").replace("{waiting}", waiting);
    if (waiting > 0 && !window.confirm(question)) return;
    found.tabs.say("logout");
    await removeAllOf(database, found.readerKey);
  }
  form.submit();
}

const opening = openDatabase();
for (const form of document.querySelectorAll("form[data-logout]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    logOut(form);
  });
}
if (!(await isEmpty(await opening))) await sendWaiting(await opening);
