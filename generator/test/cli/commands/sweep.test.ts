import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { identityOf } from "@sessgen/runtime";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { application, config, project, runIn } from "../../support/project.js";
import { file, idOf, type Kind, redis, type Stored, sqlite, stored } from "../../support/stored.js";

const redisUrl = await serviceUrl("redis");

const { tag } = identityOf({ application });

/** Stores sessions that have expired. */
async function expire(user: Stored, count: number): Promise<void> {
  const store = user.open();
  for (let number = 0; number < count; number += 1) {
    const result = await store.write(`${tag}.old-${number}`, Uint8Array.of(1), {
      expect: "any",
      expiresAt: 1000,
    });
    expect(result.ok).toBe(true);
  }
  await store.close();
}

describe.each<[string, Kind]>([
  ["sqlite", sqlite],
  ["file", file],
])("sessgen sweep on %s", (_name, kind) => {
  it("deletes what has expired in batches, and nothing else", async () => {
    const user = await stored(kind);
    const cookie = user.begin("{ visits: 1 }");
    await expire(user, 25);
    expect(await user.sessgen("sweep", "--limit", "2", "--pause", "0")).toEqual({
      code: 0,
      out: "25 expired records deleted\n",
      err: "",
    });
    expect((await user.sessgen("sweep")).out).toBe("0 expired records deleted\n");
    expect((await user.sessgen("inspect", idOf(cookie))).code).toBe(0);
    await expire(user, 1);
    expect(JSON.parse((await user.sessgen("sweep", "--json")).out)).toMatchObject({
      ok: true,
      deleted: 1,
      interrupted: false,
    });
  });

  it("ends after a batch when it is interrupted", async () => {
    const user = await stored(kind);
    await expire(user, 5);
    const signal = AbortSignal.abort();
    expect(await runIn(user.root, ["sweep", "--limit", "2"], { signal })).toMatchObject({
      code: 0,
      out: "2 expired records deleted; interrupted, there may be more\n",
    });
    expect((await user.sessgen("sweep")).out).toBe("3 expired records deleted\n");
  });

  it("can be done by the application", async () => {
    const user = await stored(kind);
    await expire(user, 7);
    expect(user.app("result = await sessions.sweep({ limit: 3, pause: 0, share: 1 });")).toBe(7);
  });
});

describe("sessgen sweep", () => {
  it("is ended by Ctrl-C", async () => {
    const user = await stored(sqlite);
    await expire(user, 500);
    const bin = fileURLToPath(new URL("../../../src/bin.ts", import.meta.url));
    const child = spawn(
      process.execPath,
      ["--import", "tsx", bin, "sweep", "--limit", "1", "--pause", "50"],
      { cwd: user.root, stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env["PATH"] } },
    );
    let out = "";
    child.stdout.on("data", (data) => {
      if (out === "") child.kill("SIGINT");
      out += String(data);
    });
    const [code] = await once(child, "close");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^(\d+) of 500 records looked at, \1 expired ones deleted, about \d+ (second|minute)s? left\n\d+ expired records deleted; interrupted, there may be more\n$/,
    );
  });

  it.skipIf(redisUrl === "")("does nothing where the backend deletes by itself", async () => {
    const user = await stored(redis(redisUrl));
    expect(await user.sessgen("sweep")).toEqual({
      code: 0,
      out: "The backend redis deletes expired sessions by itself\n",
      err: "",
    });
  });

  it.each([
    ["--limit", "0"],
    ["--limit", "many"],
    ["--pause", "1.5"],
    ["--pause", "-1"],
    ["--share", "0"],
    ["--share", "101"],
  ])("refuses %s %s", async (option, value) => {
    const user = project({ "session.config.ts": config("a: z.string()", `backend: ${sqlite.code}`) });
    expect(await user.run("sweep", option, value)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/\[cli\/usage\]/),
    });
  });

  it("names what went wrong", async () => {
    const user = project({ "session.config.ts": config("a: z.string()", `backend: ${sqlite.code}`) });
    user.write({ "data/s.db": "" });
    expect(await user.run("sweep")).toMatchObject({
      code: 5,
      err: expect.stringContaining("[backend/not-migrated]"),
    });
  });
});
