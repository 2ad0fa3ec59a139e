import { describe, expect, it } from "vitest";
import { z } from "zod";
import { catalog } from "../../src/cli/catalog.js";
import { applyLock } from "../../src/lock/apply.js";
import { newLock } from "../../src/lock/lock.js";
import { type Snapshot, snapshotOf } from "../../src/lock/snapshot.js";
import { printLock } from "../../src/lock/text.js";
import { buildModel, configOf } from "../model/config.js";
import { application } from "../support/project.js";

describe("the snapshot", () => {
  it("says what matters to stored sessions, by the paths of the slots", async () => {
    const config = configOf(
      z.object({
        user: z
          .object({ id: z.string().nullable(), tags: z.array(z.object({ x: z.int().optional() })) })
          .optional(),
        visits: z.int().default(0),
        theme: z.enum(["light", "dark"]).catch("light"),
      }),
      {
        name: "admin",
        realm: { $env: "REALM" },
        fields: {
          user: { regenerate: "on-change", redact: false },
          "user.id": { index: "hashed" },
          visits: { merge: "counter", ttl: 600_000, was: "hits" },
        },
        encryption: { secrets: [{ $env: "ENCRYPTION_SECRET" }] },
        backends: { default: { kind: "redis", url: "redis://:s3cret@host", prefix: { $env: "PREFIX" } } },
      },
    );
    const { model } = applyLock((await buildModel(config)).model, newLock(application));
    expect(snapshotOf(config, model, catalog)).toEqual({
      name: "admin",
      realm: { $env: "REALM" },
      serializer: "packed",
      lifetime: config.lifetime,
      cookie: config.cookie,
      encryption: { secrets: [{ $env: "ENCRYPTION_SECRET" }] },
      backends: { default: { kind: "redis", url: "redis://host", prefix: { $env: "PREFIX" } } },
      fields: {
        theme: { required: true, default: '"light"', catch: '"light"' },
        user: { required: false, regenerate: "on-change" },
        "user.id": { required: true, nullable: true },
        "user.tags": { required: true },
        "user.tags[].x": { required: false },
        visits: { required: true, default: "0", merge: "counter", ttl: 600_000 },
      },
      indexes: { "user.id": { name: "user_id", type: "string", hashed: true } },
      checks: { "user.tags[].x": { integer: true }, visits: { integer: true } },
    });
  });

  it("says what values are checked for, and nothing where nothing is", async () => {
    const config = configOf(
      z.object({
        plain: z.string(),
        tags: z.array(z.string().nullable()).max(3),
        name: z.string().min(1).regex(/^a/),
        mail: z.email(),
        price: z.bigint().positive(),
        either: z.literal(["a", 1]),
        open: z.looseObject({ x: z.date().min(new Date(5)) }),
      }),
    );
    const { model } = applyLock((await buildModel(config)).model, newLock(application));
    expect(snapshotOf(config, model, catalog)["checks"]).toEqual({
      either: { values: ['"a"', "1"] },
      // The pattern of an address is long: it is known again by its hash.
      mail: { format: "email", patterns: [expect.stringMatching(/^sha256:[0-9a-f]{16}$/)] },
      name: { minLength: 1, patterns: ["/^a/"] },
      open: { rest: "loose" },
      "open.x": { min: 5 },
      price: { above: "0" },
      tags: { maxLength: 3 },
      "tags[]": { nullable: true },
    });
  });

  it("remembers which parts had an index once", async () => {
    const of = async (fields: Record<string, { index: boolean }>, previous?: Snapshot) => {
      const config = configOf(z.object({ a: z.string(), b: z.string() }), { fields });
      const { model } = applyLock((await buildModel(config)).model, newLock(application));
      return snapshotOf(config, model, catalog, previous);
    };
    const both = await of({ a: { index: true }, b: { index: true } });
    const one = await of({ a: { index: true } }, both);
    const none = await of({}, one);
    expect([both, one, none].map((snapshot) => snapshot["formerIndexes"])).toEqual([
      undefined,
      ["b"],
      ["a", "b"],
    ]);
    expect((await of({ b: { index: true } }, none))["formerIndexes"]).toEqual(["a"]);
  });

  it("holds no secret, whatever option it is given as", async () => {
    const backends = {
      one: { kind: "sqlite", file: "libsql://host?authToken=s3cret" },
      two: { kind: "postgres", url: "postgres://user:s3cret@host/db", table: "sessions" },
      three: { kind: "memcached", servers: ["user:s3cret@host:11211"] },
      four: { kind: "mongodb", url: "mongodb://u:s3cret@a:1,b:2/db?authToken=s3cret" },
      five: { kind: "redis", url: "redis://u:s3/cret@s3cret/@host:1/2" },
      six: {
        kind: "redis",
        sentinel: { name: "mymaster", nodes: ["redis://u:s3cret@c:3"], password: { $env: "PASSWORD" } },
      },
    };
    const config = configOf(z.object({}), { backends });
    const { model, lock } = applyLock((await buildModel(config)).model, newLock(application));
    const text = printLock({ ...lock, snapshot: snapshotOf(config, model, catalog) });
    expect(text).not.toContain("s3cret");
    const kept = snapshotOf(config, model, catalog)["backends"];
    expect(kept).toEqual({
      one: { kind: "sqlite", file: "libsql:…" },
      two: { kind: "postgres", url: "postgres://host/db", table: "sessions" },
      three: { kind: "memcached", servers: ["host:11211"] },
      four: { kind: "mongodb", url: "mongodb://a:1,b:2/db" },
      five: { kind: "redis", url: "redis://host:1/2" },
      six: { kind: "redis", sentinel: { name: "mymaster", nodes: ["redis://c:3"] } },
    });
  });

  it.each([...catalog.backends])("knows of each option of %s whether it has a place in it", (_, backend) => {
    const names = Object.keys(Object(Reflect.get(backend.options, "shape")));
    expect(names).toContain("kind");
    expect(["kind", ...Object.keys(backend.kept ?? {})].sort()).toEqual(names.sort());
  });
});
