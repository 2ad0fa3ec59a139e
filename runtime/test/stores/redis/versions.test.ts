import { describe, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { testStore } from "../../../src/testing/index.js";

let prefixes = 0;
const servers: [string, string][] = [
  ["valkey", await serviceUrl("valkey")],
  ["redis-8", await serviceUrl("redis-8")],
];
const pairs = servers.flatMap(([name, url]) => redisDrivers.map((driver) => ({ name, url, driver })));

describe.each(pairs.filter(({ url }) => url !== ""))("$name through $driver", ({ name, url, driver }) => {
  testStore(
    { describe, it },
    `${name} (${driver})`,
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
    { sweep: "the server deletes expired keys itself" },
  );
});
