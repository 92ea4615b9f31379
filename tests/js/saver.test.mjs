import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { Patience, delayBefore, send } from "../../static/js/rating/saver.js";

const json = (status, body) => (response) => {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
};
const plain = (status, headers = {}) => (response) => {
  response.writeHead(status, { "Content-Type": "text/html", ...headers });
  response.end("<p>not JSON</p>");
};
const dropped = (response) => response.destroy();
const SAVED = json(201, { revision: 1, next_url: "/next" });

let script = [];
let renewed = [];
let received = [];
let url;
const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const body = JSON.parse(Buffer.concat(chunks).toString());
  received.push({ body, token: request.headers["x-csrftoken"] });
  script.shift()(response);
});

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}/save`;
});
after(() => server.close());
beforeEach(() => {
  received = [];
  renewed = [];
});

/** Send one payload to a server that answers by the script, without waiting between attempts. */
async function sending(...answers) {
  script = answers;
  const patience = new Patience();
  let waits = 0;
  const onWaiting = () => {
    waits += 1;
    queueMicrotask(() => patience.wake());
  };
  let made = 0;
  const request = () => {
    made += 1;
    const payload = { id: "one", revision: 0, made };
    return { url, headers: { "X-CSRFToken": "token" }, payload };
  };
  const result = await send(request, { patience, onWaiting, renew: async () => renewed.shift() });
  return { result, waits };
}

test("a saved rating gives the revision and the next case", async () => {
  const { result, waits } = await sending(SAVED);
  assert.deepEqual(result, { kind: "saved", revision: 1, next_url: "/next" });
  assert.equal(waits, 0);
  assert.equal(received[0].token, "token");
});

test("a dropped connection and a bad gateway are tried again with the same id", async () => {
  const { result, waits } = await sending(dropped, plain(502), json(503, {}), plain(429), SAVED);
  assert.equal(result.kind, "saved");
  assert.equal(waits, 4);
  assert.deepEqual(
    received.map(({ body }) => body.id),
    Array(5).fill("one"),
  );
});

test("a page that is no receipt, as of a hotel's or hospital's gateway, is not taken as saved", async () => {
  const { result, waits } = await sending(plain(200), json(200, { ok: true }), SAVED);
  assert.equal(result.kind, "saved");
  assert.equal(waits, 2);
});

test("errors come back by field", async () => {
  const { result } = await sending(json(422, { errors: { "joints:A": "Not on the scale." } }));
  assert.deepEqual(result, { kind: "invalid", errors: { "joints:A": "Not on the scale." } });
});

test("a conflict comes back with the server's message", async () => {
  const { result } = await sending(json(409, { message: "Saved elsewhere." }));
  assert.deepEqual(result, { kind: "conflict", message: "Saved elsewhere." });
});

test("a login page, a 401 and a 403 all mean that the session has ended", async () => {
  for (const answer of [plain(302, { Location: "/accounts/login/" }), plain(401), plain(403)]) {
    renewed = ["none"];
    const { result } = await sending(answer);
    assert.deepEqual(result, { kind: "session", who: "none" });
  }
});

test("whoever is still logged in sends again, with what is current by then", async () => {
  renewed = ["same", "unreachable"];
  const { result, waits } = await sending(plain(403), plain(401), SAVED);
  assert.equal(result.kind, "saved");
  assert.equal(waits, 2);
  assert.deepEqual(
    received.map(({ body }) => body.made),
    [1, 2, 3],
  );
});

test("somebody else ends the attempts", async () => {
  renewed = ["other"];
  const { result } = await sending(plain(401));
  assert.deepEqual(result, { kind: "session", who: "other" });
});

test("any other refusal ends the attempts", async () => {
  const { result, waits } = await sending(json(400, { message: "The study is closed." }));
  assert.deepEqual(result, { kind: "refused", message: "The study is closed.", final: false });
  assert.equal(waits, 0);
  const damaged = await sending(json(422, { message: "Damaged.", errors: {} }));
  assert.deepEqual(damaged.result, { kind: "refused", message: "Damaged.", final: false });
  const ended = await sending(json(423, { message: "Too late.", final: true }));
  assert.equal(ended.result.final, true);
});

test("waits double, stay under half a minute and are spread", () => {
  assert.equal(delayBefore(0, 1), 1000);
  assert.equal(delayBefore(2, 1), 4000);
  assert.equal(delayBefore(2, 0), 2000);
  assert.equal(delayBefore(50, 1), 30_000);
});

test("a withdrawn case is told with where to go on", async () => {
  const left = { message: "Withdrawn.", next_url: "/next" };
  const { result, waits } = await sending(json(410, left));
  assert.deepEqual(result, { kind: "withdrawn", ...left });
  assert.equal(waits, 0);
});
