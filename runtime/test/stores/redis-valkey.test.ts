import { describe, it } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { redisStore } from "../../src/stores/redis.js";
import { redisDrivers } from "../../src/stores/redis-client.js";
import { testStore } from "../../src/testing/index.js";

const url = await serviceUrl("valkey");
let prefixes = 0;

describe.skipIf(url === "").each(redisDrivers)("Valkey through %s", (driver) => {
  testStore(
    { describe, it },
    `valkey (${driver})`,
    () => {
      prefixes += 1;
      const prefix = `test:${process.pid}:${prefixes}:`;
      return {
        store: redisStore({ url, prefix, driver }),
        now: Date.now,
        advance: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds + 5)),
        another: () => redisStore({ url, prefix, driver }),
      };
    },
    { sweep: "Valkey deletes expired keys itself" },
  );
});
