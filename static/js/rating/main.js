/** The reading room's entry point: the page's parts, the keys and the buttons, put together. */

import { ImageStore } from "../viewer/images.js";
import { actionFor } from "../viewer/keys.js";
import { Tools } from "../viewer/tools.js";
import { Viewer } from "../viewer/viewer.js";
import { readCase } from "./cases.js";
import { Drafts, browserStorage } from "./drafts.js";
import { Frame } from "./frame.js";
import { MarkList } from "./marklist.js";
import { Marks } from "./marks.js";
import { Notice } from "./notice.js";
import { Outbox } from "./outbox.js";
import { jsonOf } from "./page.js";
import { Picker } from "./picker.js";
import { ProblemReport } from "./problem.js";
import { Rail } from "./rail.js";
import { Room } from "./room.js";

const SINGLE_KEYS = "radrate:single-keys";

const byId = (id) => document.getElementById(id);
const first = readCase(jsonOf("case"));
const storage = browserStorage();
const help = byId("help");
const singleKeys = byId("single-keys");
const windowPanel = byId("window-panel");

const tools = new Tools(byId("tools"), act);
const viewer = new Viewer({
  root: byId("panes"),
  filters: byId("filters"),
  dragsWindow: () => !windowPanel.hidden,
  onChange: (changed) => {
    tools.update(changed);
    marks.follow();
  },
  draws: () => marks.isPlacing && windowPanel.hidden,
  onStroke: (phase, span) => marks.stroke(phase, span),
});
const rail = new Rail(byId("criteria"), {
  onTake: (index) => room.take(index),
  onAnswer: (...answer) => room.choose(...answer),
});
const picker = new Picker(byId("picker"), {
  onName: (named) => marks.name(named),
  onCancel: () => marks.leave(),
});
const list = new MarkList(byId("marks"), {
  onEdit: (index) => marks.edit(index),
  onRemove: (index) => marks.remove(index),
  onPoint: (index) => marks.point(index),
  onHide: () => marks.toggleHidden(),
});
const marks = new Marks({
  viewer,
  list,
  picker,
  button: byId("mark"),
  isOpen: () => room.isOpen,
  onChange: () => room.keep(),
  onFinish: () => rail.focus(),
});
const frame = new Frame();
const csrfToken = document.querySelector("meta[name=csrf-token]").content;
const outbox = new Outbox({ frame, csrfToken });
const room = new Room({
  viewer,
  rail,
  marks,
  frame,
  outbox,
  images: new ImageStore(),
  notice: new Notice(byId("notice")),
  drafts: new Drafts(storage, first.reader_key),
  loginUrl: document.body.dataset.login,
});
const problem = new ProblemReport({
  csrfToken,
  urlOf: () => room.case.problem_url,
});

function escape() {
  if (marks.leave() || tools.close()) return;
  if (document.activeElement === frame.comment) rail.focus();
  else room.pause();
}

/** A drag is to place the mark, not to change the window. */
function mark() {
  tools.close();
  marks.toggle();
}

/** A mark that is not named yet is not lost in silence. */
function submit() {
  if (picker.isOpen) picker.remind();
  else room.submit();
}

function toggleHelp() {
  if (help.open) help.close();
  else help.showModal();
}

const ACTIONS = {
  zoom_in: () => viewer.zoomIn(),
  zoom_out: () => viewer.zoomOut(),
  fit: () => viewer.fit(),
  reset: () => viewer.reset(),
  invert: () => viewer.invert(),
  link: () => viewer.link(),
  pan: (direction) => viewer.step(direction),
  preset: (number) => viewer.preset(number),
  set_window: (part) => viewer.setWindow(part),
  answer: (digit) => room.digit(digit),
  not_applicable: () => room.notApplicable(),
  previous_criterion: () => room.step(-1),
  next_criterion: () => room.step(1),
  mark,
  hide_marks: () => marks.toggleHidden(),
  move_mark: (direction) => marks.move(direction, { stretch: false }),
  stretch_mark: (direction) => marks.move(direction, { stretch: true }),
  mark_image: (number) => viewer.take(number - 1),
  set_mark: () => marks.set(),
  submit,
  help: toggleHelp,
  pause: escape,
};

function act({ name, value }) {
  ACTIONS[name](value);
}

function isText(element) {
  return element.matches("textarea, input:not([type=radio], [type=checkbox], [type=range])");
}

/** Arrow keys of a slider are the slider's own. */
function belongsToSlider({ target, code, altKey }) {
  return target.matches("input[type=range]") && code.startsWith("Arrow") && !altKey;
}

function belongsToButton({ target, code, ctrlKey, metaKey }) {
  return code === "Enter" && !ctrlKey && !metaKey && target.closest("button, a") !== null;
}

/** With single keys turned off, letters and digits are the picker's only while it is in focus. */
function belongsToPicker(event) {
  return picker.isOpen && (singleKeys.checked || picker.hasFocus) && picker.onKey(event);
}

function onKey(event) {
  if (problem.isOpen) return;
  if (belongsToSlider(event) || belongsToButton(event)) return;
  if (!help.open && belongsToPicker(event)) return;
  const where = {
    inText: isText(event.target),
    singleKeys: singleKeys.checked && !picker.isOpen,
    isPlacing: marks.isPlacing,
  };
  const action = actionFor(event, where);
  if (!action || (help.open && action.name !== "help")) return;
  event.preventDefault();
  if (!action.ignored) act(action);
}

function goInPage(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  room.keep();
  room.go(event.currentTarget.href);
}

function rememberSingleKeys() {
  storage?.setItem(SINGLE_KEYS, singleKeys.checked ? "on" : "off");
}

singleKeys.checked = storage?.getItem(SINGLE_KEYS) !== "off";
singleKeys.addEventListener("change", rememberSingleKeys);
document.addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", () => room.watchVisibility());
window.addEventListener("pagehide", () => room.keep());
window.addEventListener("popstate", () => room.go(location.pathname, { push: false }));
window.addEventListener("online", () => outbox.hurry());
byId("next").addEventListener("click", submit);
byId("previous").addEventListener("click", goInPage);
byId("help-open").addEventListener("click", toggleHelp);
byId("help-close").addEventListener("click", toggleHelp);
byId("comment").addEventListener("input", ({ target }) => room.setComment(target.value));
room.open(first);
