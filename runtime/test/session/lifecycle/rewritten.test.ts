import { expect, it } from "vitest";
import { isSessionKey, storedRewrites } from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import type { SessionStore, WriteResult } from "../../../src/stores/store.js";
import { application, fields, history, keyOf, setup, start, visit } from "../support/fixture.js";

/** A store whose sessions somebody writes anew whenever it is asked to. */
function rewritable() {
  const time = { now: start };
  const clock = () => time.now;
  const store = memoryStore({ clock });
  const rewrite = storedRewrites({ application, fields, history, clock, serializer: "json" });
  const rewriteAll = async (): Promise<number> => {
    let count = 0;
    for await (const page of store.list?.({ application: keyOf("").slice(0, 8) }) ?? []) {
      for (const { key, stored } of page.filter((entry) => isSessionKey(entry.key))) {
        const found = rewrite(stored.payload, key);
        if (found.kind !== "changed") continue;
        const { version, expiresAt } = stored;
        const result = await store.write(key, found.payload, { expect: version, expiresAt });
        if (result.ok) count += 1;
      }
    }
    return count;
  };
  return { time, clock, store, rewriteAll };
}

it("a session that is written anew meanwhile is touched all the same", async () => {
  const { time, clock, store, rewriteAll } = rewritable();
  const { sessions } = setup({ store, clock });
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  time.now += 20 * 60_000;
  const session = await sessions.open(cookie);
  expect(session.visits).toBe(1);
  expect(await rewriteAll()).toBe(1);
  await session.$commit();
  const stored = await store.read(keyOf(cookie.split("=")[1] ?? ""));
  expect(stored?.expiresAt).toBe(time.now + 30 * 60_000);
});

it("a session gets its new id though its copy is written anew in between", async () => {
  const { clock, store, rewriteAll } = rewritable();
  const { sessions } = setup({ store, clock });
  const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
  const key = keyOf(cookie.split("=")[1] ?? "");
  let rewritten = 0;
  // Just before the trace is left: the old session and the copy are both written anew.
  const between: SessionStore = {
    kind: store.kind,
    read: (...args) => store.read(...args),
    write: async (...args): Promise<WriteResult> => {
      if (args[0] === key && rewritten === 0) rewritten = await rewriteAll();
      return store.write(...args);
    },
    touch: (...args) => store.touch(...args),
    remove: (...args) => store.remove(...args),
    close: () => store.close(),
  };
  const moving = setup({ store: between, clock });
  const moved = await visit(moving.sessions, cookie, (session) => session.$regenerate());
  expect(rewritten).toBe(2);
  expect(moved).not.toBe(cookie);
  expect((await sessions.open(moved)).visits).toBe(1);
  expect((await sessions.open(cookie)).$isNew).toBe(true);
});
