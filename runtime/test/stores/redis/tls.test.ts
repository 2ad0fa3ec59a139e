import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { redis } from "../../../../services/redis.js";
import { type Encrypted, startTls } from "../../../../services/redis-tls.js";
import { redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";

// The table says so when there is no server.
const available = (await serviceUrl("redis")) !== "" && redis.available();

describe.skipIf(!available).each(redisDrivers)("an encrypted Redis through %s", (driver) => {
  let server: Encrypted;
  beforeAll(async () => {
    server = await startTls();
  });
  afterAll(() => server.stop());

  it("is trusted for its private authority", async () => {
    const store = redisStore({ url: server.url, ca: server.ca, driver });
    const payload = Uint8Array.from({ length: 256 }, (_, i) => i);
    const written = await store.write("a", payload, { expect: "any", expiresAt: Date.now() + 60_000 });
    expect(written.ok).toBe(true);
    expect(new Uint8Array((await store.read("a"))?.payload ?? [])).toEqual(payload);
    await store.close();
  });

  it("is not trusted without it, and not spoken to without encryption: store/unavailable", async () => {
    for (const url of [server.url, server.url.replace("rediss:", "redis:")]) {
      const store = redisStore({ url, driver });
      await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
      await store.close();
    }
  });
});
