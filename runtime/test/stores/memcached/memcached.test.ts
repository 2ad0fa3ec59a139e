import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemcacheClient } from "memcache-client";
import { Client } from "memjs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { memcached, start } from "../../../../services/memcached.js";
import type { Running } from "../../../../services/service.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { type MemcachedStoreOptions, memcachedStore } from "../../../src/stores/memcached/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { byDeadline } from "../shared/by-deadline.js";

const url = await serviceUrl("memcached");
const unsupported = { sweep: "Memcached deletes expired items itself", index: "it cannot list keys" };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

let prefixes = 0;
const ownPrefix = (): string => {
  prefixes += 1;
  return `test:${process.pid}:${prefixes}:`;
};

/** Sends lines to the server as they are, and gives the first line of its answer. */
function ask(...lines: string[]): Promise<string> {
  const [host, port] = url.split(":");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.write(`${lines.join("\r\n")}\r\n`));
    socket.once("error", reject);
    socket.once("data", (data) => {
      resolve(data.toString().split("\r\n", 1)[0] ?? "");
      socket.destroy();
    });
  });
}

const quiet = { logger: { log: () => {} } };
/** How a store reaches the servers at an address, by the name of the library. */
const libraries: [string, (url: string) => MemcachedStoreOptions][] = [
  ["memcache-client", (address) => ({ servers: address })],
  ["memjs", (address) => ({ client: Client.create(address, quiet) })],
];

describe.skipIf(url === "").each(libraries)("Memcached by %s", (library, reach) => {
  const options = reach(url);
  afterAll(() => {
    if (options.client !== undefined && "close" in options.client) options.client.close();
  });

  testStore(
    { describe, it },
    `memcached (${library})`,
    () => {
      const prefix = ownPrefix();
      return {
        store: memcachedStore({ ...options, prefix }),
        now: Date.now,
        // Real time, so that the server's own expiry takes part.
        advance: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds + 5)),
        another: () => memcachedStore({ ...reach(url), prefix }),
      };
    },
    unsupported,
  );

  const within = async (
    body: (store: SessionStore, prefix: string) => Promise<void>,
    more: MemcachedStoreOptions = {},
  ): Promise<void> => {
    const prefix = ownPrefix();
    const store = memcachedStore({ ...options, prefix, ...more });
    try {
      await body(store, prefix);
    } finally {
      await store.close();
    }
  };

  const begin = async (
    store: SessionStore,
    key: string,
    expiresAt = Date.now() + MINUTE,
  ): Promise<string> => {
    const begun = await store.write(key, bytes(1), { expect: "absent", expiresAt });
    return begun.ok ? begun.version : expect.fail(`${key} should have been begun`);
  };

  it("a session that has expired by the store's clock is absent, though the server still has it", async () => {
    const clock = fakeClock();
    await within(
      async (store) => {
        const operations: [string, () => Promise<unknown>, unknown][] = [
          ["read", () => store.read("a"), undefined],
          ["touch", () => store.touch("a", clock() + MINUTE), "gone"],
          ["remove", () => store.remove("a"), false],
        ];
        for (const [name, operation, want] of operations) {
          const version = await begin(store, "a", clock() + MINUTE);
          clock.advance(MINUTE);
          expect(await operation(), name).toBe(want);
          const late = { expect: version, expiresAt: clock() + MINUTE };
          expect(await store.write("a", bytes(2), late)).toEqual({ ok: false, current: undefined });
        }
        expect((await store.write("a", bytes(3), { expect: "any", expiresAt: clock() + MINUTE })).ok).toBe(
          true,
        );
      },
      { clock },
    );
  });

  it("the server keeps a session to its end, wherever in a second of its clock it began", async () => {
    await within(async (store) => {
      const lives = Array.from({ length: 10 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 100));
        const expiresAt = Date.now() + 1000;
        await begin(store, `a${index}`, expiresAt);
        await new Promise((resolve) => setTimeout(resolve, expiresAt - Date.now() - 50));
        const found = (await store.read(`a${index}`)) !== undefined;
        // On a busy machine the answer may come after the end.
        return found || Date.now() >= expiresAt;
      });
      expect(await Promise.all(lives)).not.toContain(false);
    });
  });

  it("the server's expiry follows every write and touch, over 30 days too", async () => {
    await within(async (store, prefix) => {
      const left = async (): Promise<number> => Number(/ t(-?\d+)/.exec(await ask(`mg ${prefix}a t`))?.[1]);
      for (const days of [1, 30, 31, 400]) {
        const expiresAt = Date.now() + days * DAY;
        await store.write("a", bytes(1), { expect: "any", expiresAt });
        expect(Math.abs((await left()) * 1000 - days * DAY), `${days} days`).toBeLessThan(MINUTE);
        expect((await store.read("a"))?.expiresAt).toBe(expiresAt);
      }
      expect(await store.touch("a", Date.now() + 60 * DAY)).toBe("touched");
      expect(Math.abs((await left()) * 1000 - 60 * DAY)).toBeLessThan(MINUTE);
      // Beyond what the server's 32 bits hold: kept until the store's own expiry.
      expect(await store.touch("a", Date.UTC(2100, 0, 1))).toBe("touched");
      expect(await left()).toBe(-1);
    });
  });

  it("any prefix will do", async () => {
    for (const prefix of ["", "a b\r\n", "ä'\"%:", "p".repeat(300), "p".repeat(230), "sha256:"]) {
      await within(
        async (store) => {
          const key = `${ownPrefix()}k`;
          const version = await begin(store, key);
          expect((await store.read(key))?.version, prefix).toBe(version);
          expect(await store.read("constructor")).toBeUndefined();
          expect(await store.remove(key), prefix).toBe(true);
        },
        { prefix },
      );
    }
  });

  it("sees a foreign value as no session, and leaves it alone", async () => {
    await within(async (store, prefix) => {
      const expiresAt = Date.now() + MINUTE;
      expect(await ask(`set ${prefix}a 0 60 5`, "hello")).toBe("STORED");
      expect(await store.read("a")).toBeUndefined();
      expect(await store.touch("a", expiresAt)).toBe("gone");
      expect(await store.remove("a")).toBe(false);
      const refused = { ok: false, current: undefined };
      expect(await store.write("a", bytes(1), { expect: "absent", expiresAt })).toEqual(refused);
      expect(await ask(`mg ${prefix}a s`)).toBe("HD s5");
      expect((await store.write("a", bytes(1), { expect: "any", expiresAt })).ok).toBe(true);
    });
  });

  it("is given too much: store/too-large, and what was there stays", async () => {
    await within(async (store) => {
      const expiresAt = Date.now() + MINUTE;
      const version = await begin(store, "a");
      for (const expectation of ["any", version]) {
        const write = store.write("a", new Uint8Array(2 ** 20), { expect: expectation, expiresAt });
        await expect(write).rejects.toMatchObject({ code: "store/too-large" });
        expect((await store.read("a"))?.version, expectation).toBe(version);
      }
    });
  });

  it("keeps as much as it says that it does, under a key of any length", async () => {
    await within(async (store, prefix) => {
      const { maxBytes = 0 } = store;
      expect(maxBytes).toBeGreaterThan(1_000_000);
      // Random, and not zeros: nothing between here and the server may make it smaller.
      const payload = randomBytes(maxBytes);
      for (const key of ["a", "k".repeat(250 - prefix.length), "k".repeat(1000)]) {
        const expiresAt = Date.now() + MINUTE;
        expect((await store.write(key, payload, { expect: "absent", expiresAt })).ok).toBe(true);
        // Not toEqual, which takes seconds for so many bytes.
        expect(payload.equals((await store.read(key))?.payload ?? bytes())).toBe(true);
      }
    });
    expect(memcachedStore({ ...options, maxBytes: 2_000_000 }).maxBytes).toBe(2_000_000);
  });

  it("never brings back what was destroyed amid touches and writes", async () => {
    await within(async (store) => {
      for (let round = 0; round < 20; round += 1) {
        const key = `a${round}`;
        const version = await begin(store, key);
        const expiresAt = Date.now() + MINUTE;
        const touches = Array.from({ length: 5 }, (_, index) => store.touch(key, expiresAt + index));
        const writing = store.write(key, bytes(2), { expect: version, expiresAt });
        const removals = Array.from({ length: 2 }, () => store.remove(key));
        await Promise.all([...touches, writing]);
        expect((await Promise.all(removals)).filter(Boolean)).toHaveLength(1);
        expect(await store.read(key)).toBeUndefined();
      }
    });
  });

  it("lets either the write or the removal of one version happen", async () => {
    await within(async (store) => {
      for (let round = 0; round < 20; round += 1) {
        const key = `a${round}`;
        const version = await begin(store, key);
        const expiresAt = Date.now() + MINUTE;
        const [written, removed] = await Promise.all([
          store.write(key, bytes(2), { expect: version, expiresAt }),
          store.remove(key, { expect: version }),
          store.touch(key, expiresAt),
        ]);
        expect(written.ok).toBe(!removed);
        expect((await store.read(key))?.payload).toEqual(removed ? undefined : Buffer.of(2));
      }
    });
  });
});

describe.skipIf(url === "")("Memcached clients of the application's own", () => {
  const memcache = new MemcacheClient({ server: url });
  const memjs = Client.create(url, quiet);
  afterAll(() => {
    memcache.shutdown();
    memjs.close();
  });
  it("stay open, and read each other's sessions", async () => {
    const prefix = ownPrefix();
    for (const [writer, reader] of [
      [memcache, memjs],
      [memjs, memcache],
    ] as const) {
      const one = memcachedStore({ client: writer, prefix });
      const other = memcachedStore({ client: reader, prefix });
      const expiresAt = Date.now() + MINUTE;
      const written = await one.write("a", bytes(7, 255), { expect: "any", expiresAt });
      await one.close();
      const read = await other.read("a");
      expect([read?.version, read?.payload]).toEqual([written.ok && written.version, Buffer.of(7, 255)]);
      await other.close();
    }
    expect((await memcache.get<Buffer>(`${prefix}a`)).value).toBeInstanceOf(Buffer);
    expect((await memjs.get(`${prefix}a`)).value).toBeInstanceOf(Buffer);
  });

  it("are refused where one would pick a server at random", async () => {
    const client = new MemcacheClient({ server: { servers: [{ server: url }, { server: url }] } });
    const store = memcachedStore({ client });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    await store.close();
  });
});

describe("a Memcached store without a server it can reach", () => {
  it.each(libraries)("by %s: store/unavailable", async (_, reach) => {
    const store = memcachedStore(reach("127.0.0.1:1"));
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
    await store.close();
  });

  it.each(["", "a:b", "user:secret@127.0.0.1", "[::1]:11211"])(
    "says that %j is no server",
    async (servers) => {
      const store = memcachedStore({ servers });
      await expect(store.read("a")).rejects.toThrow("Memcached server 1 is not given as host:port");
      await store.close();
    },
  );
});

// Needs servers of its own: with an address in MEMCACHED_URL and nothing to start one with, the table says so.
const own = url !== "" && canStart(memcached);
const expiresAt = Date.now() + 60 * MINUTE;

describe.skipIf(!own).each(libraries)("a Memcached that fails, by %s", (library, reach) => {
  const within = async (
    args: string[],
    body: (store: SessionStore, server: Running) => Promise<void>,
  ): Promise<void> => {
    const server = await start(args);
    const options = reach(server.url);
    const store = memcachedStore(options);
    try {
      await body(store, server);
    } finally {
      await store.close();
      if (options.client !== undefined && "close" in options.client) options.client.close();
      await server.stop();
    }
  };

  // startOwn installs it where it has to.
  beforeAll(async () => (await startOwn(memcached)).running.stop());

  it("is slow: store/timeout at the deadline, and a write given up is not taken up again", async () => {
    await within([], async (store, server) => {
      const begun = await store.write("a", bytes(1), { expect: "absent", expiresAt });
      const version = begun.ok ? begun.version : expect.fail("it should have been begun");
      server.freeze();
      try {
        const late = byDeadline(store, 50, (deadline) =>
          store.write("a", bytes(2), deadline.and({ expect: version, expiresAt })),
        );
        await expect(late).rejects.toMatchObject({ code: "store/timeout" });
      } finally {
        server.thaw();
      }
      expect((await store.read("a"))?.version).toBe(version);
      expect((await store.write("a", bytes(3), { expect: version, expiresAt })).ok).toBe(true);
    });
  });

  it("is out of memory: store/full, and what was there stays", async () => {
    await within(["-M", "-m", "2"], async (store) => {
      const payload = new Uint8Array(50_000);
      const versions = new Map<string, string>();
      const fill = async (): Promise<void> => {
        for (let index = 0; index < 200; index += 1) {
          const written = await store.write(`a${index}`, payload, { expect: "absent", expiresAt });
          if (written.ok) versions.set(`a${index}`, written.version);
        }
      };
      await expect(fill()).rejects.toMatchObject({ code: "store/full" });
      expect(versions.size).toBeGreaterThan(0);
      for (const [key, version] of versions) expect((await store.read(key))?.version).toBe(version);
    });
  });

  // The binary protocol's credentials take modules of SASL's, which few machines have.
  it.skipIf(library === "memjs")("wants credentials: store/denied", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sessgen-memcached-"));
    chmodSync(folder, 0o755);
    const file = join(folder, "users");
    writeFileSync(file, "user:secret\n");
    try {
      await within(["-Y", file], async (store) => {
        await expect(store.read("a")).rejects.toMatchObject({ code: "store/denied" });
        const write = store.write("a", bytes(1), { expect: "any", expiresAt });
        await expect(write).rejects.toMatchObject({ code: "store/denied" });
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is killed and started again: the store is back with it, without what was there", async () => {
    await within([], async (store, server) => {
      const begun = await store.write("a", bytes(1), { expect: "absent", expiresAt });
      const version = begun.ok ? begun.version : expect.fail("it should have been begun");
      server.freeze();
      const pending = store.write("a", bytes(2), { expect: version, expiresAt });
      // memjs tells of a connection that was reset, not of one that ended.
      const code = library === "memjs" ? /^store\/(unavailable|timeout)$/ : /^store\/unavailable$/;
      const outcome = expect(pending).rejects.toMatchObject({ code: expect.stringMatching(code) });
      await server.stop();
      await outcome;
      await expect(store.touch("a", expiresAt)).rejects.toMatchObject({ code: "store/unavailable" });
      const again = await start([], Number(server.url.split(":")[1]));
      try {
        // The first command may still meet what is left of the old connection.
        await vi.waitFor(async () => expect(await store.touch("a", expiresAt)).toBe("gone"), 120_000);
        const late = await store.write("a", bytes(3), { expect: version, expiresAt });
        expect(late).toEqual({ ok: false, current: undefined });
        expect((await store.write("a", bytes(4), { expect: "absent", expiresAt })).ok).toBe(true);
      } finally {
        await again.stop();
      }
    });
  });
});

describe.skipIf(!own)("several Memcached servers", () => {
  it("share the keys, in whichever order they are given; one that is gone keeps its own", async () => {
    const servers = [await start(), await start(), await start()];
    const urls = servers.map((server) => server.url);
    const store = memcachedStore({ servers: urls });
    const other = memcachedStore({ servers: urls.toReversed().join(", ") });
    const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
    try {
      for (const key of keys) await store.write(key, bytes(1), { expect: "absent", expiresAt });
      for (const key of keys) expect(await other.read(key), key).toBeDefined();
      await servers[0]?.stop();
      const reads = await Promise.allSettled(keys.map((key) => other.read(key)));
      const lost = reads.filter(({ status }) => status === "rejected");
      expect(lost.length).toBeGreaterThan(5);
      expect(lost.length).toBeLessThan(40);
      expect(reads).not.toContainEqual({ status: "fulfilled", value: undefined });
    } finally {
      await Promise.all([store.close(), other.close()]);
      for (const server of servers.slice(1)) await server.stop();
    }
  });
});
