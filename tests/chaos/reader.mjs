/**
 * A reader in a tab: the reading room's own modules, with nobody at the screen. Run in a page of
 * RadRate's by tests/chaos/ratings.py; the page has a binding `tell`.
 *
 * Every answer sheet follows from its id, so that what arrived can be checked from the id alone.
 */
async ({ readerKey, reading, cases, criteria, from, pace, ahead, think }) => {
  const load = (name) => import(`/static/js/rating/${name}.js`);
  const [{ openDatabase }, { Drafts }, { Outbox }, { Session }, { Tabs }, { newId }, { caseAt }] =
    await Promise.all(
      ["database", "drafts", "outbox", "session", "tabs", "identity", "cases"].map(load),
    );
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const database = await openDatabase();
  if (!database.persists) throw new Error("The browser keeps nothing.");
  const urls = { me: "/reading/me", login: "/accounts/login/", logout: "/accounts/logout/" };
  const session = new Session({ readerKey, csrfToken: "", urls });
  const outbox = new Outbox({ database, session, tabs: new Tabs(readerKey), pace });
  const drafts = new Drafts(database, readerKey);
  outbox.onSettled = ({ payload }, { kind }) => {
    if (kind !== "saved") tell("refused", payload.id, kind);
  };
  outbox.onSessionEnd = (who) => tell("session", readerKey, who);

  /** Wait until no more than so many sheets are on their way. */
  async function until(most) {
    while ((await outbox.entries()).length > most) await sleep(10);
  }

  /** The revision that the server has of a case, asked for until it tells. */
  async function revisionOf(place) {
    for (;;) {
      const item = await caseAt(cases[place].page_url).catch(() => null);
      if (item) return item.revision;
      await sleep(50);
    }
  }

  function sheetOf(id) {
    const digits = id.replaceAll("-", "");
    return criteria.map(({ criterion, image, values }, place) => ({
      criterion,
      image,
      value: values[parseInt(digits[place], 16) % values.length],
      not_applicable: false,
    }));
  }

  async function answer(place) {
    const id = newId();
    const answers = sheetOf(id);
    await drafts.put(cases[place].token, { revision: 0, answers: {}, comment: id, marks: [] });
    const payload = { id, revision: 0, answers, marks: [], comment: id };
    const times = { duration_ms: 1000, pauses: [], reason: "" };
    const entry = { ...cases[place], reading, number: place + 1, shown_at: Date.now() };
    const { isKept } = await outbox.add({ ...entry, payload: { ...payload, ...times } });
    if (!isKept) throw new Error("A sheet was not kept.");
    await tell("kept", id, place);
  }

  outbox.flush();
  await until(0);
  let place = from;
  while (place < cases.length && (await revisionOf(place)) > 0) place += 1;
  for (; place < cases.length; place += 1) {
    await answer(place);
    await sleep(Math.random() * think);
    await until(ahead);
  }
  await until(0);
  await tell("done", readerKey, cases.length);
};
