import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { foundKeys } from "../../../src/testing/found-keys.js";
import { cookieHeader, tag } from "../support/fixture.js";
import { open } from "../support/lookup-sessions.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sessgen-crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cluster = await serviceUrl("redis-cluster");

/** Changes the user of a session, or begins one, in a process that is killed between the two writes. */
function crash(kind: string, place: string, cookie: string, user: string): void {
  const { signal, stderr } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/tsx/dist/cli.mjs"),
      join(root, "runtime/test/session/support/crash.ts"),
      kind,
      place,
      cookie,
      user,
    ],
    { encoding: "utf8" },
  );
  // tsx passes the signal on, or says with which one its child has ended.
  expect(signal ?? stderr, stderr).toMatch(/SIGKILL|^$/);
}

describe.each([
  ["file", folder],
  ["redis-cluster", `${cluster} crash:${process.pid}:`],
])("killed between the index and the session: %s", (kind, place) => {
  const runs = kind === "file" || cluster !== "";

  it.runIf(runs)(
    "a session that was about to change hands is found for its user, and for nobody else",
    async () => {
      const { sessions, store, close } = await open(kind, place);
      const session = await sessions.open(undefined);
      session.user = "ada";
      const cookie = cookieHeader(await session.$commit());
      crash(kind, place, cookie, "eve");
      // An entry for eve may be there, and leads to a session of ada's.
      expect(await foundKeys(store, "user", "ada", { application: tag })).toHaveLength(1);
      expect(await sessions.count("user", "eve")).toBe(0);
      expect(await sessions.destroyBy("user", "eve")).toBe(0);
      expect(await sessions.count("user", "ada")).toBe(1);
      expect((await sessions.open(cookie)).user).toBe("ada");
      expect(await sessions.destroyBy("user", "ada")).toBe(1);
      await sessions.close();
      await close();
    },
  );

  it.runIf(runs)("a session that was about to begin is not there", async () => {
    const { sessions, close } = await open(kind, place);
    crash(kind, place, "", "bob");
    expect(await sessions.count("user", "bob")).toBe(0);
    const later = await sessions.open(undefined);
    later.user = "bob";
    await later.$commit();
    expect(await sessions.count("user", "bob")).toBe(1);
    await sessions.close();
    await close();
  });
});
