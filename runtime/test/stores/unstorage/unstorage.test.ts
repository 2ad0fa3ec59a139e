import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import redisDriver from "unstorage/drivers/redis";
import { afterAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { unstorageStore } from "../../../src/stores/unstorage/index.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";

const root = mkdtempSync(join(tmpdir(), "sessgen-unstorage-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => {
  folders += 1;
  return join(root, String(folders));
};
const write = { expect: "any", expiresAt: Date.UTC(2100, 0, 1) } as const;
const index = "unstorage finds values by their key alone";

const drivers = {
  memory: () => createStorage(),
  fs: () => createStorage({ driver: fsDriver({ base: newFolder() }) }),
};
for (const [name, create] of Object.entries(drivers)) {
  testStore(
    { describe, it },
    `unstorage in ${name}`,
    () => {
      const clock = fakeClock();
      const storage = create();
      return {
        store: unstorageStore({ storage, clock }),
        now: clock,
        advance: clock.advance,
        another: () => unstorageStore({ storage, clock }),
      };
    },
    { index },
  );
}

const url = await serviceUrl("redis");

describe.skipIf(url === "")("Redis behind unstorage", () => {
  it("is given the time to live, in seconds rounded up", async () => {
    const client = new Redis(url);
    const base = `unstorage:${process.pid}`;
    const storage = createStorage({ driver: redisDriver({ url, base }) });
    const clock = fakeClock();
    const store = unstorageStore({ storage, clock });
    await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt: clock() + 59_001 });
    const [key = ""] = await client.keys(`${base}:session:*`);
    expect(await client.ttl(key)).toBe(60);
    expect((await store.read("a"))?.expiresAt).toBe(clock() + 59_001);
    clock.advance(59_001);
    expect(await store.read("a")).toBeUndefined();
    expect(await store.sweep?.()).toBe(1);
    expect(await client.exists(key)).toBe(0);
    await storage.dispose();
    client.disconnect();
  });

  it("is gone: store/unavailable", async () => {
    const driver = redisDriver({
      url: "redis://127.0.0.1:1",
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    driver.getInstance?.().on("error", () => {});
    const store = unstorageStore({ storage: createStorage({ driver }) });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
  });
});

describe("a storage of the application's own", () => {
  it("keeps its sessions when it is opened again, and is not disposed of", async () => {
    const base = newFolder();
    const storage = createStorage({ driver: fsDriver({ base }) });
    const store = unstorageStore({ storage });
    await store.write("a", Uint8Array.of(1), write);
    await store.close();
    expect(await storage.getKeys()).toEqual([expect.stringMatching(/^session:[0-9a-f]{64}$/)]);
    const again = unstorageStore({ storage: async () => createStorage({ driver: fsDriver({ base }) }) });
    expect((await again.read("a"))?.payload).toEqual(Buffer.of(1));
  });

  it.each(["", "s", "s:", "a:b:", "?", "../", "a/b", "'\"ä😀.", "\0", "*"])(
    "keeps sessions apart by prefix: %j",
    async (prefix) => {
      const storage = createStorage({ driver: fsDriver({ base: newFolder() }) });
      const clock = fakeClock();
      const store = unstorageStore({ storage, prefix, clock });
      const other = unstorageStore({ storage, prefix: `${prefix}x`, clock });
      await storage.setItem("foreign", "hello");
      await store.write("a", Uint8Array.of(1), { ...write, expiresAt: clock() + 50 });
      await other.write("a", Uint8Array.of(2), write);
      await other.write("b", Uint8Array.of(2), write);
      expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
      expect(await store.read("b")).toBeUndefined();
      clock.advance(50);
      expect(await store.sweep?.()).toBe(1);
      expect((await other.read("a"))?.payload).toEqual(Buffer.of(2));
      expect(await storage.getItem("foreign")).toBe("hello");
    },
  );

  it("may be mounted below another", async () => {
    const mounted = newFolder();
    const storage = createStorage().mount("sessions", fsDriver({ base: mounted }));
    const store = unstorageStore({ storage, prefix: "sessions:" });
    await store.write("a", Uint8Array.of(1), write);
    expect(await createStorage({ driver: fsDriver({ base: mounted }) }).getKeys()).toHaveLength(1);
    expect(await store.sweep?.()).toBe(0);
  });

  it("may hold something else under the key: no session", async () => {
    const storage = createStorage();
    const store = unstorageStore({ storage });
    await store.write("a", Uint8Array.of(1), write);
    const [key = ""] = await storage.getKeys();
    const half = String(await storage.getItem(key)).slice(0, -4);
    for (const value of ["hello", "7", '{"a":1}', "AQ==.", half]) {
      await storage.setItem(key, value);
      expect(await store.read("a")).toBeUndefined();
    }
  });

  // A file system of its own, which only root may mount.
  it.runIf(process.platform === "linux" && process.getuid?.() === 0)(
    "is on a full disk, then on a read-only one",
    async () => {
      const base = newFolder();
      mkdirSync(base);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", base]);
      try {
        const store = unstorageStore({ storage: createStorage({ driver: fsDriver({ base }) }) });
        await store.write("a", Uint8Array.of(1), write);
        const large = store.write("b", new Uint8Array(100_000), write);
        await expect(large).rejects.toMatchObject({ code: "store/full" });
        // The driver has written what it could.
        expect(await store.read("b")).toBeUndefined();
        execFileSync("mount", ["-o", "remount,ro", base]);
        const refused = store.write("a", Uint8Array.of(2), write);
        await expect(refused).rejects.toMatchObject({ code: "store/read-only" });
        expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
      } finally {
        execFileSync("umount", [base]);
      }
    },
  );
});
