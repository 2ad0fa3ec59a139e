// Compiled, not run: what the compiler lets through and what it refuses.
import { z } from "zod";
import { z as z3 } from "zod-3";
import { defineConfig, env } from "../../src/index.js";
import "./agree.test-d.js";

const schema = z.object({ user: z.object({ id: z.string() }).optional(), visits: z.number() });

defineConfig({
  schema,
  backend: { kind: "memory" },
  fields: { visits: { merge: "counter" }, "user.id": {} },
});
defineConfig({ schema, backend: { kind: "redis", url: env("REDIS_URL") } });
defineConfig({
  schema: z3.object({ a: z3.string() }),
  backend: { kind: "memory" },
  fields: { a: { flash: true, ttl: "10m" } },
});
// @ts-expect-error: no such duration
defineConfig({ schema, backend: { kind: "memory" }, fields: { visits: { ttl: "soon" } } });
// @ts-expect-error: the schema has no such field
defineConfig({ schema, backend: { kind: "memory" }, fields: { visit: {} } });
// @ts-expect-error: nor one of that name inside of user
defineConfig({ schema, backend: { kind: "memory" }, fields: { "user.name": {} } });
// @ts-expect-error: Zod 3 schemas are looked at, too
defineConfig({ schema: z3.object({ a: z3.string() }), backend: { kind: "memory" }, fields: { b: {} } });
// @ts-expect-error: there is no such backend
defineConfig({ schema, backend: { kind: "floppy" } });
// @ts-expect-error: nor such a duration
defineConfig({ schema, backend: { kind: "memory" }, lifetime: { idle: "soon" } });
// @ts-expect-error: a secret does not stand in the config
defineConfig({ schema, backend: { kind: "cookie", secrets: ["0123456789abcdef0123456789abcdef"] } });
// @ts-expect-error: an option of another kind
defineConfig({ schema, backend: { kind: "redis", url: env("REDIS_URL"), table: "sessions" } });
// @ts-expect-error: the module of a client is a path
defineConfig({ schema, backend: { kind: "postgres", client: env("CLIENT") } });
defineConfig({
  schema,
  backend: {
    development: { kind: "memory" },
    production: { kind: "redis", nodes: [env("REDIS_1"), "rediss://b.example"], ca: env("REDIS_CA") },
  },
});
