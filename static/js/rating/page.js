/** What the page gives the scripts: its translated strings and its templates. */

const strings = new Map();

function readStrings() {
  const source = document.getElementById("strings").content;
  for (const element of source.querySelectorAll("[data-string]")) {
    strings.set(element.dataset.string, element.textContent);
  }
}

/** The page's translation of `key`, with each {name} replaced by its value. */
export function text(key, values = {}) {
  if (strings.size === 0) readStrings();
  if (!strings.has(key)) throw new Error(`The page has no string "${key}".`);
  return strings.get(key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** @returns {HTMLElement} a copy of the only element of a <template> */
export function cloneOf(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true);
}

/** @returns {any} what Django's json_script wrote */
export function jsonOf(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** Tell a screen reader, even when the message is the same as the last one. */
export function announce(message) {
  const region = document.getElementById("live");
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = message;
  });
}
