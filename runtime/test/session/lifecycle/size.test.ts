import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { cookieStore } from "../../../src/transports/carrier.js";
import { cookieHeader, setup, visit } from "../support/fixture.js";

const large = "x".repeat(1000);

describe("a session that is too large", () => {
  it("is refused, by the name of its largest field and nothing of its value", async () => {
    const { sessions } = setup({ maxBytes: 500 });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1, user: "ada" }));
    const session = await sessions.open(cookie);
    session.$assign({ notice: "short", secret: large });
    const refused = await session.$commit().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "session/too-large", status: 500 });
    expect(String(refused)).toMatch(
      /would take \d+ bytes, and 500 are allowed; \d+ of them are the field secret/,
    );
    expect(String(refused)).not.toContain("xxx");
    expect((await sessions.open(cookie)).secret).toBeUndefined();
    session.secret = undefined;
    await session.$commit();
    expect((await sessions.open(cookie)).notice).toBe("short");
  });

  it("takes 1 MiB unless it is told otherwise, and what the backend takes if that is less", async () => {
    const small = setup({ store: Object.assign(memoryStore(), { maxBytes: 500 }) });
    const roomy = setup({ maxBytes: 4 * 2 ** 20 });
    const none = setup();
    const write = (sessions: typeof none.sessions, length: number) =>
      visit(sessions, undefined, (session) => session.$assign({ secret: "x".repeat(length) }));
    await expect(write(small.sessions, 501)).rejects.toMatchObject({ code: "session/too-large" });
    await expect(write(none.sessions, 2 ** 20)).rejects.toMatchObject({ code: "session/too-large" });
    await write(none.sessions, 2 ** 20 - 100);
    await write(roomy.sessions, 2 ** 20);
  });

  it("by what others have written meanwhile is refused as well", async () => {
    const { sessions } = setup({ maxBytes: 1800 });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const [one, other] = [await sessions.open(cookie), await sessions.open(cookie)];
    one.secret = large;
    other.notice = large;
    await one.$commit();
    await expect(other.$commit()).rejects.toMatchObject({ code: "session/too-large" });
  });

  it("and is stored all the same can be read, and be made smaller", async () => {
    const store = memoryStore();
    const before = setup({ store, clock: Date.now });
    const cookie = await visit(before.sessions, undefined, (session) =>
      session.$assign({ secret: large, notice: large, visits: 1 }),
    );
    const { sessions } = setup({ store, clock: Date.now, maxBytes: 500 });
    expect((await sessions.open(cookie)).secret).toBe(large);
    await expect(
      visit(sessions, cookie, (session) => session.$assign({ user: "ada" })),
    ).rejects.toMatchObject({
      code: "session/too-large",
    });
    await visit(sessions, cookie, (session) => session.$assign({ secret: undefined }));
    expect((await sessions.open(cookie)).visits).toBe(1);
  });

  it("for its cookie is refused again by the next commit, and nothing is changed twice", async () => {
    const { sessions } = setup({
      store: cookieStore({ secrets: ["a secret of at least thirty-two characters"] }),
    });
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ visits: 1 }));
    const session = await sessions.open(cookie);
    session.visits += 1;
    session.log = ["x".repeat(20_000)];
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(session.$commit()).rejects.toMatchObject({ code: "store/too-large" });
    expect(session.$headers).toEqual([]);
    session.log = ["short"];
    const after = await sessions.open(cookieHeader(await session.$commit()));
    expect([after.visits, after.log]).toEqual([2, ["short"]]);
  });

  it("for its cookie is no session that begins, or gets another id", async () => {
    const { sessions } = setup({
      store: cookieStore({ secrets: ["a secret of at least thirty-two characters"] }),
    });
    const session = await sessions.open(undefined);
    session.log = ["x".repeat(20_000)];
    await expect(session.$commit()).rejects.toMatchObject({ code: "store/too-large" });
    expect(session.$isNew).toBe(true);
    const cookie = await visit(sessions, undefined, (fresh) => fresh.$assign({ visits: 1 }));
    const moving = await sessions.open(cookie);
    const { $id: id } = moving;
    moving.$assign({ user: "ada", log: ["x".repeat(20_000)] });
    await expect(moving.$commit()).rejects.toMatchObject({ code: "store/too-large" });
    expect(moving.$id).toBe(id);
  });
});
