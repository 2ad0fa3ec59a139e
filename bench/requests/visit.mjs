// What every server of the bench does with its sessions, whatever library keeps them.

/** A session as a shop has one after a few minutes: some 500 bytes of JSON. */
export const login = {
  user: { id: "5e0bb1c4-6f4f-4d8e-9a51-6f8d5a0a3c11", name: "Ada Lovelace", roles: ["member", "admin"] },
  cart: Array.from({ length: 5 }, (_, index) => ({ sku: `sku-${index}-4711`, quantity: index + 1 })),
  visits: 0,
  theme: "dark",
};

export const routes = {
  /** Begins a session. */
  "/login": (session) => {
    Object.assign(session, structuredClone(login));
    return { ok: true };
  },
  /** Reads two fields. */
  "/read": (session) => ({ name: session.user?.name, theme: session.theme }),
  /** Changes one field. */
  "/write": (session) => {
    session.visits += 1;
    return { visits: session.visits };
  },
};

/** What the same routes answer where there are no sessions: what they cost is no session's. */
export const without = Object.fromEntries(
  Object.entries(routes).map(([path, route]) => {
    const session = structuredClone(login);
    return [path, () => route(session)];
  }),
);

/** Browsers at once, each with a session of its own. */
const BROWSERS = 100;

/**
 * Does as the bench says: so many requests for a path, in this very process, so that neither sockets nor a client are measured. Tells
 * how much processor time they took.
 *
 * @param handler - takes a request and a response of node:http
 */
export async function serve(handler, inject) {
  const browsers = Array.from({ length: BROWSERS }, () => ({ cookie: "" }));
  const get = async (browser, url) => {
    const headers = browser.cookie === "" ? {} : { cookie: browser.cookie };
    const { statusCode, headers: answered } = await inject(handler, { url, headers });
    if (statusCode !== 200) throw new Error(`${url}: ${statusCode}`);
    const cookies = [answered["set-cookie"] ?? []].flat();
    if (cookies.length > 0) browser.cookie = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
  };
  await Promise.all(browsers.map((browser) => get(browser, "/login")));
  process.on("message", async ({ path, count }) => {
    let left = count;
    const { user, system } = process.cpuUsage();
    await Promise.all(
      browsers.map(async (browser) => {
        while (left > 0) {
          left -= 1;
          await get(browser, path);
        }
      }),
    );
    const used = process.cpuUsage({ user, system });
    process.send({ microseconds: (used.user + used.system) / count });
  });
  process.on("disconnect", () => process.exit());
  process.send({ ready: true });
}
