/** Sends a rating until the server has answered. The same id is sent again, so it is saved once. */

const TIMEOUT_MS = 20_000;
const LONGEST_WAIT_MS = 30_000;
const LARGEST_KEPT_ALIVE = 60_000; // browsers let no more outlive the page
const TRY_AGAIN = new Set([408, 425, 429]);

/** Milliseconds before the next attempt, the first being 0; spread so that readers do not meet. */
export function delayBefore(attempt, random = Math.random()) {
  return Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempt) * (0.5 + random / 2);
}

/** A wait that can be cut short. */
export class Patience {
  #wake = () => {};

  sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake() {
    this.#wake();
  }
}

async function bodyOf(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/**
 * @returns {Promise<{kind: string}>} saved, invalid, conflict, withdrawn, session, refused or
 *   unreachable
 */
export async function resultOf(response) {
  const { status } = response;
  const redirected = response.type === "opaqueredirect" || (status >= 300 && status < 400);
  if (redirected || status === 401 || status === 403) return { kind: "session" };
  if (status >= 500 || TRY_AGAIN.has(status)) return { kind: "unreachable" };
  const body = await bodyOf(response);
  if (response.ok) return body?.revision ? { kind: "saved", ...body } : { kind: "unreachable" };
  if (Object.keys(body?.errors ?? {}).length > 0) return { kind: "invalid", errors: body.errors };
  if (status === 410) return { kind: "withdrawn", ...body };
  if (status === 409) return { kind: "conflict", message: body?.message };
  return { kind: "refused", message: body?.message, final: body?.final ?? false };
}

async function attempt({ url, headers, payload }, pace) {
  const body = JSON.stringify(payload);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body,
      credentials: "same-origin",
      redirect: "manual",
      keepalive: body.length < LARGEST_KEPT_ALIVE,
      signal: AbortSignal.timeout(TIMEOUT_MS * pace),
    });
    return await resultOf(response);
  } catch {
    return { kind: "unreachable" };
  }
}

/**
 * @param {() => {url: string, headers: object, payload: object}} request made anew each time
 * @param {{patience: Patience, onWaiting: () => void, renew?: () => Promise<string>,
 *   pace?: number}} how told of each wait; `renew` asks who is logged in when the server took
 *   nobody for the sender ("same", "unreachable", or anybody else); all times are multiplied by
 *   `pace`
 * @returns {Promise<{kind: string}>} the server's answer; never `unreachable`
 */
export async function send(request, { patience, onWaiting, renew = async () => "none", pace = 1 }) {
  for (let attempts = 0; ; attempts += 1) {
    const result = await attempt(request(), pace);
    const who = result.kind === "session" ? await renew() : null;
    if (who !== null && who !== "same" && who !== "unreachable") return { ...result, who };
    if (who === null && result.kind !== "unreachable") return result;
    onWaiting();
    await patience.sleep(delayBefore(attempts) * pace);
  }
}
