import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quarantineKey, storeKey } from "@sessgen/runtime";
import { describe, expect, it } from "vitest";
import { application, config, project, runIn } from "../../support/project.js";
import { ada, idOf, sqlite, stored } from "../../support/stored.js";

const bin = fileURLToPath(new URL("../../../src/bin.ts", import.meta.url));

it("shows an encrypted session with the secrets of the environment", async () => {
  const env = { SECRET: "an encryption secret of at least 32 characters" };
  const user = await stored(
    { ...sqlite, env },
    {
      fields: '{ "user.id": { index: true }, visits: { encrypt: true } }',
      rest: ', serializer: "json", compression: true, encryption: { secrets: [env("SECRET")], payload: true }',
    },
  );
  const cookie = user.begin('{ user: { id: 42, name: "Ada" }, token: "t".repeat(2000), visits: 3 }');
  for (const argv of [[cookie], ["--by", "user.id=42"]]) {
    const { code, out } = await user.sessgen("inspect", ...argv);
    expect(out).toMatch(/^format +json, compressed, encrypted$/m);
    expect(code).toBe(0);
    expect(out).toContain("user    { id: 42, name: 'Ada' }");
    expect(out).toMatch(/visits {2}3/);
  }
});

it("shows what was kept aside of a session that the application could not read", async () => {
  const user = await stored(sqlite, { rest: ', onUnreadable: "quarantine"' });
  const cookie = user.begin(ada);
  const store = user.open();
  const key = storeKey(idOf(cookie), { application });
  await store.write(key, Buffer.from("{broken"), { expect: "any", expiresAt: Date.now() + 60_000 });
  expect((await user.sessgen("inspect", "--quarantined", cookie)).err).toContain("inspect/not-found");
  user.app(`result = (await sessions.open(${JSON.stringify(cookie)})).$isNew;`);
  // As Redis would show it, with the prefix before it.
  for (const argv of [[cookie], ["--key", key], ["--key", `session:${key}`]]) {
    const { code, out, err } = await user.sessgen("inspect", "--quarantined", ...argv);
    expect(out).toMatch(new RegExp(`^key +${quarantineKey(key)}$`, "m"));
    expect(out).toMatch(/^expires .*\(in 6 days\)$/m);
    expect(out).toMatch(/^bytes +7$/m);
    expect(out).toMatch(/^why +expected a session at byte 1 of the payload$/m);
    expect({ code, unreadable: err.includes("inspect/unreadable") }).toEqual({ code: 5, unreadable: true });
  }
  const { code, err } = await user.sessgen("inspect", "--quarantined", "--by", "user.id=42");
  expect({ code, usage: err.includes("cli/usage") }).toEqual({ code: 2, usage: true });
  await store.close();
});

it("finds a session by its id that has not come since the realm changed, and revoke removes it", async () => {
  const user = await stored(sqlite);
  const cookies = user.beginAll([ada, ada]);
  const text = user.read("session.config.ts");
  user.write({
    "session.config.ts": text.replace("schema:", 'realm: "two", previous: [{ realm: "" }], schema:'),
  });
  expect((await user.sessgen()).code).toBe(0);
  const [one = "", two = ""] = cookies;
  const shown = await user.sessgen("inspect", one);
  expect(shown.out).toContain("user    { id: 42, name: 'Ada' }");
  expect(shown.out).toMatch(new RegExp(`^key +${storeKey(idOf(one), { application })}$`, "m"));
  expect((await user.sessgen("revoke", two)).out).toBe("1 session removed\n");
  expect((await user.sessgen("inspect", two)).err).toContain("inspect/not-found");
});

describe("sessgen inspect", () => {
  // Of these, x is no option, v and h are the program's, c is the command's.
  it.each(["x", "v", "h", "c", "-"])("takes an id and a key that begin with -%s", async (letter) => {
    const user = await stored(sqlite);
    const store = user.open();
    const payload = new TextEncoder().encode("{}");
    const word = `-${letter}${"x".repeat(41)}`;
    for (const key of [word, storeKey(word, { application })])
      await store.write(key, payload, { expect: "absent", expiresAt: Date.now() + 60_000 });
    await store.close();
    expect((await user.sessgen("inspect", word)).out).toContain(
      `key        ${storeKey(word, { application })}\n`,
    );
    expect((await user.sessgen("inspect", "--key", word)).out).toContain(`key        ${word}\n`);
    expect((await user.sessgen("inspect", "--key", word)).code).toBe(0);
  });

  it("reads a value in the type of its field", async () => {
    const user = await stored(sqlite, {
      schema:
        'n: z.number(), b: z.bigint(), yes: z.boolean(), at: z.date(), role: z.enum(["admin", "member"]), "a=b": z.string(), secret: z.string()',
      fields:
        '{ n: { index: true }, b: { index: true }, yes: { index: true }, at: { index: true }, role: { index: true }, "a=b": { index: true }, secret: { index: "hashed", redact: true } }',
    });
    user.begin(
      '{ n: 1.5, b: 2n ** 70n, yes: false, at: new Date(0), role: "admin", "a=b": "c=d", secret: "s3cret" }',
    );
    for (const by of [
      "n=1.50",
      "b=1180591620717411303424",
      "yes=false",
      "at=1970-01-01T01:00:00+01:00",
      "role=admin",
      "a=b=c=d",
      "secret=s3cret",
    ]) {
      expect((await user.sessgen("inspect", "--by", by)).out, by).toMatch(/^1 session\n/);
    }
    for (const by of ["n=", "n=x", "b=1.5", "yes=maybe", "at=someday", "role=owner"]) {
      expect(await user.sessgen("inspect", "--by", by), by).toMatchObject({
        code: 2,
        err: expect.stringContaining("[inspect/invalid-value]"),
      });
    }
    expect((await user.sessgen("inspect", "--by", "role=owner")).err).toContain("one of: admin, member");
    expect(await user.sessgen("inspect", "--by", "user.id=1")).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /\[inspect\/no-index\][\s\S]*Use one of: n, b, yes, at, role, a=b, secret\./,
      ),
    });
  });

  it.each<[string, string[], string]>([
    ["nothing", [], "[cli/usage]"],
    ["two ways to name it", ["--key", "k", "--by", "user.id=1"], "[cli/usage]"],
    ["two ids", ["a", "b"], "[cli/usage]"],
    ["no value", ["--by", "user.id"], "[cli/usage]"],
    ["no id", ["hello-this-is-mine"], "[inspect/invalid-id]"],
  ])("refuses %s", async (_name, argv, want) => {
    const user = project({
      "session.config.ts": config("user: z.object({ id: z.int() })", `backend: ${sqlite.code}`),
    });
    const { code, err } = await user.run("inspect", ...argv);
    expect(code).toBe(2);
    expect(err).toContain(want);
    expect(err).not.toMatch(/hello|There is no command/);
  });

  it("needs the emitted module, as it is today", async () => {
    const user = await stored(sqlite);
    user.write({
      "session.config.ts": user
        .read("session.config.ts")
        .replace("fields: {", "fields: { visits: { index: true },"),
    });
    const refused = { code: 3, err: expect.stringContaining("[inspect/not-emitted]") };
    expect(await user.sessgen("inspect", "--by", "visits=1")).toMatchObject(refused);
    rmSync(join(user.root, "src/session"), { recursive: true });
    expect(await user.sessgen("inspect", "--key", "k")).toMatchObject(refused);
    expect((await user.sessgen("inspect", "--key", "k")).err).toContain("npx sessgen");
  });

  it("shows what the schema no longer knows by name only, and what is unreadable", async () => {
    const user = await stored(sqlite, { rest: ', serializer: "json"' });
    const store = user.open();
    const document = JSON.stringify({ $createdAt: 0, visits: "many", "old\u001b[31m": "s3cret" });
    await store.write("k", new TextEncoder().encode(document), {
      expect: "any",
      expiresAt: Date.now() + 90_000_000,
    });
    await store.close();
    const { code, out } = await user.sessgen("inspect", "--key", "k");
    expect(code).toBe(0);
    expect(out).toContain("  visits  [unreadable: expected a number at visits]\n");
    expect(out).toContain("not in the schema: 'old\\x1B[31m'\n");
    expect(out).not.toContain("s3cret");
    // Its absolute lifetime is over long ago, whatever the store says.
    expect(out).toMatch(/expires +1970-01-01T12:00:00.000Z \([\d,]+ days ago\)/);
  });

  it("uses colours on a terminal only", async () => {
    const user = await stored(sqlite);
    const cookie = user.begin(ada);
    expect((await user.sessgen("inspect", cookie)).out).not.toContain("\u001b[");
    const colored = await runIn(user.root, ["inspect", cookie], { env: { FORCE_COLOR: "1" } });
    expect(colored.out).toContain("\u001b[33m42\u001b[39m");
  });

  it("does not look where nobody can", async () => {
    for (const backend of ['{ kind: "memory" }', '{ kind: "cookie", secrets: [env("SECRET")] }']) {
      const user = project({ "session.config.ts": config("a: z.string()", `backend: ${backend}`) });
      const run = await runIn(user.root, ["inspect", "--key", "k"], { env: { SECRET: "s".repeat(32) } });
      expect(run).toMatchObject({ code: 3, err: expect.stringContaining("[backend/elsewhere]") });
    }
  });

  it("brings no database into being, and says what is missing", async () => {
    const user = project({ "session.config.ts": config("a: z.string()", `backend: ${sqlite.code}`) });
    await user.run();
    expect(await user.run("inspect", "--key", "k")).toMatchObject({
      code: 5,
      err: expect.stringContaining("[backend/missing-file]"),
    });
    expect(existsSync(join(user.root, "data"))).toBe(false);
    user.write({ "data/s.db": "" });
    expect(await user.run("inspect", "--key", "k")).toMatchObject({
      code: 5,
      err: expect.stringMatching(/\[backend\/not-migrated\][\s\S]*npx sessgen migrate/),
    });
    user.write({
      "data/s.db": "this is no database, but a text that is long enough to be looked at".repeat(9),
    });
    expect((await user.run("inspect", "--key", "k")).err).toMatch(/\[backend\/unavailable\]/);
  });

  it("says when the server is out of reach, without the password", async () => {
    const code = '{ kind: "redis", url: env("FAR_REDIS") }';
    const user = project({ "session.config.ts": config("a: z.string()", `backend: ${code}`) });
    await user.run();
    const { code: exit, err } = await runIn(user.root, ["inspect", "--key", "k"], {
      env: { FAR_REDIS: "redis://:s3cret@127.0.0.1:1" },
    });
    expect(exit).toBe(5);
    expect(err).toContain("[backend/unavailable]");
    expect(err).not.toMatch(/s3cret|^\s+at /m);
  });

  it("opens what a module of the application's own exports", async () => {
    const user = project({
      "session.config.ts": config("a: z.string()", 'backend: { kind: "unstorage", module: "./storage.ts" }'),
      "storage.ts":
        'import { createStorage } from "unstorage";\nimport driver from "unstorage/drivers/fs";\nexport default createStorage({ driver: driver({ base: new URL("data", import.meta.url).pathname }) });\n',
    });
    await user.run();
    expect((await user.run("inspect", "--key", "k")).err).toContain("[inspect/not-found]");
    // What the module keeps open does not hold the command.
    user.write({ "storage.ts": `${user.read("storage.ts")}setInterval(() => {}, 1000);\n` });
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", bin, "inspect", "--key", "k"],
      { cwd: user.root, encoding: "utf8", timeout: 80_000, env: { PATH: process.env["PATH"] } },
    );
    expect(stderr).toContain("[inspect/not-found]");
    expect(status).toBe(1);
  });
});
