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

/**
 * Serves on a port of its own, and tells the bench when it asks how much processor time was used
 * since it last asked.
 * @param server - of node:http
 */
export async function serve(server) {
  // Longer than the bench turns to others.
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  let before = process.cpuUsage();
  process.on("message", () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    process.send({ microseconds: user + system });
  });
  process.on("disconnect", () => process.exit());
  process.send({ port: server.address().port });
}
