import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore, StoredSession } from "../../../src/stores/store.js";
import { setup, visit } from "../support/fixture.js";

const url = await serviceUrl("redis");

/** The store as a client sees it that reads from a replica: until it catches up, what was there before the last change. */
function lagging(store: SessionStore) {
  let frozen: Map<string, StoredSession | undefined> | undefined;
  return {
    lag(): void {
      frozen = new Map();
    },
    catchUp(): void {
      frozen = undefined;
    },
    store: {
      kind: "redis",
      async read(key, options) {
        const known = frozen;
        if (known === undefined) return store.read(key, options);
        if (!known.has(key)) known.set(key, await store.read(key, options));
        return known.get(key);
      },
      write: (...args) => store.write(...args),
      touch: (...args) => store.touch(...args),
      remove: (...args) => store.remove(...args),
      close: () => store.close(),
    } satisfies SessionStore,
  };
}

describe.skipIf(url === "")("a session read from a replica that lags behind", () => {
  const open = () => {
    const replica = lagging(redisStore({ url, prefix: `lag:${process.pid}:` }));
    return { ...setup({ store: replica.store, clock: Date.now }), replica };
  };

  it("loses nothing: what was written meanwhile is merged", async () => {
    const { sessions, replica } = open();
    const cookie = await visit(sessions, undefined, (session) => {
      session.visits = 1;
    });
    replica.lag();
    await sessions.open(cookie);
    for (const sku of ["a", "b", "c"]) {
      await visit(sessions, cookie, (session) => {
        session.visits += 1;
        session.cart.push({ sku, quantity: 1 });
      });
    }
    replica.catchUp();
    const session = await sessions.open(cookie);
    expect([session.visits, session.cart.map(({ sku }) => sku)]).toEqual([4, ["a", "b", "c"]]);
    await sessions.close();
  });

  it("that was destroyed meanwhile is not brought back", async () => {
    const { sessions, replica } = open();
    const cookie = await visit(sessions, undefined, (session) => {
      session.user = "ada";
    });
    replica.lag();
    const late = await sessions.open(cookie);
    await visit(sessions, cookie, (session) => session.$destroy());
    const stale = await sessions.open(cookie);
    expect(stale.user).toBe("ada");
    for (const session of [late, stale]) {
      session.visits += 1;
      await expect(session.$commit()).rejects.toMatchObject({ code: "session/gone", status: 409 });
    }
    replica.catchUp();
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    await sessions.close();
  });
});
