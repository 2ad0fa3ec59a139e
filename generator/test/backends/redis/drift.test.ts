import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe } from "vitest";
import { redis as recipe } from "../../../../services/redis.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { redis as cases } from "../drift/cases/redis.js";
import { testDrift } from "../drift/drift.js";
import { driftFolder } from "../drift/folder.js";

const PASSWORD = "pA1-w0rd";

describe.skipIf(!canStart(recipe))("Redis", () => {
  testDrift("Redis", cases, async () => {
    const { running } = await startOwn(recipe);
    const admin = new Redis(running.url);
    const env = { REDIS_URL: running.url.replace("//", `//web:${PASSWORD}@`) };
    const root = await driftFolder('{ kind: "redis", url: env("REDIS_URL") }');
    const hash = createHash("sha256").update(PASSWORD).digest("hex");
    const acl = await readFile(join(root, "session-infra/redis/users.acl"), "utf8");
    const rules = acl.trimEnd().split(" ").slice(2);
    return {
      root,
      env,
      async reset() {
        await admin.replicaof("NO", "ONE");
        await admin.config("SET", "maxmemory", "100mb", "maxmemory-policy", "volatile-ttl");
        await admin.acl(
          "SETUSER",
          "web",
          ...rules.map((rule) => rule.replace("REPLACE_WITH_SHA256_OF_PASSWORD", hash)),
        );
      },
      async change(given) {
        const [command = "", ...words] = given.split(" ");
        await admin.call(command, ...words);
      },
      async close() {
        admin.disconnect();
        await running.stop();
      },
    };
  });
});
