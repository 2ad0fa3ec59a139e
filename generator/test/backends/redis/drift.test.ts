import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { epochKey, type IndexValues, identityOf, indexNotesKey, writeIndexNotes } from "@sessgen/runtime";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { Redis } from "ioredis";
import { describe } from "vitest";
import { redis as recipe } from "../../../../services/redis.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { application } from "../../support/project.js";
import { redis as cases } from "../drift/cases/redis.js";
import { testDrift } from "../drift/drift.js";
import { driftFolder } from "../drift/folder.js";
import { own, payload, write } from "../sql/sessions.js";

const PASSWORD = "pA1-w0rd";

describe.skipIf(!canStart(recipe))("Redis", () => {
  testDrift("Redis", cases, async () => {
    const { running } = await startOwn(recipe);
    const admin = new Redis(running.url);
    const store = redisStore({ url: running.url });
    const { tag } = identityOf({ application });
    const notes = indexNotesKey(tag);
    /** Stores a session, and that the application has some. */
    const begin = async (index?: IndexValues): Promise<void> => {
      await store.write(epochKey(tag), payload({}), write);
      await store.write(own("a"), payload({ user: { id: "u" } }), { ...write, ...(index && { index }) });
    };
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
        await admin.config("SET", "min-replicas-to-write", 0);
        await admin.config("SET", "maxmemory", "100mb", "maxmemory-policy", "volatile-ttl");
        await admin.flushall();
        await begin({ user_id: "u" });
        await store.write(notes, writeIndexNotes({ user_id: { of: "user.id", state: "final" } }), write);
        await admin.acl(
          "SETUSER",
          "web",
          ...rules.map((rule) => rule.replace("REPLACE_WITH_SHA256_OF_PASSWORD", hash)),
        );
      },
      async change(given) {
        if (given === "{older}") {
          await begin();
          return;
        }
        const [command = "", ...words] = given.replace("{notes}", `session:${notes}`).split(" ");
        await admin.call(command, ...words);
      },
      async close() {
        await store.close();
        admin.disconnect();
        await running.stop();
      },
    };
  });
});
