import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import session from "express-session";
import Keyv from "keyv";
import { describe, expect, it, onTestFinished } from "vitest";
import { expressStore } from "../../../src/adapters/express-session/from-express-store.js";
import { keyvStore } from "../../../src/stores/keyv/index.js";

/** Imports a module with that text as Node does: the runner of tests has another loader. */
function importing(text: string): () => Promise<never> {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-given-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "client.mjs"), text);
  writeFileSync(join(folder, "import.cjs"), 'module.exports = () => import("./client.mjs");');
  return createRequire(import.meta.url)(join(folder, "import.cjs"));
}

describe("a module that gives a client, and failed at its top-level await", () => {
  it("is said to be so, from the second time on", async () => {
    const keyv = importing('await Promise.reject(new Error("connect ECONNREFUSED, password=hunter2"));');
    const store = keyvStore({ keyv });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
    for (let count = 0; count < 2; count += 1) {
      const error = await store.read("a").catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: "store/failed-module",
        status: 503,
        message: expect.stringContaining("keyv store"),
      });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("hunter2");
    }
  });
});

describe("a function that gives a client", () => {
  it("and fails is called again, until it does not", async () => {
    let calls = 0;
    const store = keyvStore({
      keyv: async () => {
        calls += 1;
        if (calls < 3) throw new Error("not yet");
        return new Keyv();
      },
    });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    expect(await store.read("a")).toBeUndefined();
  });

  it("may be a store of express-session's", async () => {
    const store = expressStore({ store: async () => ({ default: new session.MemoryStore() }) });
    expect(await store.read("a")).toBeUndefined();
  });
});
