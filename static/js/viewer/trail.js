/**
 * What a reader did with the images of a case: compact, bounded, by a clock that never goes back.
 * Kept only where the study says so and the reader agreed; see docs/data-dictionary.md.
 *
 * An event is [ms since the images were shown, kind, labels of the panes, ...values]:
 *   "view"    screen pixels a pixel of the image takes, and the place in the middle of the pane
 *   "window"  level, width
 *   "invert"  1 or 0
 *   "loupe"   the place under it; no values: off
 *   "full"    no values; no labels: all images are shown again
 */

export const MOST_EVENTS = 1000;
/** What goes on without a stop is sampled at this pace, its end always kept. */
const SAMPLE_MS = 250;

/** What of the viewer a trail follows. */
export function stateOf({ panes, loupe, linked, state, full, size }) {
  const held = loupe && { place: loupe.place, labels: linked ? labelsOf(panes) : state.label };
  return { panes: panes.map((pane) => sightOf(pane, size)), loupe: held, full: full ? state.label : "" };
}

const labelsOf = (panes) => panes.map((pane) => pane.label).join("");

function sightOf(pane, size) {
  const { label, centre, window, inverted } = pane;
  return { label, scale: pane.scale(size), centre, window, inverted };
}

const rounded = (value, digits) => Number(value.toFixed(digits));
const place = ({ x, y }) => [rounded(x, 4), rounded(y, 4)];

function factsOf({ scale, centre, window, inverted }) {
  return {
    view: [rounded(scale, 3), ...place(centre)],
    window: [rounded(window.level, 1), rounded(window.width, 1)],
    invert: [inverted ? 1 : 0],
  };
}

/** Panes in which the same fact has become the same, as one entry. */
function changesOf(before, after) {
  const changes = new Map();
  for (const [label, facts] of Object.entries(after)) {
    for (const [kind, values] of Object.entries(facts)) {
      if (String(values) === String(before[label]?.[kind])) continue;
      const key = `${kind} ${values}`;
      const labels = (changes.get(key)?.labels ?? "") + label;
      changes.set(key, { kind, labels, values });
    }
  }
  return [...changes.values()];
}

export class Trail {
  #clock;
  #began = null;
  #events = [];
  #cut = false;
  #facts = {};
  #loupe = "";
  #full = "";
  #dwell = {};
  #attended = null;
  #since = 0;

  /** @param {() => number} clock milliseconds */
  constructor(clock) {
    this.#clock = clock;
  }

  /** The images have been shown. @param {object} state see `follow` */
  begin(state) {
    this.#began = this.#clock();
    this.#events = [];
    this.#cut = false;
    this.#facts = Object.fromEntries(state.panes.map((pane) => [pane.label, factsOf(pane)]));
    [this.#loupe, this.#full] = ["", ""];
    this.#dwell = Object.fromEntries(state.panes.map(({ label }) => [label, 0]));
    [this.#attended, this.#since] = [null, this.#began];
  }

  end() {
    this.#began = null;
  }

  /**
   * Note what is different from the state before.
   * @param {{panes: object[], loupe: {labels: string, place: object} | null, full: string}} state
   *   a pane being {label, scale, centre, window, inverted}, full the label of the pane or ""
   */
  follow({ panes, loupe, full }) {
    if (this.#began === null) return;
    const facts = Object.fromEntries(panes.map((pane) => [pane.label, factsOf(pane)]));
    for (const { kind, labels, values } of changesOf(this.#facts, facts)) {
      this.#note(kind, labels, values);
    }
    this.#facts = facts;
    this.#followLoupe(loupe);
    if (full !== this.#full) this.#note("full", full, []);
    this.#full = full;
  }

  /** The reader's attention goes to this image, or to none. @param {string | null} label */
  attend(label) {
    if (this.#began === null || label === this.#attended) return;
    this.#settleDwell();
    this.#attended = label;
  }

  /** @returns {object | null} null where nothing is kept */
  toJSON() {
    if (this.#began === null) return null;
    this.#settleDwell();
    const dwell_ms = Object.fromEntries(
      Object.entries(this.#dwell).map(([label, time]) => [label, Math.round(time)]),
    );
    return { version: 1, events: this.#events.map((event) => [...event]), dwell_ms, cut: this.#cut };
  }

  #followLoupe(loupe) {
    const values = loupe ? place(loupe.place) : [];
    const now = loupe ? `${loupe.labels} ${values}` : "";
    if (now !== this.#loupe) this.#note("loupe", loupe?.labels ?? "", values);
    this.#loupe = now;
  }

  #note(kind, labels, values) {
    const event = [Math.round(this.#clock() - this.#began), kind, labels, ...values];
    const last = this.#events.at(-1);
    const goesOn = last && last[1] === kind && last[2] === labels && last.length === event.length;
    if (goesOn && event[0] - last[0] < SAMPLE_MS) last.splice(3, values.length, ...values);
    else if (this.#events.length < MOST_EVENTS) this.#events.push(event);
    else this.#cut = true;
  }

  #settleDwell() {
    const now = this.#clock();
    if (this.#attended !== null) this.#dwell[this.#attended] += now - this.#since;
    this.#since = now;
  }
}
