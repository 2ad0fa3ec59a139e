import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "lmdb";
import { afterAll, describe, expect, it, vi } from "vitest";
import { lmdbStore } from "../../../src/stores/lmdb/index.js";
import { thisOwner } from "../../../src/stores/shared/owner.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { foundKeys as found } from "../../../src/testing/found-keys.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { byDeadline } from "../shared/by-deadline.js";
import { inOwnNamespace, noNamespaces } from "../shared/namespaces.js";
import { turnsOf } from "../shared/turns.js";

const root = mkdtempSync(join(tmpdir(), "sessgen-lmdb-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => {
  folders += 1;
  return join(root, String(folders), "sessions.d");
};
const expiresAt = Date.UTC(2100, 0, 1);
const write = { expect: "any", expiresAt } as const;
/** A number counted in a session by lmdb-worker.mjs. */
const counted = async (store: SessionStore): Promise<number> =>
  Buffer.from((await store.read("a"))?.payload ?? []).readUInt32BE();

testStore({ describe, it }, "lmdb", () => {
  const clock = fakeClock();
  const path = newFolder();
  return {
    store: lmdbStore({ path, clock }),
    now: clock,
    advance: clock.advance,
    another: () => lmdbStore({ path, clock }),
  };
});

it("lets others have their turn while it looks through many", async () => {
  const store = lmdbStore({ path: newFolder() });
  const { found, states } = await turnsOf(store, expiresAt, 250);
  await store.close();
  expect({ states, isTurn: found > 1 }).toEqual({ states: 250, isTurn: true });
});

describe("the environment", () => {
  it("belongs to this user alone", async () => {
    const path = newFolder();
    const store = lmdbStore({ path });
    await store.write("a", Uint8Array.of(1), write);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(path)) expect(statSync(join(path, name)).mode & 0o777, name).toBe(0o600);
    await store.close();
  });

  it("keeps sessions, and what they are found by, when it is closed and opened again", async () => {
    const path = newFolder();
    for (const [key = "", ...before] of [["a"], ["b", "a"], ["c", "a", "b"]]) {
      const store = lmdbStore({ path });
      expect((await found(store, "user_id", "u")).sort()).toEqual(before.sort());
      await store.write(key, Uint8Array.of(1), { ...write, index: { user_id: "u" } });
      // Not waited for: opened anew while it is being closed.
      void store.close();
    }
  });

  it("may be the application's own, with other data, and stays open", async () => {
    const database = open({ path: newFolder() });
    await database.put("greeting", "hello");
    const store = lmdbStore({ database });
    await store.write("a", Uint8Array.of(1), write);
    await store.close();
    expect(database.get("greeting")).toBe("hello");
    const again = lmdbStore({ database });
    expect((await again.read("a"))?.payload).toEqual(Buffer.of(1));
    await database.close();
  });

  it.each(["", "a", "a:b", "\0", "'\"", "ä".repeat(2000)])(
    "keeps sessions apart by prefix: %j",
    async (prefix) => {
      const path = newFolder();
      const store = lmdbStore({ path, prefix });
      const other = lmdbStore({ path, prefix: `${prefix}:` });
      await store.write(":a", Uint8Array.of(1), {
        ...write,
        expiresAt: Date.now() - 1,
        index: { user_id: "u" },
      });
      await other.write("a", Uint8Array.of(2), { ...write, index: { user_id: "u" } });
      expect(await found(other, "user_id", "u")).toEqual(["a"]);
      expect(await other.sweep?.()).toBe(0);
      expect(await store.sweep?.()).toBe(1);
      expect((await other.read("a"))?.payload).toEqual(Buffer.of(2));
      await Promise.all([store.close(), other.close()]);
    },
  );

  it("has something else under a session's key: that is no session, and is replaced", async () => {
    const path = newFolder();
    const store = lmdbStore({ path });
    await store.write("a", Uint8Array.of(1), write);
    await store.close();
    const environment = open({ path, noSubdir: false });
    const entries = environment.openDB<Buffer, Buffer>({
      name: "sessgen",
      encoding: "binary",
      keyEncoding: "binary",
    });
    // After the prefix stands what kind of entry it is.
    for (const key of entries.getKeys())
      if (key[8] === "s".charCodeAt(0)) await entries.put(key, Buffer.alloc(20, 0xff));
    await environment.close();
    const again = lmdbStore({ path });
    expect(await again.read("a")).toBeUndefined();
    expect(await again.touch("a", expiresAt)).toBe("gone");
    expect((await again.write("a", Uint8Array.of(2), { ...write, expect: "absent" })).ok).toBe(true);
    expect((await again.read("a"))?.payload).toEqual(Buffer.of(2));
    await again.close();
  });

  it("takes keys and values of any length", async () => {
    const store = lmdbStore({ path: newFolder() });
    const key = "ä".repeat(5000);
    await store.write(key, Uint8Array.of(1), { ...write, index: { user_id: key } });
    expect((await store.read(key))?.payload).toEqual(Buffer.of(1));
    expect(await found(store, "user_id", key)).toEqual([key]);
    expect(await store.remove(key)).toBe(true);
    expect(await found(store, "user_id", key)).toEqual([]);
    await store.close();
  });
});

describe("the index", () => {
  it("is exact: nothing is left of sessions that were removed, swept or begun anew", async () => {
    const clock = fakeClock();
    const store = lmdbStore({ path: newFolder(), clock });
    const index = { user_id: "u", tenant: "t" };
    const soon = { expect: "any", expiresAt: clock() + 1000, index } as const;
    for (const key of ["removed", "swept", "anew"]) await store.write(key, Uint8Array.of(1), soon);
    await store.remove("removed");
    clock.advance(1000);
    await store.write("anew", Uint8Array.of(1), { expect: "absent", expiresAt: clock() + 1000 });
    expect(await store.sweep?.()).toBe(1);
    expect(await found(store, "user_id", "u")).toEqual([]);
    expect(await found(store, "tenant", "t")).toEqual([]);
    expect(await store.read("anew")).toBeDefined();
    await store.close();
  });

  it("is read in pages, while sessions come and go", async () => {
    const store = lmdbStore({ path: newFolder() });
    const keys = Array.from({ length: 350 }, (_, number) => `k${number}`);
    const index = { user_id: "u" };
    await Promise.all(keys.map((key) => store.write(key, Uint8Array.of(1), { ...write, index })));
    const seen = new Set<string>();
    for await (const page of store.findByIndex?.("user_id", "u", { application: "" }) ?? []) {
      for (const { key } of page) {
        seen.add(key);
        await store.remove(key);
        await store.write(`new ${key}`, Uint8Array.of(1), write);
      }
    }
    expect(seen).toEqual(new Set(keys));
    await store.close();
  });
});

describe("several processes", () => {
  const worker = fileURLToPath(new URL("worker.mjs", import.meta.url));
  const start = (path: string, times: number): ChildProcess =>
    spawn(process.execPath, ["--import", "tsx", worker, path, String(times)], {
      stdio: ["ignore", "pipe", "inherit"],
    });

  it("lose none of each other's writes", async () => {
    const path = newFolder();
    const store = lmdbStore({ path });
    await store.write("a", Buffer.alloc(4), write);
    const workers = [1, 2, 3].map(() => start(path, 60));
    expect(await Promise.all(workers.map(async (one) => (await once(one, "exit"))[0]))).toEqual([0, 0, 0]);
    expect(await counted(store)).toBe(180);
    expect(await found(store, "count", "180")).toEqual(["a"]);
    expect(await found(store, "count", "179")).toEqual([]);
    await store.close();
  });

  it("lose no write while others open the environment again and again", async () => {
    const path = newFolder();
    const first = lmdbStore({ path });
    await first.write("a", Buffer.alloc(4), write);
    const counting = start(path, 1000);
    const ended = once(counting, "exit");
    await once(counting.stdout ?? counting, "data");
    await first.close();
    let opened = 0;
    while (counting.exitCode === null) {
      const store = lmdbStore({ path });
      await store.read("a");
      await store.write("b", Uint8Array.of(1), write);
      await store.close();
      opened += 1;
    }
    expect((await ended)[0]).toBe(0);
    expect(opened).toBeGreaterThan(2);
    const last = lmdbStore({ path });
    expect(await counted(last)).toBe(1000);
    await last.close();
    expect(readdirSync(path).sort()).toEqual(["data.mdb", "lock.mdb"]);
  });

  it("find the environment whole when all open and close it again and again", async () => {
    const path = newFolder();
    const script = fileURLToPath(new URL("open-and-close.mjs", import.meta.url));
    const processes = [1, 2, 3].map(() =>
      spawn(process.execPath, ["--import", "tsx", script, path, "150"], {
        stdio: ["ignore", "inherit", "inherit"],
      }),
    );
    const codes = await Promise.all(processes.map(async (one) => (await once(one, "exit"))[0]));
    expect(codes).toEqual([0, 0, 0]);
  });

  it("wait for those who open it when they end without closing it", async () => {
    const path = newFolder();
    const script = fileURLToPath(new URL("exit.mjs", import.meta.url));
    const ending = spawn(process.execPath, ["--import", "tsx", script, path], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = once(ending, "close");
    let said = "";
    ending.stdout.on("data", (text) => {
      said += text;
    });
    await once(ending.stdout, "data");
    const { place, pid, begun } = thisOwner;
    const opening = join(path, `opening.${place}.${pid}.${begun}.a`);
    symlinkSync(path, opening);
    const changes = watch(path);
    const turn = once(changes, "change");
    ending.stdin.end();
    expect(await Promise.race([turn, ended])).toEqual(["rename", expect.stringMatching(/^writing\./)]);
    if (process.platform === "linux")
      expect(readFileSync(`/proc/${ending.pid}/maps`, "utf8")).toContain(join(path, "lock.mdb"));
    changes.close();
    unlinkSync(opening);
    expect([...(await ended), said]).toEqual([0, null, "open"]);
    expect(readdirSync(path).sort()).toEqual(["data.mdb", "lock.mdb"]);
  });

  it("end at once in the middle of a write, and keep nobody from writing", async () => {
    const path = newFolder();
    const script = fileURLToPath(new URL("exit-while-writing.mjs", import.meta.url));
    const processes = [1, 2].map(() =>
      spawn(process.execPath, ["--import", "tsx", script, path], { stdio: ["ignore", "inherit", "inherit"] }),
    );
    const codes = await Promise.all(processes.map(async (one) => (await once(one, "exit"))[0]));
    expect(codes).toEqual([0, 0]);
    const store = lmdbStore({ path });
    expect((await store.write("a", Uint8Array.of(2), write)).ok).toBe(true);
    await store.close();
  });

  it.skipIf(noNamespaces !== undefined)(
    `lose none in containers of their own, some opening while others write (${noNamespaces ?? "with unshare"})`,
    async () => {
      const path = newFolder();
      const store = lmdbStore({ path });
      await store.write("a", Buffer.alloc(4), write);
      await store.close();
      const worker = fileURLToPath(new URL("worker.mjs", import.meta.url));
      const codes = await Promise.all(
        Array.from({ length: 5 }, async (_, number) => {
          // One after the other: the opening of each is to meet the writes of those before.
          await new Promise((resolve) => setTimeout(resolve, 150 * number));
          return inOwnNamespace(worker, path, "60");
        }),
      );
      expect(codes).toEqual([0, 0, 0, 0, 0]);
      const last = lmdbStore({ path });
      expect(await counted(last)).toBe(300);
      await last.close();
    },
  );

  it("clear away what one left that was killed in the middle of a write or of opening", async () => {
    const path = newFolder();
    const store = lmdbStore({ path });
    await store.write("a", Buffer.alloc(4), write);
    await store.close();
    const { place } = thisOwner;
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    // A process that is no more, and those of another machine that are long gone, by whichever clock.
    const flags = [`writing.${place}.${pid}.1.a`, `opening.${place}.${pid}.1.b`];
    for (const flag of flags) symlinkSync(path, join(path, flag));
    for (const [hours, flag] of [-1, 1].map(
      (hours) => [hours, join(path, `opening.00000000.1.1.${hours}`)] as const,
    )) {
      symlinkSync(path, flag);
      const made = new Date(Date.now() + hours * 3_600_000);
      lutimesSync(flag, made, made);
    }
    const next = lmdbStore({ path });
    expect((await next.write("a", Uint8Array.of(1), write)).ok).toBe(true);
    await next.close();
    expect(readdirSync(path).sort()).toEqual(["data.mdb", "lock.mdb"]);
  });

  it("go on when one is killed in the middle of its writes", async () => {
    const path = newFolder();
    const store = lmdbStore({ path });
    await store.write("a", Buffer.alloc(4), write);
    const killed = start(path, 1_000_000);
    await once(killed.stdout ?? killed, "data");
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const before = await counted(store);
    expect(before).toBeGreaterThan(0);
    expect(await found(store, "count", String(before))).toEqual(["a"]);
    const next = start(path, 5);
    expect((await once(next, "exit"))[0]).toBe(0);
    expect(await counted(store)).toBe(before + 5);
    await store.close();
  });

  it("are waited for until the deadline; what waits for its turn then is written or not, as a whole", async () => {
    const path = newFolder();
    const store = lmdbStore({ path });
    await store.write("a", Uint8Array.of(1), write);
    // A process that begins a transaction and never ends it.
    const holder = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import { open } from "lmdb";
         open(process.argv[1], { noSubdir: false }).transactionSync(() => {
           process.stdout.write("locked");
           Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
         });`,
        path,
      ],
      { cwd: fileURLToPath(new URL("../../..", import.meta.url)), stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(holder.stdout, "data");
    const late = byDeadline(store, 50, (deadline) => store.write("a", Uint8Array.of(2), deadline.and(write)));
    await expect(late).rejects.toMatchObject({
      code: "store/timeout",
    });
    expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await store.touch("a", expiresAt)).toBe("touched");
    expect([1, 2]).toContain((await store.read("a"))?.payload[0]);
    await store.close();
  });
});

describe("an environment that fails", () => {
  const refused = (operation: Promise<unknown>, code: string): Promise<void> =>
    expect(operation).rejects.toMatchObject({ code });

  it("has reached mapSize: store/full, until sessions are gone", async () => {
    const store = lmdbStore({ path: newFolder(), mapSize: 200_000 });
    let kept = 0;
    const fill = async (): Promise<void> => {
      for (; kept < 100; kept += 1) await store.write(`k${kept}`, new Uint8Array(10_000), write);
    };
    await refused(fill(), "store/full");
    expect(kept).toBeGreaterThan(10);
    expect(await store.read(`k${kept}`)).toBeUndefined();
    // What takes no more room than before goes on.
    expect((await store.write("k0", new Uint8Array(10_000).fill(1), write)).ok).toBe(true);
    expect(await store.touch("k1", expiresAt - 1)).toBe("touched");
    expect(await store.remove("k1")).toBe(true);
    expect((await store.write("new", new Uint8Array(9000), write)).ok).toBe(true);
    await store.close();
  });

  it("is no folder: store/unavailable", async () => {
    const path = join(root, "occupied");
    writeFileSync(path, "");
    const store = lmdbStore({ path });
    await refused(store.read("a"), "store/unavailable");
    await store.close();
  });

  it("holds something else: store/unavailable", async () => {
    const path = newFolder();
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "data.mdb"), "x".repeat(8192));
    const store = lmdbStore({ path });
    await refused(store.read("a"), "store/unavailable");
    await store.close();
  });

  it("is another one by now, or none: that is opened", async () => {
    const path = newFolder();
    const stores = [lmdbStore({ path }), lmdbStore({ path })] as const;
    for (const store of stores) await store.write("a", Uint8Array.of(1), write);
    const restored = newFolder();
    const backup = lmdbStore({ path: restored });
    await backup.write("b", Uint8Array.of(2), write);
    await backup.close();
    rmSync(path, { recursive: true });
    renameSync(restored, path);
    for (const store of stores) await vi.waitFor(async () => expect(await store.read("b")).toBeDefined());
    await stores[0].write("c", Uint8Array.of(3), write);
    expect(await stores[1].read("c")).toBeDefined();
    rmSync(path, { recursive: true });
    await vi.waitFor(async () => expect(await stores[0].read("b")).toBeUndefined());
    await stores[0].write("d", Uint8Array.of(4), write);
    await vi.waitFor(async () => expect(await stores[1].read("d")).toBeDefined());
    for (const store of stores) await store.close();
    expect(readdirSync(path).sort()).toEqual(["data.mdb", "lock.mdb"]);
  });

  it("is not there at first: the next operation opens it", async () => {
    const path = join(root, "later");
    writeFileSync(path, "");
    const store = lmdbStore({ path });
    const results = await Promise.allSettled([store.read("a"), store.read("b")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    rmSync(path);
    expect(await store.read("a")).toBeUndefined();
    await store.close();
  });

  it("has no driver for this platform: store/missing-driver", () => {
    const code = execFileSync(
      process.execPath,
      [
        "--import",
        "tsx",
        "--input-type=module",
        "-e",
        `import { lmdbStore } from "./src/stores/lmdb/index.ts";
         await lmdbStore({ path: process.argv[1] }).read("a").catch((error) => console.log(error.message));`,
        newFolder(),
      ],
      {
        cwd: fileURLToPath(new URL("../../..", import.meta.url)),
        env: { ...process.env, npm_config_platform: "plan9" },
        encoding: "utf8",
      },
    );
    expect(code).toBe("The package lmdb has no binary for this platform [store/missing-driver]\n");
  });

  const isRoot = process.platform === "linux" && process.getuid?.() === 0;

  // A file system of its own, which only root may mount.
  it.runIf(isRoot)("is on a full disk, then on a read-only one", async () => {
    const path = newFolder();
    mkdirSync(path, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", path]);
    const store = lmdbStore({ path });
    try {
      await store.write("a", Uint8Array.of(1), write);
      await refused(store.write("b", new Uint8Array(1_000_000), write), "store/full");
      expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
      expect(await store.read("b")).toBeUndefined();
      expect((await store.write("a", Uint8Array.of(2), write)).ok).toBe(true);
      await store.close();
      execFileSync("mount", ["-o", "remount,ro", path]);
      const late = lmdbStore({ path });
      await refused(late.write("a", Uint8Array.of(3), write), "store/read-only");
      await late.close();
    } finally {
      await store.close();
      execFileSync("umount", [path]);
    }
  });

  it.skipIf(isRoot)("may not be written: store/read-only", async () => {
    const path = newFolder();
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o500);
    const store = lmdbStore({ path });
    await refused(store.read("a"), "store/read-only");
    await store.close();
  });
});
