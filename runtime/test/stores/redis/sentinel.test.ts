import { Redis } from "ioredis";
import { createSentinel } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { eventually } from "../../../../services/machine.js";
import { redis } from "../../../../services/redis.js";
import { startSentinel, type Watched } from "../../../../services/redis-sentinel.js";
import { redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { byDeadline } from "../shared/by-deadline.js";
import { found } from "./helpers.js";

// The table says so when there is no server; those in containers could not call each other.
const available = (await serviceUrl("redis")) !== "" && redis.available();

describe.skipIf(!available).each(redisDrivers)("a primary that Sentinels name, through %s", (driver) => {
  let watched: Watched;
  beforeAll(async () => {
    watched = await startSentinel();
  });
  afterAll(() => watched.stop());
  const expiresAt = Date.now() + 3_600_000;
  const write = { expect: "any", expiresAt, index: { user_id: "u" } } as const;

  it("is reached through a client of the application's own, which stays open", async () => {
    const { hostname: host, port } = new URL(watched.url);
    const node = { host, port: Number(port) };
    const { name } = watched;
    const own =
      driver === "ioredis"
        ? new Redis({ sentinels: [node], name })
        : await createSentinel({ name, sentinelRootNodes: [node] }).connect();
    for (let round = 0; round < 2; round += 1) {
      const store = redisStore({ client: own, prefix: "own:" });
      expect((await store.write("a", Uint8Array.of(0, 255, round), write)).ok).toBe(true);
      expect([...((await store.read("a"))?.payload ?? [])]).toEqual([0, 255, round]);
      expect(await found(store, "user_id", "u")).toEqual(["a"]);
      await store.close();
    }
    if (own instanceof Redis) own.disconnect();
    else await own.destroy();
  });

  it("is followed when another one is elected", async () => {
    const store = redisStore({ sentinel: { name: watched.name, nodes: [watched.url] }, driver });
    const begun = await store.write("a", Uint8Array.of(1), write);
    const attempt = (payload: number) =>
      byDeadline(store, 2000, (deadline) => store.write("a", Uint8Array.of(payload), deadline.and(write)));
    expect(begun.ok).toBe(true);
    await watched.killPrimary();
    expect((await eventually(() => attempt(2))).ok).toBe(true);
    expect([...((await store.read("a"))?.payload ?? [])]).toEqual([2]);
    expect(await found(store, "user_id", "u")).toEqual(["a"]);
    await store.close();
  });

  it("is gone with its Sentinels: store/unavailable", async () => {
    const store = redisStore({ sentinel: { name: "s", nodes: ["redis://127.0.0.1:1"] }, driver });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    await store.close();
  });
});
