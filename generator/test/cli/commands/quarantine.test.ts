import { join } from "node:path";
import {
  createSessions,
  lookup,
  quarantineKey,
  type SessionBase,
  type SessionStore,
  type Sessions,
  storeKey,
} from "@sessgen/runtime";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { application, config, project, runIn } from "../../support/project.js";
import { idOf, type Kind, redis, sqlite } from "../../support/stored.js";

interface Fields {
  cart: { sku: string; size?: number }[];
  note: { text: string; size?: number };
  user?: { id: string; size?: number };
}
type Session = SessionBase<Fields> & Fields;

const redisUrl = await serviceUrl("redis");
const kinds: [string, () => Kind][] = [["sqlite", () => sqlite]];
if (redisUrl !== "") kinds.push(["redis", () => redis(redisUrl)]);

/** A project whose schema changes, on one backend. */
async function application_(kind: Kind) {
  const user = project();
  const sessgen = (...argv: string[]) => runIn(user.root, argv, { env: kind.env });
  let releases = 0;
  return {
    sessgen,
    /** Emits the module with what is said of `size`, and opens its sessions. */
    async release(size: string, store: SessionStore): Promise<Sessions<Session>> {
      releases += 1;
      const object = (member: string): string => `z.object({ ${member}: z.string()${size} })`;
      user.write({
        "session.config.ts": config(
          `cart: z.array(${object("sku")}).default([]), note: ${object("text")}.optional(), user: ${object("id")}.optional()`,
          `fields: { cart: { merge: { union: "sku" } }, user: { regenerate: "on-change" } }, output: "src/v${releases}", onUnreadable: "quarantine", backend: ${kind.code}`,
        ),
      });
      for (const command of ["generate", "migrate"]) expect((await sessgen(command)).err).toBe("");
      const folder = join(user.root, `src/v${releases}`);
      const { Session } = await import(`${folder}/session.ts`);
      const { fields, history } = await import(`${folder}/fields.ts`);
      return createSessions({
        lookup,
        application,
        Session,
        fields,
        history,
        store,
        onUnreadable: "quarantine",
      });
    },
    open: () => kind.open(user.root),
  };
}

async function visit(
  sessions: Sessions<Session>,
  cookie: string | undefined,
  change: (session: Session) => unknown,
) {
  const session = await sessions.open(cookie);
  await change(session);
  const [set = cookie ?? ""] = await session.$commit();
  return set.split(";")[0] ?? "";
}

describe.each(kinds)("sessgen quarantine on %s", (_name, kind) => {
  it("lists what was kept aside, puts it back once it can be read, and removes the rest", async () => {
    const app = await application_(kind());
    const store = app.open();
    const older = await app.release("", store);
    const first = { cart: [{ sku: "a" }], note: { text: "s3cret" }, user: { id: "ada" } };
    const cookie = await visit(older, undefined, (session) => session.$assign(first));
    const newer = await app.release(", size: z.int()", store);
    const change = (session: Session) => {
      session.cart.push({ sku: "b", size: 1 });
      session.$assign({ note: session.note ?? { text: "n", size: 2 } });
    };
    await expect(visit(newer, cookie, change)).rejects.toMatchObject({ code: "session/substitute" });
    await visit(newer, cookie, change);
    expect((await app.sessgen("quarantine", "replay")).out).toMatch(
      /still cannot be read[\s\S]*^0 of 2 pieces put back$/m,
    );
    const moved = await visit(newer, cookie, (session) => session.$assign({ user: { id: "bob", size: 3 } }));
    const key = storeKey(idOf(cookie), { application });

    const listed = await app.sessgen("quarantine", "list");
    expect(listed).toMatchObject({ code: 0, err: "" });
    expect(listed.out).toMatch(
      new RegExp(
        `^${quarantineKey(key)}\\.[\\w-]{8} {2}cart: expected a required property at byte \\d+ of the payload, until 20`,
        "m",
      ),
    );
    expect(listed.out).toMatch(/^3 pieces kept aside$/m);
    expect(listed.out).not.toContain("s3cret");
    const { kept } = JSON.parse((await app.sessgen("quarantine", "list", "--json")).out);
    expect(kept.map(({ fields }: { fields: { name: string }[] }) => fields[0]?.name).sort()).toEqual([
      "cart",
      "note",
      "user",
    ]);
    // What is kept outlives its session.
    for (const { expiresAt } of kept)
      expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(6 * 24 * 3_600_000);
    const shown = await app.sessgen("inspect", "--quarantined", "--key", key);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/^3 fields$/m);
    expect(shown.out).toMatch(/^ {2}note {2}\[unreadable: expected a required property/m);
    // Another id: what is kept is of the one before, which has ended.
    const mended = await app.release(", size: z.int().optional()", store);
    expect((await app.sessgen("quarantine", "replay", cookie)).out).toMatch(
      /^(?:.*its session, or the value, has ended\n){3}0 of 3/,
    );
    expect((await app.sessgen("quarantine", "empty", "--key", key, "--dry-run")).out).toBe(
      "3 pieces would be removed\n",
    );
    expect((await app.sessgen("quarantine", "empty", "--key", key)).out).toBe("3 pieces removed\n");
    expect((await app.sessgen("quarantine", "list")).out).toBe("0 pieces kept aside\n");
    expect(await app.sessgen("quarantine", "replay")).toMatchObject({
      code: 1,
      err: expect.stringContaining("quarantine/not-found"),
    });

    // One that stayed where it is.
    const other = await visit(older, undefined, (session) => session.$assign(first));
    await expect(visit(newer, other, change)).rejects.toMatchObject({ code: "session/substitute" });
    await visit(newer, other, change);
    const tried = await app.sessgen("quarantine", "replay", "--dry-run");
    expect(tried.out).toMatch(/merged with what the session has by now/);
    expect(tried.out).toMatch(/has another value by now/);
    expect(tried.out).toMatch(/^1 of 2 pieces could be put back$/m);
    expect((await app.sessgen("quarantine", "replay", "--json")).out).toContain('"merged": 1');
    const read = (await mended.open(other)).toJSON();
    expect(read.cart?.map(({ sku }) => sku).sort()).toEqual(["a", "b"]);
    expect(read.note).toEqual({ text: "n", size: 2 });
    expect((await app.sessgen("quarantine", "replay", "--replace")).out).toMatch(/^1 of 1 piece put back$/m);
    expect((await mended.open(other)).note).toEqual({ text: "s3cret" });
    expect((await mended.open(moved)).user).toEqual({ id: "bob", size: 3 });
    await store.close();
  });

  it("has sessions as a whole, too", async () => {
    const app = await application_(kind());
    const store = app.open();
    const sessions = await app.release("", store);
    const cookie = await visit(sessions, undefined, (session) => session.$assign({ user: { id: "ada" } }));
    const key = storeKey(idOf(cookie), { application });
    const payload = (await store.read(key))?.payload ?? new Uint8Array();
    await store.write(key, Buffer.from("{broken"), { expect: "any", expiresAt: Date.now() + 60_000 });
    expect((await sessions.open(cookie)).$isNew).toBe(true);
    expect((await app.sessgen("quarantine", "list")).out).toMatch(
      /a session of 7 bytes: expected a session at byte 1 of the payload, until/,
    );
    expect((await app.sessgen("quarantine", "replay", cookie)).out).toMatch(/still cannot be read/);
    // Somebody mends both.
    for (const one of [key, quarantineKey(key)])
      await store.write(one, payload, { expect: "any", expiresAt: Date.now() + 60_000 });
    expect((await app.sessgen("quarantine", "replay", cookie)).out).toMatch(/there already/);
    expect(await store.read(quarantineKey(key))).toBe(undefined);
    await store.close();
  });
});

it("says where nobody can list", async () => {
  const user = project({
    "session.config.ts": config("a: z.string()", 'backend: { kind: "file", directory: "data" }'),
  });
  await user.run("generate");
  expect(await user.run("quarantine", "list")).toMatchObject({
    err: expect.stringContaining("[backend/no-listing]"),
  });
  expect(await user.run("quarantine", "show")).toMatchObject({
    code: 2,
    err: expect.stringContaining("[cli/usage]"),
  });
});
