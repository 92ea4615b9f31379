import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_EVENTS, Trail } from "../../static/js/viewer/trail.js";

const FULL = { level: 127.5, width: 255 };
const pane = (label, changes = {}) => ({
  label,
  scale: 0.5,
  centre: { x: 0.5, y: 0.5 },
  window: FULL,
  inverted: false,
  ...changes,
});
const state = (changes = {}, rest = {}) => ({
  panes: [pane("A", changes), pane("B", changes)],
  loupe: null,
  full: "",
  ...rest,
});
/** A trail and the hand of its clock. */
function started() {
  const clock = { now: 5000 };
  const trail = new Trail(() => clock.now);
  trail.begin(state());
  return { clock, trail };
}
const events = (trail) => trail.toJSON().events;

test("panes that change alike are one event, with the time since the images were shown", () => {
  const { clock, trail } = started();
  clock.now += 1234.4;
  trail.follow(state({ scale: 1, centre: { x: 0.25, y: 0.5 } }));
  assert.deepEqual(events(trail), [[1234, "view", "AB", 1, 0.25, 0.5]]);
});

test("unlinked panes are told apart, and what stays is not told", () => {
  const { clock, trail } = started();
  clock.now += 10;
  trail.follow({ ...state(), panes: [pane("A"), pane("B", { inverted: true, window: { level: 80, width: 150 } })] });
  clock.now += 1000;
  trail.follow({ ...state(), panes: [pane("A"), pane("B", { inverted: true, window: { level: 80, width: 150 } })] });
  assert.deepEqual(events(trail), [[10, "window", "B", 80, 150], [10, "invert", "B", 1]]);
});

test("a drag is sampled, and where it ends is kept", () => {
  const { clock, trail } = started();
  for (let level = 100; level <= 180; level += 1) {
    clock.now += 16;
    trail.follow(state({ window: { level, width: 200 } }));
  }
  const kept = events(trail);
  assert.ok(kept.length >= 4 && kept.length <= 6, `${kept.length} events`);
  assert.deepEqual(kept.at(-1).slice(1), ["window", "AB", 180, 200]);
});

test("the loupe and the full screen are told when they begin, move and end", () => {
  const { clock, trail } = started();
  trail.follow(state({}, { loupe: { labels: "AB", place: { x: 0.123456, y: 0.5 } } }));
  clock.now += 300;
  trail.follow(state({}, { loupe: { labels: "AB", place: { x: 0.2, y: 0.5 } }, full: "B" }));
  clock.now += 300;
  trail.follow(state());
  assert.deepEqual(events(trail), [
    [0, "loupe", "AB", 0.1235, 0.5],
    [300, "loupe", "AB", 0.2, 0.5],
    [300, "full", "B"],
    [600, "loupe", ""],
    [600, "full", ""],
  ]);
});

test("dwell is the time at each image, none while the reader is at none", () => {
  const { clock, trail } = started();
  trail.attend("A");
  clock.now += 700;
  trail.attend("B");
  clock.now += 200;
  trail.attend(null);
  clock.now += 9000;
  trail.attend("A");
  clock.now += 50;
  assert.deepEqual(trail.toJSON().dwell_ms, { A: 750, B: 200 });
  clock.now += 50;
  assert.deepEqual(trail.toJSON().dwell_ms, { A: 800, B: 200 });
});

test("however long it goes on, the trail stays small and says that it was cut", () => {
  const { clock, trail } = started();
  for (let count = 0; count < 3 * MOST_EVENTS; count += 1) {
    clock.now += 300;
    trail.follow(state({ scale: 1 + (count % 7), centre: { x: 0.1234, y: 0.4321 } }));
  }
  const { events: kept, cut } = trail.toJSON();
  assert.equal(kept.length, MOST_EVENTS);
  assert.equal(cut, true);
  assert.ok(JSON.stringify(trail).length < 64_000, JSON.stringify(trail).length);
});

test("nothing is noted before the images are shown and after the end", () => {
  const trail = new Trail(() => 0);
  trail.follow(state({ scale: 3 }));
  trail.attend("A");
  assert.equal(trail.toJSON(), null);
  trail.begin(state());
  trail.end();
  trail.follow(state({ scale: 3 }));
  assert.equal(trail.toJSON(), null);
});

test("a case begins with an empty trail", () => {
  const { clock, trail } = started();
  trail.attend("A");
  clock.now += 500;
  trail.follow(state({ scale: 3 }));
  trail.begin(state());
  assert.deepEqual(trail.toJSON(), { version: 1, events: [], dwell_ms: { A: 0, B: 0 }, cut: false });
});
