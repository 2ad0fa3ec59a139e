import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientsOf } from "../../../test/frameworks/client.js";
import { enterFolder, type Folder } from "../../../test/frameworks/folder.js";
import type { Running } from "../../../test/frameworks/host.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";

const project = fileURLToPath(new URL("nitro", import.meta.url));
const built = fileURLToPath(new URL("../dist/nitro", import.meta.url));
const nitro = fileURLToPath(
  import.meta.resolve("nitro/package.json").replace("package.json", "dist/cli/index.mjs"),
);

let folder: Folder;
let running: Running;
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [nitro, "build"], { cwd: project });
  folder = await enterFolder(import.meta.url);
  running = await ownProcess(pathToFileURL(join(process.cwd(), "test/")).href, {
    command: [process.execPath, join(built, "server/index.mjs")],
    // It says where it listens, but in tests.
    env: { TEST: "" },
  });
});
afterAll(async () => {
  await running?.close();
  folder?.leave();
});

describe("under Nitro, the middleware", () => {
  it("counts visits, and gives a new id at login", async () => {
    const visitor = clientsOf(running.origin)();
    expect(await visitor.get("/")).toEqual({ visits: 1 });
    const before = await visitor.cookie();
    const body = JSON.stringify({ name: "Ada" });
    expect((await visitor.send("/login", { method: "POST", body })).status).toBe(204);
    expect(await visitor.cookie()).not.toBe(before);
    expect(await visitor.get("/")).toEqual({ name: "Ada", visits: 2 });
  });

  it("saves what was written before an error that Nitro answers", async () => {
    const visitor = clientsOf(running.origin)();
    const response = await visitor.send("/error");
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ status: 500 })]);
    expect(await visitor.get("/")).toEqual({ visits: 2 });
  });

  it("gives a request of the server to itself the session of the one that it answers", async () => {
    const visitor = clientsOf(running.origin)();
    expect(await visitor.get("/self")).toEqual({ visits: 2 });
    expect(await visitor.get("/")).toEqual({ visits: 3 });
  });

  it("skips who is to have no session", async () => {
    expect(await clientsOf(running.origin)().get("/health")).toEqual({ disabled: true });
  });

  it("answers 503 without a store", async () => {
    const visitor = clientsOf(running.origin)();
    await withoutStore(folder.database, async () => expect((await visitor.send("/")).status).toBe(503));
    expect(await visitor.get("/")).toEqual({ visits: 1 });
  });
});
