/** Who is logged in, and in whose name this page sends. */

async function jsonOf(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

export class Session {
  /** @param {{readerKey: string | null, csrfToken: string, urls: {me: string, login: string,
   *   logout: string}}} of without a reader's key, it becomes that of whoever is logged in */
  constructor({ readerKey, csrfToken, urls }) {
    this.readerKey = readerKey;
    this.csrfToken = csrfToken;
    this.urls = urls;
  }

  get headers() {
    return { "X-CSRFToken": this.csrfToken, "X-Reader": this.readerKey };
  }

  /** Ask the server. @returns {Promise<string>} "same", "other", "none" or "unreachable" */
  async renew() {
    let response;
    try {
      response = await fetch(this.urls.me, { headers: { Accept: "application/json" } });
    } catch {
      return "unreachable";
    }
    const { csrf_token: csrfToken, reader_key: readerKey } = await jsonOf(response);
    if (!csrfToken) return "unreachable";
    this.csrfToken = csrfToken;
    if (!readerKey) return "none";
    this.readerKey ??= readerKey;
    return readerKey === this.readerKey ? "same" : "other";
  }

  /**
   * Log in without leaving the page; whoever else is logged in is logged out before.
   * @returns {Promise<{who: string, message?: string}>} who is logged in now, see `renew`
   */
  async logIn(login, password) {
    if ((await this.renew()) === "other") {
      await this.#post(this.urls.logout, {});
      await this.renew();
    }
    const response = await this.#post(this.urls.login, { login, password });
    const { form } = response ? await jsonOf(response) : {};
    const fields = Object.values(form?.fields ?? {});
    const [message] = [...(form?.errors ?? []), ...fields.flatMap(({ errors }) => errors)];
    return { who: await this.renew(), message };
  }

  #post(url, values) {
    return fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": this.csrfToken, "X-Requested-With": "XMLHttpRequest" },
      body: new URLSearchParams(values),
    }).catch(() => null);
  }
}
