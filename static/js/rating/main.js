/** The reading room's entry point: the page's parts, the keys and the buttons, put together. */

import { FullScreen } from "../viewer/fullscreen.js";
import { ImageStore } from "../viewer/images.js";
import { actionFor } from "../viewer/keys.js";
import { Tools } from "../viewer/tools.js";
import { Trail, stateOf } from "../viewer/trail.js";
import { ZOOM_STEP } from "../viewer/transform.js";
import { Viewer } from "../viewer/viewer.js";
import { Ahead } from "./ahead.js";
import { readCase } from "./cases.js";
import { openDatabase, removeOld } from "./database.js";
import { Drafts } from "./drafts.js";
import { Feedback } from "./feedback.js";
import { Frame } from "./frame.js";
import { Login } from "./login.js";
import { MarkList } from "./marklist.js";
import { Marks } from "./marks.js";
import { Notice } from "./notice.js";
import { Outbox } from "./outbox.js";
import { announce, jsonOf, text } from "./page.js";
import { Picker } from "./picker.js";
import { ProblemReport } from "./problem.js";
import { Rail } from "./rail.js";
import { Room } from "./room.js";
import { Saving } from "./saving.js";
import { Session } from "./session.js";
import { browserStorage } from "./storage.js";
import { Tabs } from "./tabs.js";

const SINGLE_KEYS = "radrate:single-keys";

const byId = (id) => document.getElementById(id);
const first = readCase(jsonOf("case"));
const database = await openDatabase();
const storage = browserStorage();
const help = byId("help");
const singleKeys = byId("single-keys");
const windowPanel = byId("window-panel");

const tools = new Tools(byId("tools"), act);
const trail = new Trail(() => performance.now());
const fullScreen = new FullScreen(() => viewer.leaveFull());
const viewer = new Viewer({
  root: byId("panes"),
  filters: byId("filters"),
  dragsWindow: () => !windowPanel.hidden,
  onChange: (changed) => {
    tools.update(changed);
    fullScreen.follow(changed);
    trail.follow(stateOf(changed));
    marks.follow();
  },
  onReveal: (shown) => {
    if (room.case.keeps_trail) trail.begin(stateOf(shown));
    else trail.end();
  },
  onAttend: ({ attended }) => trail.attend(attended),
  draws: () => marks.isPlacing && windowPanel.hidden,
  onStroke: (phase, span) => marks.stroke(phase, span),
});
const rail = new Rail(byId("criteria"), {
  onTake: (index) => room.take(index),
  onStep: (by) => room.step(by),
  onNext: () => room.next(),
  onPlace: (field) => room.place(field),
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
  onChange: () => saving.keep(),
  onFinish: () => rail.focus(),
});
const frame = new Frame();
const feedback = new Feedback(byId("feedback"), viewer);
const notice = new Notice(byId("notice"));
const images = new ImageStore();
const tabs = new Tabs(first.reader_key);
const session = new Session({
  readerKey: first.reader_key,
  csrfToken: document.querySelector("meta[name=csrf-token]").content,
  urls: document.body.dataset,
});
const outbox = new Outbox({ database, session, tabs });
const login = new Login(session, () => outbox.hurry());
const saving = new Saving({
  drafts: new Drafts(database, first.reader_key),
  outbox,
  frame,
  notice,
  onSessionEnd: (who) => login.open(who),
});
const room = new Room({
  viewer,
  rail,
  marks,
  frame,
  feedback,
  trail,
  saving,
  images,
  notice,
  tabs,
  ahead: new Ahead(images),
});
const problem = new ProblemReport({
  session,
  urlOf: () => room.case.problem_url,
});

function escape() {
  if (marks.leave() || tools.close() || viewer.leaveFull()) return;
  if (viewer.loupe) {
    viewer.toggleLoupe();
    return;
  }
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
  zoom_in: () => viewer.zoom(ZOOM_STEP),
  zoom_out: () => viewer.zoom(1 / ZOOM_STEP),
  fit: () => viewer.fit(),
  pixels: () => viewer.pixels(),
  loupe: () => announce(text(viewer.toggleLoupe() ? "loupe_on" : "loupe_off")),
  full: () => viewer.toggleFull(),
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
  take_image: (number) => viewer.take(number - 1),
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
  if (login.isOpen) return;
  if (problem.isOpen) return;
  if (belongsToSlider(event) || belongsToButton(event)) return;
  if (!help.open && belongsToPicker(event)) return;
  const where = {
    inText: isText(event.target),
    singleKeys: singleKeys.checked && !picker.isOpen,
    isPlacing: marks.isPlacing,
    isFull: viewer.full,
  };
  const action = actionFor(event, where);
  if (!action || (help.open && action.name !== "help")) return;
  event.preventDefault();
  if (!action.ignored) act(action);
}

function goInPage(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  saving.keep();
  room.go(event.currentTarget.href);
}

function rememberSingleKeys() {
  storage?.setItem(SINGLE_KEYS, singleKeys.checked ? "on" : "off");
}

/** What would be lost with the page is not left by accident. */
function holdBack(event) {
  if (saving.isLoose) event.preventDefault();
}

/** A logout in another tab: nothing more is kept here. */
function leave() {
  room.undecided = true;
  location.assign(room.case.home_url);
}

singleKeys.checked = storage?.getItem(SINGLE_KEYS) !== "off";
singleKeys.addEventListener("change", rememberSingleKeys);
document.addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", () => {
  room.watchVisibility();
  trail.attend(document.hidden ? null : viewer.attended);
});
feedback.go.addEventListener("click", submit);
for (const input of ["keydown", "pointerdown", "pointermove", "wheel"]) {
  document.addEventListener(input, () => room.stopwatch?.touch(), { capture: true, passive: true });
}
window.addEventListener("pagehide", () => saving.keep());
window.addEventListener("beforeunload", holdBack);
window.addEventListener("popstate", () => room.go(location.pathname, { push: false }));
window.addEventListener("online", () => outbox.hurry());
byId("next").addEventListener("click", ({ detail }) => detail < 2 && submit());
byId("previous").addEventListener("click", goInPage);
byId("help-open").addEventListener("click", toggleHelp);
byId("help-close").addEventListener("click", toggleHelp);
byId("comment").addEventListener("input", ({ target }) => room.setComment(target.value));
tabs.listen("opened", (token) => room.leaveTo(token));
tabs.listen("logout", leave);
saving.start(room);
removeOld(database, first.reader_key).catch(() => {});
room.open(first);
