import { expect, it } from "vitest";
import {
  createSessions,
  type FieldDefinition,
  lookup,
  quarantineKey,
  type ReplayOutcome,
  type SessionDefinition,
  type SessionStore,
  storedSessions,
} from "../../../src/index.js";
import { memoryStore } from "../../../src/stores/memory/index.js";
import { application, fields, history, keyOf, Session, start, visit } from "../support/fixture.js";

/** Fields that take anything, as a deploy has them whose sessions the others cannot read; `log` ends. */
const wide = fields.map((field) => ({
  ...field,
  check: () => {},
  ...(field.name === "log" && { ttl: 60_000 }),
})) as SessionDefinition;
const narrow = fields.map((field) =>
  field.name === "log" ? { ...field, ttl: 60_000 } : field,
) as SessionDefinition;
const common = { application, history, Session } as const;

/** A session of whose fields one was set aside, since it was given up for another value. */
async function keptAside(
  name: "user" | "cart" | "log" | "secret",
  value: unknown,
  instead: (session: Session) => void,
) {
  const time = { now: start };
  const clock = () => time.now;
  const store = memoryStore({ clock });
  const open = (own: readonly FieldDefinition[]) =>
    createSessions<Session>({
      lookup,
      ...common,
      fields: own,
      store,
      clock,
      serializer: "json",
      onUnreadable: "quarantine",
    });
  const [writer, reader] = [open(wide), open(narrow)];
  const kept: string[] = [];
  const written = store.write.bind(store);
  Object.assign(store, {
    write: (...given: Parameters<SessionStore["write"]>) => {
      if (given[0].includes("quarantine-")) kept.push(given[0]);
      return written(...given);
    },
  });
  const cookie = await visit(writer, undefined, (session) => session.$assign({ visits: 1, [name]: value }));
  await visit(reader, cookie, instead);
  const [key = ""] = kept;
  const tool = (own: readonly FieldDefinition[]) =>
    storedSessions({ ...common, fields: own, store, clock, serializer: "json" });
  const without = tool(wide.filter((field) => field.name !== name));
  return { store, time, key, cookie, reader, writer, mended: tool(wide), same: tool(narrow), without };
}

const number = 7 as never;
it.each<[string, Parameters<typeof keptAside>, ReplayOutcome, unknown]>([
  ["an absent field", ["secret", number, (session) => session.$reset("secret")], "put-back", 7],
  [
    "a field with another value",
    ["secret", number, (session) => session.$assign({ secret: "new" })],
    "replaced",
    "new",
  ],
  [
    "whose session it is",
    ["user", number, (session) => session.$assign({ visits: 2, user: undefined })],
    "ended",
    undefined,
  ],
])("puts back %s, or leaves it: %#", async (_name, given, outcome, want) => {
  const { key, mended, same, writer, cookie, store } = await keptAside(...given);
  expect(await same.replay(key)).toBe(given[0] === "user" ? "ended" : "unreadable");
  expect(await mended.replay(key, { dryRun: true })).toBe(outcome);
  expect(await mended.replay(key)).toBe(outcome);
  expect((await writer.open(cookie))[given[0]]).toEqual(want);
  expect((await store.read(key)) === undefined).toBe(outcome === "put-back");
  expect(await mended.replay(key)).toBe(outcome === "put-back" ? "none" : outcome);
});

it("logs nobody in", async () => {
  const { key, mended, writer, cookie, store } = await keptAside("user", number, () => {});
  expect(key).toBe("");
  // Of a session that has none: as if it had been given up without another id.
  const other = await visit(writer, undefined, (session) => session.$assign({ user: number }));
  const [theirs, mine] = [other, cookie].map((one) => keyOf(one.split("=")[1] ?? "")) as [string, string];
  const payload = (await store.read(theirs))?.payload ?? new Uint8Array();
  await visit(writer, cookie, (session) => session.$assign({ visits: 3 }));
  const aside = `${quarantineKey(mine)}.abcdefgh`;
  const alone = Buffer.from(
    Buffer.from(payload)
      .toString()
      .replace(/"visits":\d+,?/, ""),
  );
  await store.write(aside, alone, { expect: "absent", expiresAt: start + 1000 });
  const current = (await store.read(mine))?.payload ?? new Uint8Array();
  const without = Buffer.from(
    Buffer.from(current)
      .toString()
      .replace(/,"user":7/, ""),
  );
  await store.write(mine, without, { expect: "any", expiresAt: start + 60_000 });
  expect(await mended.replay(aside)).toBe("privilege");
  expect((await writer.open(cookie)).user).toBe(undefined);
});

it("leaves what is of no field of the schema, for one that has the field again", async () => {
  const { key, mended, without } = await keptAside("secret", number, (session) => session.$reset("secret"));
  expect(await without.replay(key)).toBe("unreadable");
  expect(await mended.replay(key)).toBe("put-back");
});

it("brings back neither a value that has ended, nor a session", async () => {
  const late = await keptAside("log", "none", (session) => session.$reset("log"));
  late.time.now += 60_000;
  expect(await late.mended.replay(late.key)).toBe("ended");
  const over = await keptAside("secret", number, (session) => session.$reset("secret"));
  await visit(over.reader, over.cookie, (session) => session.$destroy());
  expect(await over.mended.replay(over.key)).toBe("ended");
  over.time.now += 20_000;
  expect(await over.mended.replay(over.key)).toBe("ended");
  expect(await over.store.read(keyOf(over.cookie.split("=")[1] ?? ""))).toBe(undefined);
});

it("keeps what others write meanwhile, and what is asked to be replaced goes", async () => {
  const { key, mended, reader, cookie, store, writer } = await keptAside("secret", number, (session) =>
    session.$assign({ secret: "new" }),
  );
  const written = store.write.bind(store);
  let first = true;
  Object.assign(store, {
    async write(...given: Parameters<SessionStore["write"]>) {
      if (first) {
        first = false;
        await visit(reader, cookie, (session) => session.$assign({ visits: 9 }));
      }
      return written(...given);
    },
  });
  expect(await mended.replay(key, { replace: true })).toBe("put-back");
  expect((await writer.open(cookie)).toJSON()).toMatchObject({ visits: 9 });
  expect((await writer.open(cookie)).secret).toBe(7);
});

it("does nothing to what is no quarantine", async () => {
  const { mended, cookie } = await keptAside("secret", number, (session) => session.$reset("secret"));
  expect(await mended.replay(keyOf(cookie.split("=")[1] ?? ""))).toBe("none");
});
