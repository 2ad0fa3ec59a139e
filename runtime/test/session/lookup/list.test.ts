import { describe, expect, it } from "vitest";
import { fakeClock } from "../../../src/testing/index.js";
import { start, visit } from "../support/fixture.js";
import { sessionsOf, stores, watched } from "../support/lookup-stores.js";

const MINUTE = 60_000;

type Application = ReturnType<typeof sessionsOf>;

/** Logs in on a device of its own. */
function login(sessions: Application, name: string, notice?: string, permanent = false): Promise<string> {
  return visit(sessions, undefined, (session) => {
    session.$assign({ user: name, notice, secret: "s3cret" });
    if (permanent) session.$permanent = true;
  });
}

describe.each(stores)("sessions.list on %s", (_name, open) => {
  it("shows a user's sessions, the one used last in front, with what may be shown", async () => {
    const clock = fakeClock(start);
    const sessions = sessionsOf(await open(clock), { clock });
    const telephone = await login(sessions, "ada", "telephone", true);
    clock.advance(MINUTE);
    const laptop = await login(sessions, "ada", "laptop");
    await login(sessions, "eve", "tablet");
    clock.advance(20 * MINUTE);
    // Half of the idle time is gone: the session's end moves, and with it what is known of its use.
    await visit(sessions, laptop, (session) => void session.user);
    clock.advance(MINUTE);
    const current = await sessions.open(telephone);
    const listed = await sessions.list("user", "ada", { current });
    expect(listed).toEqual([
      {
        handle: expect.stringMatching(/^[\w-]{22}$/),
        createdAt: new Date(start + MINUTE),
        lastUsedAt: new Date(start + 21 * MINUTE),
        permanent: false,
        current: false,
        data: { visits: 0, notice: "laptop" },
      },
      {
        handle: expect.stringMatching(/^[\w-]{22}$/),
        createdAt: new Date(start),
        lastUsedAt: new Date(start),
        permanent: true,
        current: true,
        data: { visits: 0, notice: "telephone" },
      },
    ]);
    // Looking has shown nothing: a flash field is still there.
    expect((await sessions.open(laptop)).notice).toBe("laptop");
    expect(await sessions.list("user", "bob")).toEqual([]);
  });

  it("names them by what opens nothing, and is no key of the store", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const sessions = sessionsOf(store, { clock });
    const cookie = await login(sessions, "ada");
    const id = cookie.split("=")[1] ?? "";
    const [listed] = await sessions.list("user", "ada");
    const handle = listed?.handle ?? "";
    expect([id, ...store.written].filter((text) => text.includes(handle) || handle.includes(text))).toEqual(
      [],
    );
    for (const forged of [handle, handle.padEnd(43, "A"), store.written.at(-1) ?? ""])
      expect((await sessions.open(`__Host-session=${forged}`)).$isNew).toBe(true);
  });

  it("says no later time than that of its last use, near its absolute end, too", async () => {
    const clock = fakeClock(start);
    const lifetime = { idle: 30 * MINUTE, absolute: 60 * MINUTE };
    const sessions = sessionsOf(await open(clock), { clock, lifetime: { ...lifetime, permanent: lifetime } });
    const cookie = await login(sessions, "ada");
    for (const minutes of [15, 20]) {
      clock.advance(minutes * MINUTE);
      await visit(sessions, cookie, (session) => void session.user);
    }
    clock.advance(10 * MINUTE);
    const [listed] = await sessions.list("user", "ada");
    expect(listed?.lastUsedAt).toEqual(new Date(start + 30 * MINUTE));
  });
});

describe.each(stores)("sessions.revoke on %s", (_name, open) => {
  it("ends the one that is meant, and no other", async () => {
    const clock = fakeClock();
    const sessions = sessionsOf(await open(clock), { clock });
    const cookies = [await login(sessions, "ada", "a"), await login(sessions, "ada", "b")];
    const listed = await sessions.list("user", "ada");
    const meant = listed.find(({ data }) => data.notice === "a");
    const destroyed: unknown[] = [];
    sessions.on("destroyed", (event) => destroyed.push(event));
    const late = await sessions.open(cookies[0]);
    late.visits += 1;
    expect(await sessions.revoke(meant?.handle ?? "", { by: ["user", "ada"] })).toBe(true);
    expect(await sessions.revoke(meant?.handle ?? "", { by: ["user", "ada"] })).toBe(false);
    expect(destroyed).toEqual([{ by: "lookup" }]);
    const opened = await Promise.all(cookies.map((cookie) => sessions.open(cookie)));
    expect(opened.map(({ $isNew }) => $isNew)).toEqual([true, false]);
    await expect(late.$commit()).rejects.toMatchObject({ code: "session/gone" });
  });

  it("ends nothing of somebody else's, whatever handle is sent", async () => {
    const clock = fakeClock();
    const store = watched(await open(clock));
    const sessions = sessionsOf(store, { clock });
    const cookie = await login(sessions, "ada");
    await login(sessions, "eve");
    const [adas] = await sessions.list("user", "ada");
    const key = store.written.at(-2) ?? "";
    for (const handle of [adas?.handle ?? "", key, cookie.split("=")[1] ?? "", "", "*"])
      expect(await sessions.revoke(handle, { by: ["user", "eve"] })).toBe(false);
    expect(await sessions.count("user", "ada")).toBe(1);
    expect(await sessions.count("user", "eve")).toBe(1);
  });

  it("follows a session that is written meanwhile, and not one that has got another id", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const sessions = sessionsOf(store, { clock });
    const cookie = await login(sessions, "ada");
    let writes = 0;
    const admin = sessionsOf(
      {
        ...watched(store),
        async remove(key, options) {
          writes += 1;
          if (writes <= 3) await visit(sessions, cookie, (session) => session.$assign({ visits: writes }));
          return store.remove(key, options);
        },
      },
      { clock },
    );
    const [written] = await admin.list("user", "ada");
    expect(await admin.revoke(written?.handle ?? "", { by: ["user", "ada"] })).toBe(true);
    expect(writes).toBe(4);
    const later = await login(sessions, "ada");
    const [before] = await sessions.list("user", "ada");
    await visit(sessions, later, (session) => session.$regenerate());
    expect(await sessions.revoke(before?.handle ?? "", { by: ["user", "ada"] })).toBe(false);
    const [after] = await sessions.list("user", "ada");
    expect(await sessions.revoke(after?.handle ?? "", { by: ["user", "ada"] })).toBe(true);
  });

  it("gives up on one that changes whenever it is about to end", async () => {
    const clock = fakeClock();
    const store = await open(clock);
    const options = { clock, maxConflicts: 3 };
    const sessions = sessionsOf(store, options);
    const cookie = await login(sessions, "ada");
    let visits = 0;
    const admin = sessionsOf(
      {
        ...watched(store),
        async remove(key, given) {
          visits += 1;
          await visit(sessions, cookie, (session) => session.$assign({ visits }));
          return store.remove(key, given);
        },
      },
      options,
    );
    const [listed] = await admin.list("user", "ada");
    const by = { by: ["user", "ada"] } as const;
    await expect(admin.revoke(listed?.handle ?? "", by)).rejects.toMatchObject({ code: "session/conflict" });
    expect(await sessions.count("user", "ada")).toBe(1);
  });
});
