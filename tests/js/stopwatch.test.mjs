import assert from "node:assert/strict";
import { test } from "node:test";

import { Stopwatch } from "../../static/js/rating/stopwatch.js";

const MINUTE = 60_000;

/** A stopwatch, and a clock that goes on by `pass`. */
function watched(before) {
  let now = 1000;
  const watch = new Stopwatch(() => now, before);
  const pass = (milliseconds) => {
    now += milliseconds;
  };
  return { watch, pass };
}

test("it counts while it runs, from what was counted before", () => {
  const { watch, pass } = watched({ elapsed_ms: 500, pauses: [] });
  pass(100);
  assert.equal(watch.elapsed, 500);
  watch.run();
  pass(250.4);
  watch.run();
  assert.equal(watch.elapsed, 750);
  assert.deepEqual(watch.pauses, []);
});

test("time in which the page is hidden is taken out and kept", () => {
  const { watch, pass } = watched();
  watch.run();
  pass(750);
  watch.pause();
  pass(10_000);
  watch.pause();
  assert.equal(watch.elapsed, 750);
  watch.run();
  pass(50);
  assert.equal(watch.elapsed, 800);
  assert.deepEqual(watch.pauses, [{ after_ms: 750, ms: 10_000, why: "hidden" }]);
});

test("a minute without input counts as looking; what is beyond is taken out and kept", () => {
  const { watch, pass } = watched();
  watch.run();
  pass(MINUTE);
  watch.touch();
  assert.equal(watch.elapsed, MINUTE);
  assert.deepEqual(watch.pauses, []);
  pass(5 * MINUTE);
  assert.equal(watch.elapsed, 2 * MINUTE); // also before the next input
  watch.touch();
  pass(1000);
  assert.equal(watch.elapsed, 2 * MINUTE + 1000);
  assert.deepEqual(watch.pauses, [{ after_ms: 2 * MINUTE, ms: 4 * MINUTE, why: "idle" }]);
});

test("idle and then hidden are two pauses", () => {
  const { watch, pass } = watched();
  watch.run();
  pass(2 * MINUTE);
  watch.pause();
  pass(MINUTE);
  watch.run();
  assert.equal(watch.elapsed, MINUTE);
  assert.deepEqual(
    watch.pauses.map(({ why, ms }) => [why, ms]),
    [
      ["idle", MINUTE],
      ["hidden", MINUTE],
    ],
  );
});

test("time counted and pauses are all the time there was, however it is cut", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let run = 0; run < 200; run += 1) {
    const { watch, pass } = watched();
    watch.run();
    let all = 0;
    for (let step = 0; step < 30; step += 1) {
      const milliseconds = random() * 3 * MINUTE;
      all += milliseconds;
      pass(milliseconds);
      [() => watch.touch(), () => watch.pause(), () => watch.run()][Math.floor(random() * 3)]();
    }
    watch.run();
    const paused = watch.pauses.reduce((sum, { ms }) => sum + ms, 0);
    assert.ok(Math.abs(watch.elapsed + paused - all) < 40, `${watch.elapsed} ${paused} ${all}`);
    assert.ok(watch.pauses.every(({ after_ms: after }) => after >= 0 && after <= watch.elapsed));
  }
});

test("input before the images are shown, or while the page is hidden, counts nothing", () => {
  const { watch, pass } = watched();
  watch.touch();
  pass(10);
  assert.equal(watch.elapsed, 0);
  watch.run();
  watch.pause();
  pass(10);
  watch.touch();
  assert.equal(watch.elapsed, 0);
});

test("a later stopwatch goes on from an earlier one's state", () => {
  const { watch, pass } = watched();
  watch.run();
  pass(3 * MINUTE);
  watch.touch();
  const later = watched(watch.state).watch;
  later.add("closed", 5000);
  assert.equal(later.elapsed, MINUTE);
  assert.deepEqual(
    later.pauses.map(({ why }) => why),
    ["idle", "closed"],
  );
});

test("the hundredth pause takes in the later ones", () => {
  const { watch } = watched();
  for (let count = 0; count < 120; count += 1) watch.add("hidden", 10);
  assert.equal(watch.pauses.length, 100);
  assert.equal(watch.pauses.at(-1).ms, 210);
});
