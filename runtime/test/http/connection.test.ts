import { createServer, get } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ConnectOptions, connectSession, type SessionConnection } from "../../src/http/connection.js";
import { memoryStore } from "../../src/stores/memory/index.js";
import type { SessionStore } from "../../src/stores/store.js";
import { type Session, setup, visit } from "../session/support/fixture.js";
import { listen } from "./listen.js";

type Application = ReturnType<typeof setup>["sessions"];

const minute = 60_000;
const lifetime = { idle: minute, absolute: minute, permanent: { idle: minute, absolute: minute } };

/** Two processes on one store. */
function processes(store: SessionStore = memoryStore(), options: Parameters<typeof setup>[0] = {}) {
  const all = { store, clock: Date.now, ...options };
  return { here: setup(all).sessions, there: setup(all).sessions };
}

/** Connects with a cookie, by a request that is not answered before the test ends. */
async function connect(sessions: Application, cookie: string, options?: ConnectOptions) {
  let ended = 0;
  let opened: (connection: SessionConnection<Session>) => void;
  let failed: (error: unknown) => void;
  const connection = new Promise<SessionConnection<Session>>((resolve, reject) => {
    opened = resolve;
    failed = reject;
  });
  const server = createServer((request) => {
    connectSession(
      sessions,
      request,
      () => {
        ended += 1;
      },
      options,
    ).then(opened, failed);
  });
  const request = get({ port: await listen(server), host: "127.0.0.1", headers: { cookie } });
  request.on("error", () => {});
  onTestFinished(() => void request.destroy());
  const { open, release, session } = await connection;
  onTestFinished(release);
  return { open, release, session, ended: () => ended };
}

const login = (sessions: Application): Promise<string> =>
  visit(sessions, undefined, (session) => {
    session.user = "ada";
  });

const often = { every: 10 };
const seldom = { every: 100 * minute };

describe("a connection", () => {
  it.each<[string, { given: (application: Application, cookie: string) => Promise<unknown> }]>([
    ["is destroyed", { given: async (all, cookie) => (await all.open(cookie)).$destroy() }],
    [
      "gets a new id",
      {
        given: (all, cookie) =>
          visit(all, cookie, (session) => {
            session.user = "grace";
          }),
      },
    ],
    ["ends with all others", { given: (all) => all.revokeAll() }],
  ])(
    "is told once that its session %s: at once by this process, by others when it looks",
    async (_name, { given }) => {
      const { here, there } = processes();
      const cookie = await login(here);
      const [told, looking, unaware] = [
        await connect(here, cookie, seldom),
        await connect(there, cookie, often),
        await connect(there, cookie, seldom),
      ];
      expect(told.session.user).toBe("ada");
      await given(here, cookie);
      await expect.poll(told.ended).toBe(1);
      // What another process did with all at once is known within 5 seconds.
      await expect.poll(looking.ended).toBe(1);
      expect(unaware.ended()).toBe(0);
      // Whoever opens it finds out, too.
      expect((await unaware.open()).user).toBeUndefined();
      expect([told.ended(), looking.ended(), unaware.ended()]).toEqual([1, 1, 1]);
    },
  );

  it("is told when its session expires, and not before", async () => {
    const short = { ...lifetime, idle: 1000, absolute: 1000 };
    // On a busy machine it would be over before there is a connection: time stands still until then.
    const begun = Math.floor(Date.now() / 1000) * 1000;
    let connected = Number.POSITIVE_INFINITY;
    const clock = () => begun + Math.max(0, Date.now() - connected);
    const { here } = processes(memoryStore({ clock }), { lifetime: short, clock });
    const cookie = await login(here);
    const { ended, session } = await connect(here, cookie, seldom);
    connected = Date.now();
    await expect.poll(ended, { interval: 5 }).toBe(1);
    expect(clock()).toBeGreaterThanOrEqual(session.$expiresAt.getTime());
  });

  it("stays while the store is out of reach, and is told when it is back", async () => {
    let isDown = false;
    let refused = 0;
    const inner = memoryStore();
    const store: SessionStore = {
      ...inner,
      kind: inner.kind,
      read: async (...args) => {
        if (!isDown) return inner.read(...args);
        refused += 1;
        throw new Error("down");
      },
      write: (...args) => inner.write(...args),
      touch: (...args) => inner.touch(...args),
      remove: (...args) => inner.remove(...args),
      close: () => inner.close(),
    };
    const { here, there } = processes(store);
    const cookie = await login(here);
    const { ended, open } = await connect(there, cookie, often);
    const session = await here.open(cookie);
    isDown = true;
    await expect.poll(() => refused).toBeGreaterThan(3);
    await expect(open()).rejects.toMatchObject({ code: "store/unavailable" });
    await session.$destroy();
    expect(ended()).toBe(0);
    isDown = false;
    await expect.poll(ended).toBe(1);
  });

  it("is not told after it was released", async () => {
    const { here } = processes();
    const cookie = await login(here);
    const [released, other] = [await connect(here, cookie, often), await connect(here, cookie, seldom)];
    released.release();
    await (await here.open(cookie)).$destroy();
    await expect.poll(other.ended).toBe(1);
    await released.open();
    expect(released.ended()).toBe(0);
  });

  it("of a visitor without a session is told nothing", async () => {
    const { here } = processes();
    const { ended, open, session } = await connect(here, "", often);
    expect(session.$isNew).toBe(true);
    await here.revokeAll();
    expect((await open()).$isNew).toBe(true);
    expect(ended()).toBe(0);
  });

  it("may change its session, but for what needs a cookie", async () => {
    const { here } = processes();
    const cookie = await login(here);
    const { open, ended } = await connect(here, cookie, seldom);
    const session = await open();
    session.visits += 1;
    await session.$commit();
    expect((await here.open(cookie)).visits).toBe(1);
    await expect(session.$regenerate()).rejects.toMatchObject({ code: "session/headers-sent" });
    const stranger = await (await connect(here, "", seldom)).open();
    expect(() => {
      stranger.visits += 1;
    }).toThrow(expect.objectContaining({ code: "session/headers-sent" }));
    // It may still end it.
    await session.$destroy();
    await expect.poll(ended).toBe(1);
  });
});
