import { storeKey } from "@sessgen/runtime";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { application } from "../../support/project.js";
import { ada, file, idOf, type Kind, redis, sqlite, stored } from "../../support/stored.js";

const redisUrl = await serviceUrl("redis");
const kinds: [string, () => Kind][] = [
  ["sqlite", () => sqlite],
  ["file", () => file],
  ...(redisUrl === "" ? [] : [["redis", () => redis(redisUrl)] as [string, () => Kind]]),
];

describe.each(kinds)("sessgen inspect on %s", (_name, kind) => {
  it("shows a session by its cookie, its id and its key, and neither the id nor what is redacted", async () => {
    const user = await stored(kind());
    const cookie = user.begin(ada);
    const id = idOf(cookie);
    const key = storeKey(id, { application });
    const byId = await user.sessgen("inspect", id);
    expect(byId).toMatchObject({ code: 0, err: "" });
    expect(byId.out).toMatch(/^expires .*\(in 29 minutes\)$/m);
    const shown = byId.out
      .replace(/\d{4}-\S+Z \(.*\)/g, "<date>")
      .replace(/(?<=(?:bytes|version) +)\S+/g, "<some>");
    expect(shown.split("\n")).toEqual([
      `key        ${key}`,
      "created    <date>",
      "expires    <date>",
      "permanent  no",
      "format     packed",
      "bytes      <some>",
      "version    <some>",
      "fields",
      "  user    { id: 42, name: 'Ada' }",
      "  token   [redacted]",
      "  visits  3",
      "",
    ]);
    const others = [[cookie], [`${id}.signature`], [`${cookie}; Path=/`], ["--key", key]];
    for (const argv of others) {
      const { code, out } = await user.sessgen("inspect", ...argv);
      expect(code).toBe(0);
      expect(out).toContain(`key        ${key}`);
      expect(out).not.toContain(id);
      expect(out).not.toContain("s3cret");
    }
    const { session } = JSON.parse((await user.sessgen("inspect", id, "--json")).out);
    expect(session).toEqual({
      key,
      version: expect.any(String),
      bytes: expect.any(Number),
      format: "packed",
      isEncrypted: false,
      isCompressed: false,
      expiresAt: expect.stringMatching(/Z$/),
      createdAt: expect.stringMatching(/Z$/),
      permanent: false,
      fields: { user: { id: 42, name: "Ada" }, visits: 3 },
      redacted: ["token"],
      unreadable: {},
      unknown: [],
      unknownSlots: 0,
    });
  });

  it("lists the sessions of a value", async () => {
    const user = await stored(kind());
    const keys = user.beginAll([ada, ada]).map((cookie) => storeKey(idOf(cookie), { application }));
    user.begin('{ user: { id: 7, name: "Eve" } }');
    const { code, out } = await user.sessgen("inspect", "--by", "user.id=42");
    expect(code).toBe(0);
    expect(out).toMatch(/^2 sessions\n\nkey {8}/);
    for (const key of keys) expect(out).toContain(key);
    expect(out).not.toMatch(/Eve|s3cret/);
    expect(JSON.parse((await user.sessgen("inspect", "--by", "user.id=7", "--json")).out)).toMatchObject({
      count: 1,
      sessions: [{ fields: { user: { name: "Eve" } } }],
    });
    expect(await user.sessgen("inspect", "--by", "user.id=1")).toMatchObject({
      code: 0,
      out: "0 sessions\n",
    });
  });

  it("changes nothing", async () => {
    const user = await stored(kind(), {
      schema: "notice: z.string().optional()",
      fields: "{ notice: { flash: true } }",
    });
    const cookie = user.begin('{ notice: "Welcome" }');
    const store = user.open();
    const before = await store.read(storeKey(idOf(cookie), { application }));
    expect((await user.sessgen("inspect", cookie)).out).toContain("notice  'Welcome'");
    expect(await store.read(storeKey(idOf(cookie), { application }))).toEqual(before);
    await store.close();
  });

  it("says so when a session cannot be decoded", async () => {
    const user = await stored(kind());
    const store = user.open();
    await store.write("k", Uint8Array.of(0xc0, 0xff), { expect: "any", expiresAt: Date.now() + 60_000 });
    await store.close();
    const { code, out, err } = await user.sessgen("inspect", "--key", "k");
    expect(code).toBe(5);
    expect(out).toMatch(/^key {6}k\nexpires {2}.*\nformat {3}none that is known\nbytes {4}2\n/);
    expect(err).toContain("[inspect/unreadable]");
    expect(err).not.toMatch(/^\s+at /m);
    expect(JSON.parse((await user.sessgen("inspect", "--key", "k", "--json")).out)).toMatchObject({
      exitCode: 5,
      problems: [{ code: "inspect/unreadable" }],
      session: { key: "k", bytes: 2, format: null },
    });
  });

  it("does not find a session that is not there", async () => {
    const user = await stored(kind());
    const id = `-${"x".repeat(42)}`;
    for (const argv of [[id], [`${id}.signature`], ["--key", id], ["--key", "k"]]) {
      const { code, out, err } = await user.sessgen("inspect", ...argv);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain("[inspect/not-found]");
      expect(err).not.toContain("xxx");
    }
  });
});
