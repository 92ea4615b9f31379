/** The rail of the reading room, to be tried out; nothing is sent. */

import { Picker } from "../rating/picker.js";
import { text } from "../rating/page.js";
import { Rail } from "../rating/rail.js";
import { Sheet } from "../rating/sheet.js";
import { actionFor } from "../viewer/keys.js";

const LABELS = ["A", "B", "C", "D"];
const VERDICT_AND_SUBMIT = 3;
const SUBMIT = 1;

const byId = (id) => document.getElementById(id);
const isText = (element) => element.matches("textarea");

/** Answers that the questions, as they are now, can still have. */
function kept(answers, rubric) {
  const kinds = new Map(rubric.map(({ key, kind }) => [key, kind]));
  const fits = ([field, answer]) => {
    const isWritten = kinds.get(field.split(":")[0]) === "text";
    return kinds.has(field.split(":")[0]) && isWritten === Boolean(answer.text);
  };
  return Object.fromEntries(Object.entries(answers).filter(fits));
}

export class Preview {
  /** @param {HTMLElement} root holds the rail, its foot and the picker */
  constructor(root) {
    this.root = root;
    this.count = 2;
    this.rail = new Rail(byId("criteria"), {
      onTake: (index) => this.#act((sheet) => sheet.take(index)),
      onStep: (by) => this.#act((sheet) => sheet.step(by)),
      onNext: () => this.#act((sheet) => sheet.advance()),
      onPlace: () => {},
      onAnswer: (...answer) => this.#choose(...answer),
    });
    this.picker = new Picker(byId("picker"), {
      onName: () => this.#closePicker(),
      onCancel: () => this.#closePicker(),
    });
    this.defects = byId("preview-defects");
    this.defects.addEventListener("click", () => this.#openPicker());
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {{rubric: object[], tags: object[]}} shown as the server gives them to readers;
   *  `whole` with the questions of the design */
  show({ rubric, tags, whole = false }) {
    this.rubric = rubric;
    this.added = whole ? SUBMIT : VERDICT_AND_SUBMIT;
    this.tags = tags;
    this.#build();
  }

  /** @param {number} count of images in a case */
  setImages(count) {
    this.count = count;
    this.#build();
  }

  #build() {
    const { rubric } = this;
    const at = this.sheet?.field;
    const answers = kept(this.sheet?.answers ?? {}, rubric);
    const labels = LABELS.slice(0, this.count);
    const isEmpty = rubric.length === 0;
    byId("preview-empty").hidden = !isEmpty;
    byId("criteria").hidden = isEmpty;
    this.defects.hidden = this.tags.length === 0;
    this.sheet = isEmpty ? null : new Sheet({ rubric, labels, answers, comment: "", marks: [] });
    if (at) this.sheet?.takeField(at.key);
    if (this.sheet) this.rail.build(this.sheet);
    this.#tell();
  }

  #act(change) {
    change(this.sheet);
    this.rail.update();
    this.rail.focus();
    this.#tell();
  }

  #choose(field, answer, byPointer) {
    this.sheet.set(field, answer);
    this.sheet.takeField(field.key);
    if (byPointer) this.sheet.advance();
    this.rail.update();
    this.#tell();
  }

  /** How many keys a case takes at most as it is asked now, with verdict, confidence, going on. */
  #tell() {
    const fields = this.sheet?.fields ?? [];
    const count = fields.length ? fields.length + this.added : 0;
    byId("preview-presses").textContent = count ? text("presses", { count }) : "";
  }

  #openPicker() {
    this.picker.open({ title: this.defects.textContent, tags: this.tags });
  }

  #closePicker() {
    this.picker.close();
    this.defects.focus();
  }

  #key(event) {
    if (this.picker.isOpen && this.picker.onKey(event)) return;
    if (!this.sheet || !event.target.closest("#criteria")) return;
    const action = actionFor(event, { inText: isText(event.target), singleKeys: true });
    const answers = {
      answer: () => this.sheet.answerDigit(action.value),
      not_applicable: () => this.sheet.answerNotApplicable(),
      previous_criterion: () => this.sheet.step(-1),
      next_criterion: () => this.sheet.step(1),
    };
    if (!action || !(action.name in answers)) return;
    event.preventDefault();
    if (!action.ignored) this.#act(answers[action.name]);
  }
}
