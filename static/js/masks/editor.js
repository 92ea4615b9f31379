/** The mask editor: a drawing area over the radiograph, and the panel beside it. */

import { announce, text } from "../rating/page.js";
import { placeIn } from "./geometry.js";
import * as past from "./history.js";
import { actionFor } from "./keys.js";
import { Painter } from "./paint.js";
import { Pen } from "./pen.js";
import { attachPointer } from "./pointer.js";
import { chanceShape, recipeOf, regionShape } from "./recipe.js";

const percent = (share) =>
  (100 * share).toLocaleString(document.documentElement.lang, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });

export class Editor {
  /** @param {HTMLElement} root an element of generation/_mask_editor.html */
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.stage = this.find("[data-stage]");
    this.canvas = this.find("canvas");
    this.painter = new Painter(this.canvas);
    this.pen = new Pen(this.painter.size);
    this.history = past.EMPTY;
    this.saved = past.shapesOf(this.history);
    this.hasKeys = this.isOver = false;
    const { width, height } = this.painter.size;
    this.stage.style.setProperty("--ratio", width / height);
    this.#listenToStage();
    this.#listenToPanel();
    new ResizeObserver(() => this.#draw()).observe(this.stage);
    this.#tellTool();
    this.#changed();
  }

  get shapes() {
    return past.shapesOf(this.history);
  }

  /** Whether something was drawn that has not been saved. */
  get isDirty() {
    return this.root.isConnected && this.shapes.length > 0 && this.shapes !== this.saved;
  }

  #listenToStage() {
    attachPointer(this.stage, {
      place: (event) => placeIn(this.canvas.getBoundingClientRect(), event),
      pen: this.pen,
      pixel: () => 1 / Math.max(this.canvas.clientWidth, this.canvas.clientHeight),
      finished: (shape) => this.#add(shape),
      moved: (isOver) => {
        this.isOver = isOver;
        this.hasKeys = false;
        this.#reflect();
        this.#draw();
      },
    });
    this.stage.addEventListener("keydown", (event) => this.#press(event));
    this.stage.addEventListener("blur", () => {
      this.hasKeys = false;
      this.#draw();
    });
    this.stage.addEventListener("focus", () => {
      this.hasKeys = this.stage.matches(":focus-visible");
      this.#draw();
    });
  }

  #listenToPanel() {
    this.root.addEventListener("change", ({ target }) => {
      if (target.name === "tool") this.#take(target.value);
      if (target.name === "mode") this.#setErase(target.value === "erase");
    });
    this.find("[name=radius]").addEventListener("input", ({ target }) => {
      this.pen.resize(target.value / 100);
      this.#draw();
    });
    this.root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-do]");
      if (button) this.#act({ name: button.dataset.do });
      const region = target.closest("[data-region]");
      if (region) this.#addRegion(region.dataset);
    });
    this.find("[data-chance]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#drawByChance(event.target);
    });
    const form = this.find("[data-save]");
    this.root.addEventListener("submit", ({ target }) => target === form && this.#finish(), true);
    form.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.successful) this.saved = this.sent;
    });
    form.addEventListener("htmx:beforeRequest", () => {
      this.sent = this.shapes;
    });
  }

  #press(event) {
    const action = actionFor(event);
    if (!action || (action.name === "leave" && !this.pen.isOpen)) return;
    event.preventDefault();
    if (action.ignored) return;
    this.hasKeys = true;
    this.#act(action);
  }

  #act({ name, value, fine }) {
    const { pen } = this;
    const acts = {
      move: () => pen.step(value, fine),
      stretch: () => pen.stretch(value, fine),
      resize: () => pen.resize(pen.radius + value * 0.005),
      set: () => this.#set(),
      close: () => this.#finish(),
      back: () => (pen.isOpen ? pen.back() : this.#go(past.undone, "undone")),
      leave: () => pen.leave(),
      tool: () => this.#take(value),
      erase: () => this.#setErase(!pen.erase),
      undo: () => (pen.isOpen ? pen.back() : this.#go(past.undone, "undone")),
      redo: () => this.#go(past.redone, "redone"),
      clear: () => this.#clear(),
    };
    acts[name]();
    this.#reflect();
    this.#draw();
  }

  #set() {
    const wasOpen = this.pen.isOpen;
    const shape = this.pen.set();
    if (shape) this.#add(shape);
    else announce(text(wasOpen && this.pen.tool === "polygon" ? "vertex" : "begun"));
  }

  #finish() {
    const shape = this.pen.isOpen && this.pen.finish();
    if (shape) this.#add(shape);
  }

  #add(shape) {
    this.#replace([...this.shapes, shape]);
    announce(text(shape.erase ? "erased" : "added", { share: percent(this.share) }));
  }

  #addRegion({ region, box }) {
    this.pen.leave();
    this.#add(regionShape(region, JSON.parse(box)));
    const label = this.find("[name=label]");
    if (!label.value || label.value === this.suggested) label.value = this.suggested = region;
  }

  /** A random mask is what its seed says: it takes the place of what was drawn. */
  async #drawByChance(form) {
    const problem = this.find("[data-chance-problem]");
    const tell = (words) => {
      problem.textContent = words;
    };
    try {
      const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`);
      const drawn = await answer.json();
      tell(drawn.problem ?? "");
      if (drawn.problem) return;
      this.pen.leave();
      this.#replace([chanceShape(drawn)]);
      announce(text("added", { share: percent(this.share) }));
    } catch {
      tell(text("unreachable"));
    }
  }

  #clear() {
    this.pen.leave();
    if (this.shapes.length === 0) return;
    this.#replace([]);
    announce(text("cleared"));
  }

  #replace(shapes) {
    this.history = past.pushed(this.history, shapes);
    this.#changed();
  }

  #go(step, told) {
    const before = this.history;
    this.history = step(before);
    if (this.history === before) return;
    this.#changed();
    announce(text(told, { share: percent(this.share) }));
  }

  #take(tool) {
    this.pen.take(tool);
    this.#tellTool();
    this.#draw();
  }

  #setErase(erase) {
    this.pen.erase = erase;
    this.#reflect();
    announce(text(erase ? "erasing" : "adding"));
  }

  #tellTool() {
    this.find("[data-hint]").textContent = text(`hint_${this.pen.tool}`);
    this.#reflect();
  }

  #changed() {
    this.share = this.painter.share(this.shapes);
    const { shapes } = this;
    this.find("[name=recipe]").value = shapes.length ? JSON.stringify(recipeOf(shapes)) : "";
    this.find("[data-share]").textContent = text("share", { share: percent(this.share) });
    this.#reflect();
    this.#draw();
  }

  /** The panel shows what the pen and the history are. */
  #reflect() {
    const { pen, history } = this;
    this.find(`[name=tool][value=${pen.tool}]`).checked = true;
    this.find(`[name=mode][value=${pen.erase ? "erase" : "add"}]`).checked = true;
    this.find("[name=radius]").value = 100 * pen.radius;
    this.find("[data-brush]").hidden = pen.tool !== "brush";
    this.find("[data-do=close]").hidden = pen.tool !== "polygon";
    this.find("[data-do=close]").disabled = pen.points.length < 3;
    this.find("[data-do=undo]").disabled = !past.canUndo(history) && !pen.isOpen;
    this.find("[data-do=redo]").disabled = !past.canRedo(history);
    this.find("[data-do=clear]").disabled = this.shapes.length === 0 && !pen.isOpen;
  }

  #draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const { pen, shapes } = this;
      const style = getComputedStyle(this.stage);
      this.painter.paint(pen.preview ? [...shapes, pen.preview] : shapes, pen, {
        pixel: this.canvas.width / (this.canvas.clientWidth || this.canvas.width),
        accent: style.getPropertyValue("--accent").trim(),
        focus: style.getPropertyValue("--focus").trim(),
        hasKeys: this.hasKeys,
        isOver: this.isOver && pen.tool === "brush",
      });
    });
  }
}
