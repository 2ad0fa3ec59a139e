import { rmSync } from "node:fs";
import { join } from "node:path";
import { storeKey } from "@sessgen/runtime";
import { describe, expect, it, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { application, config, project, runIn } from "../../support/project.js";
import { ada, file, idOf, type Kind, redis, type Stored, sqlite, stored } from "../../support/stored.js";
import { onTerminal } from "../../support/terminal.js";

const redisUrl = await serviceUrl("redis");
const kinds: [string, () => Kind][] = [
  ["sqlite", () => sqlite],
  ["file", () => file],
  ...(redisUrl === "" ? [] : [["redis", () => redis(redisUrl)] as [string, () => Kind]]),
];

const eve = '{ user: { id: 7, name: "Eve" } }';

/** How many of these sessions the application still finds. */
function alive(user: Stored, cookies: readonly string[]): unknown {
  return user.app(
    `const opened = await Promise.all(${JSON.stringify(cookies)}.map((cookie) => sessions.open(cookie)));\nresult = opened.map((session) => !session.$isNew);`,
  );
}

describe.each(kinds)("sessgen revoke on %s", (_name, kind) => {
  it("removes a session by its cookie, its id or its key", async () => {
    const user = await stored(kind());
    const cookies = user.beginAll([ada, ada, eve, eve]);
    const [one = "", two = "", three = ""] = cookies;
    const removed = { code: 0, out: "1 session removed\n", err: "" };
    expect(await user.sessgen("revoke", one)).toEqual(removed);
    expect(await user.sessgen("revoke", idOf(two))).toEqual(removed);
    expect(await user.sessgen("revoke", "--key", storeKey(idOf(three), { application }))).toEqual(removed);
    expect(alive(user, cookies)).toEqual([false, false, false, true]);
    expect(await user.sessgen("revoke", one)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("[revoke/not-found]"),
    });
  });

  it("removes all sessions of a user, except the one that stays", async () => {
    const user = await stored(kind());
    const cookies = user.beginAll([ada, ada, ada, eve]);
    const by = ["revoke", "--by", "user.id=42"];
    const except = ["--except", cookies[0] ?? ""];
    expect((await user.sessgen(...by, "--dry-run")).out).toBe("3 sessions would be removed\n");
    expect((await user.sessgen(...by, ...except, "--dry-run")).out).toBe("2 sessions would be removed\n");
    expect(alive(user, cookies)).toEqual([true, true, true, true]);
    expect(await user.sessgen(...by, ...except)).toEqual({ code: 0, out: "2 sessions removed\n", err: "" });
    expect(alive(user, cookies)).toEqual([true, false, false, true]);
    expect(JSON.parse((await user.sessgen(...by, "--json")).out)).toMatchObject({ found: 1, removed: 1 });
    expect(await user.sessgen(...by)).toEqual({ code: 0, out: "0 sessions removed\n", err: "" });
    expect(alive(user, cookies)).toEqual([false, false, false, true]);
  });

  it("says how far it is, where that takes long", async () => {
    const user = await stored(kind());
    user.beginAll([ada, ada, ada, eve]);
    const now = Date.now;
    let passed = 0;
    vi.spyOn(Date, "now").mockImplementation(() => {
      passed += 2000;
      return now() + passed;
    });
    const { code, out, err } = await user.sessgen("revoke", "--by", "user.id=42");
    vi.restoreAllMocks();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.trimEnd().split("\n");
    expect(lines.slice(0, 3)).toEqual(["1 sessions found", "2 sessions found", "3 sessions found"]);
    expect(lines.at(-2)).toMatch(/^3 of 3 sessions removed, about \d+ seconds? left$/);
    expect(lines.at(-1)).toBe("3 sessions removed");
  });

  it("logs everybody out, and whoever comes later stays", async () => {
    const user = await stored(kind());
    const cookies = user.beginAll([ada, eve]);
    expect(await user.sessgen("revoke", "--all", "--dry-run")).toEqual({
      code: 0,
      out: "Everybody would be logged out\n",
      err: "",
    });
    expect(alive(user, cookies)).toEqual([true, true]);
    expect(await user.sessgen("revoke", "--all")).toEqual({
      code: 0,
      out: "Everybody is logged out within 5 seconds\n",
      err: "",
    });
    expect(alive(user, cookies)).toEqual([false, false]);
    expect((await user.sessgen("inspect", "--by", "user.id=42")).out).toBe("0 sessions\n");
    expect((await user.sessgen("inspect", cookies[0] ?? "")).err).toContain("[inspect/not-found]");
    const later = user.begin(ada);
    expect(alive(user, [later])).toEqual([true]);
    expect(JSON.parse((await user.sessgen("revoke", "--all", "--json")).out)).toMatchObject({ all: true });
    expect(alive(user, [later])).toEqual([false]);
  });

  it("removes what cannot be decoded", async () => {
    const user = await stored(kind());
    const store = user.open();
    await store.write("k", Uint8Array.of(0xc0), { expect: "any", expiresAt: Date.now() + 60_000 });
    expect((await user.sessgen("revoke", "--key", "k", "--dry-run")).out).toBe(
      "1 session would be removed\n",
    );
    expect(await store.read("k")).toBeDefined();
    expect((await user.sessgen("revoke", "--key", "k")).code).toBe(0);
    expect(await store.read("k")).toBeUndefined();
    await store.close();
    expect((await user.sessgen("revoke", "--key", "k", "--dry-run")).code).toBe(1);
  });
});

describe("sessgen revoke on a terminal", () => {
  const by = ["revoke", "--by", "user.id=42"];

  it("asks before it removes several", async () => {
    const user = await stored(sqlite);
    const cookies = user.beginAll([ada, ada]);
    for (const no of ["n", "\r", "\u0003"]) {
      const { code, out } = await onTerminal(user.root, no, by);
      expect(code).toBe(2);
      expect(out).toContain("Nothing was removed");
    }
    expect(alive(user, cookies)).toEqual([true, true]);
    expect((await onTerminal(user.root, "", [...by, "--dry-run"])).asked).toBe(false);
    const yes = await onTerminal(user.root, "y", by);
    expect(yes.code).toBe(0);
    expect(yes.out).toContain("2 sessions removed\n");
    expect(alive(user, cookies)).toEqual([false, false]);
  });

  it("asks before it logs everybody out", async () => {
    const user = await stored(sqlite);
    const cookies = [user.begin(ada)];
    const no = await onTerminal(user.root, "n", ["revoke", "--all"]);
    expect([no.asked, no.code]).toEqual([true, 2]);
    expect(no.out).toContain("Nobody was logged out");
    expect(alive(user, cookies)).toEqual([true]);
    const yes = await onTerminal(user.root, "y", ["revoke", "--all"]);
    expect([yes.asked, yes.code]).toEqual([true, 0]);
    expect(alive(user, cookies)).toEqual([false]);
    expect((await onTerminal(user.root, "", ["revoke", "--all", "--yes"])).asked).toBe(false);
  });

  it("does not ask for one, nor with --yes or --json", async () => {
    const user = await stored(sqlite);
    user.begin(ada);
    expect(await onTerminal(user.root, "", by)).toEqual({
      code: 0,
      asked: false,
      out: "1 session removed\n",
    });
    for (const flag of ["--yes", "--json"]) {
      user.beginAll([ada, ada]);
      expect(await onTerminal(user.root, "", [...by, flag])).toMatchObject({ code: 0, asked: false });
    }
    expect((await user.sessgen(...by)).out).toBe("0 sessions removed\n");
  });
});

describe("sessgen revoke", () => {
  it.each<[string, string[], string]>([
    ["nothing", [], "[cli/usage]"],
    ["--except without --by", ["--key", "k", "--except", "x".repeat(43)], "[cli/usage]"],
    ["something else than an id", ["no-id"], "[inspect/invalid-id]"],
    ["something else than an id to stay", ["--by", "user.id=1", "--except", "no-id"], "[inspect/invalid-id]"],
    ["a field without an index", ["--by", "visits=1"], "[inspect/no-index]"],
    ["--all beside a session", ["--all", "--key", "k"], "[cli/usage]"],
    ["--all beside a user", ["--all", "--by", "user.id=1"], "[cli/usage]"],
  ])("refuses %s", async (_name, argv, want) => {
    const user = await stored(sqlite);
    expect(await user.sessgen("revoke", ...argv)).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining(want),
    });
  });

  it("needs the emitted module for --by, and not for a key", async () => {
    const user = await stored(sqlite);
    const cookie = user.begin(ada);
    rmSync(join(user.root, "src/session"), { recursive: true });
    expect((await user.sessgen("revoke", "--by", "user.id=42")).err).toContain("[inspect/not-emitted]");
    expect((await user.sessgen("revoke", cookie)).code).toBe(0);
    expect((await user.sessgen("revoke", "--all")).code).toBe(0);
  });

  it.each<[string, string, string]>([
    ["a store without the writes for it", '{ kind: "unstorage", module: "./storage.ts" }', "revoke/no-all"],
    ["sessions in cookies", '{ kind: "cookie", secrets: [env("SECRET")] }', "backend/elsewhere"],
  ])("says that --all is not for %s", async (_name, backend, want) => {
    const user = project({
      "session.config.ts": config("a: z.string()", `backend: ${backend}`),
      "storage.ts": 'import { createStorage } from "unstorage";\nexport default createStorage();\n',
    });
    const { code, err } = await runIn(user.root, ["revoke", "--all"], { env: { SECRET: "s".repeat(32) } });
    expect([code, err]).toEqual([3, expect.stringContaining(`[${want}]`)]);
  });
});
