import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { SmallDisk } from "../../../../services/small-disk.js";
import type { SessionStore } from "../../../src/stores/store.js";

const later = { expiresAt: Date.now() + 3_600_000 };

/** Fills the disk below a store: it says so, keeps what it has acknowledged, and goes on as soon as there is room. */
export async function tryFullDisk(store: SessionStore, disk: SmallDisk): Promise<void> {
  const kept = new Map<string, Buffer>();
  // Random, so that no server makes it smaller.
  const write = async (key: string, expect: "absent" | "any"): Promise<void> => {
    const payload = randomBytes(400_000);
    await store.write(key, payload, { ...later, expect });
    kept.set(key, payload);
  };
  const fill = async (): Promise<void> => {
    for (let number = 0; number < 1000; number += 1) await write(`k${number}`, "absent");
  };
  const verify = async (): Promise<void> => {
    for (const [key, payload] of kept)
      expect(Buffer.compare((await store.read(key))?.payload ?? Buffer.of(), payload), key).toBe(0);
  };
  await expect(fill()).rejects.toMatchObject({ code: "store/full", status: 503 });
  const refused = `k${kept.size}`;
  expect(kept.size).toBeGreaterThan(0);
  expect(await store.read(refused)).toBeUndefined();
  // The old value is not given up for one that does not fit.
  await expect(write("k0", "any")).rejects.toMatchObject({ code: "store/full" });
  await verify();
  disk.grow("64m");
  await write(refused, "absent");
  await write("k0", "any");
  await verify();
}
