import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { fileStore } from "../../../src/stores/file/index.js";
import { ownerText, withFileLock } from "../../../src/stores/file/lock.js";
import { thisOwner } from "../../../src/stores/shared/owner.js";
import { foundKeys } from "../../../src/testing/found-keys.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { byDeadline } from "../shared/by-deadline.js";
import { inOwnNamespace, noNamespaces } from "../shared/namespaces.js";

const root = mkdtempSync(join(tmpdir(), "sessgen-file-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => {
  folders += 1;
  return join(root, String(folders), "sessions");
};
const write = { expect: "any", expiresAt: Date.UTC(2100, 0, 1) } as const;

testStore({ describe, it }, "file", () => {
  const clock = fakeClock();
  const directory = newFolder();
  return {
    store: fileStore({ directory, clock }),
    now: clock,
    advance: clock.advance,
    another: () => fileStore({ directory, clock }),
  };
});

describe("files", () => {
  it("belong to this user alone, and nothing else is left beside them", async () => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(1), write);
    await store.touch("a", write.expiresAt);
    const names = readdirSync(directory);
    expect(names).toHaveLength(1);
    expect(statSync(join(directory, names[0] ?? "")).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it("have the mode that was asked for", async () => {
    const directory = newFolder();
    await fileStore({ directory, mode: 0o640 }).write("a", Uint8Array.of(1), write);
    expect(statSync(join(directory, readdirSync(directory)[0] ?? "")).mode & 0o777).toBe(0o640);
  });

  it("are no more than maxEntries", async () => {
    const directory = newFolder();
    const store = fileStore({ directory, maxEntries: 3 });
    for (const key of ["a", "b", "c", "d", "e"]) await store.write(key, Uint8Array.of(1), write);
    expect(readdirSync(directory)).toHaveLength(3);
    expect(await store.read("e")).toBeDefined();
  });

  it("that are cut short or foreign are no sessions", async () => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(1), write);
    writeFileSync(join(directory, readdirSync(directory)[0] ?? ""), "\u0001\u0002");
    expect(await store.read("a")).toBeUndefined();
  });
});

it("names a session while it is written again and again", async () => {
  const store = fileStore({ directory: newFolder() });
  const index = { user_id: "u" };
  await store.write("a", Uint8Array.of(1), { ...write, index });
  let writing = true;
  const writes = (async () => {
    for (let i = 0; i < 100; i += 1) await store.write("a", Uint8Array.of(1), { ...write, index });
    writing = false;
  })();
  while (writing) {
    expect(await foundKeys(store, "user_id", "u")).toEqual(["a"]);
  }
  await writes;
});

describe("hints", () => {
  const hints = (directory: string): string[] =>
    readdirSync(join(directory, "by"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  const index = { user_id: "u", tenant: "t" };

  it("go with their session: removed, replaced, swept", async () => {
    const directory = newFolder();
    const clock = fakeClock();
    const store = fileStore({ directory, clock });
    const expiresAt = clock() + 1000;
    const begin = () => store.write("shop.a", Uint8Array.of(1), { expect: "any", expiresAt, index });
    await begin();
    expect(hints(directory)).toHaveLength(2);
    await store.write("shop.a", Uint8Array.of(1), {
      expect: "any",
      expiresAt,
      index: { user_id: "u", tenant: null },
    });
    expect(hints(directory)).toHaveLength(1);
    await store.remove("shop.a");
    expect(hints(directory)).toEqual([]);
    await begin();
    clock.advance(1000);
    expect(await store.sweep?.({ application: "shop" })).toBe(1);
    expect(hints(directory)).toEqual([]);
  });

  it("that lead nowhere are removed when they are met, and not those of a session that has ended by one's own clock", async () => {
    const directory = newFolder();
    const clock = fakeClock();
    const store = fileStore({ directory, clock });
    const ahead = fileStore({ directory, clock: () => clock() + 300_000 });
    for (const key of ["a", "b"])
      await store.write(key, Uint8Array.of(1), { expect: "any", expiresAt: clock() + 60_000, index });
    const [first = ""] = readdirSync(directory);
    rmSync(join(directory, first));
    expect(await foundKeys(ahead, "user_id", "u")).toEqual([]);
    expect(await foundKeys(ahead, "tenant", "t")).toEqual([]);
    expect(hints(directory)).toHaveLength(2);
    expect(await foundKeys(store, "user_id", "u")).toHaveLength(1);
  });
});

describe("several processes", () => {
  const worker = fileURLToPath(new URL("worker.mjs", import.meta.url));

  it("lose none of each other's writes", async () => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(0, 0), write);
    const codes = await Promise.all(
      Array.from(
        { length: 3 },
        () =>
          new Promise((resolve) => {
            spawn(process.execPath, ["--import", "tsx", worker, directory, "20"], { stdio: "inherit" }).once(
              "exit",
              resolve,
            );
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect((await store.read("a"))?.payload[0]).toBe(60);
  });

  it.skipIf(noNamespaces !== undefined)(
    `lose none in containers of their own, where nobody sees the others (${noNamespaces ?? "with unshare"})`,
    async () => {
      const directory = newFolder();
      const store = fileStore({ directory });
      await store.write("a", Uint8Array.of(0, 0), write);
      const codes = await Promise.all(
        Array.from({ length: 4 }, () => inOwnNamespace(worker, directory, "40")),
      );
      expect(codes).toEqual([0, 0, 0, 0]);
      expect((await store.read("a"))?.payload[0]).toBe(160);
    },
  );

  it("break at once the lock of one whose number another process has by now", async () => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(1), write);
    const { place, pid, begun } = thisOwner;
    // Where the system does not say when a process began, the number alone counts.
    if (begun === "-") return;
    symlinkSync(`${place}.${pid}.1.abc`, join(directory, `${readdirSync(directory)[0]}.lock`));
    expect((await store.write("a", Uint8Array.of(2), write)).ok).toBe(true);
  });

  it.each([
    ["the lock of one that has died", { given: [".lock"] }],
    ["the lock of one that died while it broke another's", { given: [".lock", ".lock.break"] }],
    ["however many died so", { given: [".lock", ".lock.break", ".lock.break.break"] }],
  ])("break %s", async (_name, { given }) => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(1), write);
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const session = join(directory, readdirSync(directory)[0] ?? "");
    for (const ending of given) symlinkSync(`${thisOwner.place}.${pid}.-.abc`, session + ending);
    expect((await store.write("a", Uint8Array.of(2), write)).ok).toBe(true);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("break the lock of a thread that was terminated", async () => {
    const directory = newFolder();
    mkdirSync(directory, { recursive: true });
    const path = join(directory, "a");
    const thread = new Worker(new URL("thread.mjs", import.meta.url), {
      workerData: path,
    });
    await once(thread, "message");
    expect(readdirSync(directory)).toEqual(["a.lock"]);
    await thread.terminate();
    expect(await withFileLock(path, undefined, async () => "held")).toBe("held");
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ["names nobody", { given: "", age: 60_000 }],
    ["names a process of a container that is gone", { given: "0123456789abcdef.1.5.abc", age: 60_000 }],
    ["was made before the clock was set back", { given: "0123456789abcdef.1.5.abc", age: -3_600_000 }],
    ["names this very process", { given: ownerText(), age: 60_000 }],
  ])("break an old lock that %s", async (_name, { given, age }) => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(1), write);
    const lock = join(directory, `${readdirSync(directory)[0]}.lock`);
    if (given === "") writeFileSync(lock, "");
    else symlinkSync(given, lock);
    const made = new Date(Date.now() - age);
    lutimesSync(lock, made, made);
    expect((await store.write("a", Uint8Array.of(2), write)).ok).toBe(true);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("change nothing once their own lock was broken, and leave the new owner's alone", async () => {
    const directory = newFolder();
    mkdirSync(directory, { recursive: true });
    const path = join(directory, "a");
    const late = withFileLock(path, undefined, async (assertHeld) => {
      unlinkSync(`${path}.lock`);
      symlinkSync("another-host.1.5.abc", `${path}.lock`);
      await assertHeld();
    });
    await expect(late).rejects.toMatchObject({ code: "store/locked" });
    expect(readdirSync(directory)).toEqual(["a.lock"]);
  });

  it("sweep away what one that died has left behind, and nothing else", async () => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(1), write);
    const session = readdirSync(directory)[0] ?? "";
    const old = new Date(Date.now() - 3_600_000);
    for (const name of [
      `${session}.0123456789ab.tmp`,
      `${session}.lock`,
      `${session}.lock.break`,
      "notes.tmp",
    ]) {
      writeFileSync(join(directory, name), "");
      utimesSync(join(directory, name), old, old);
    }
    writeFileSync(join(directory, `${session}.ba9876543210.tmp`), "");
    expect(await store.sweep?.()).toBe(0);
    expect(readdirSync(directory).sort()).toEqual(
      [session, `${session}.ba9876543210.tmp`, "notes.tmp"].sort(),
    );
  });

  it("wait for one that is alive, until the deadline", async () => {
    const directory = newFolder();
    const store = fileStore({ directory });
    await store.write("a", Uint8Array.of(1), write);
    symlinkSync(ownerText(), join(directory, `${readdirSync(directory)[0]}.lock`));
    const late = byDeadline(store, 30, (deadline) => store.write("a", Uint8Array.of(2), deadline.and(write)));
    await expect(late).rejects.toMatchObject({ code: "store/timeout" });
  });
});

describe("a folder that fails", () => {
  it("is a file: store/unavailable", async () => {
    const file = join(root, "occupied");
    writeFileSync(file, "");
    const store = fileStore({ directory: file });
    await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
      code: "store/unavailable",
    });
  });

  // A file system of 16 kB, which only root may mount.
  it.runIf(process.platform === "linux" && process.getuid?.() === 0)("is full, then read-only", async () => {
    const directory = newFolder();
    mkdirSync(directory, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", directory]);
    try {
      const store = fileStore({ directory });
      await store.write("a", Uint8Array.of(1), write);
      const large = store.write("b", new Uint8Array(100_000), write);
      await expect(large).rejects.toMatchObject({ code: "store/full" });
      expect(readdirSync(directory)).toHaveLength(1);
      expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
      execFileSync("mount", ["-o", "remount,ro", directory]);
      const refused = store.write("a", Uint8Array.of(2), write);
      await expect(refused).rejects.toMatchObject({ code: "store/read-only" });
      expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
    } finally {
      execFileSync("umount", [directory]);
    }
  });
});
