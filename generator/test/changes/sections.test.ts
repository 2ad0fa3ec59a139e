import { describe, expect, it } from "vitest";
import { compareStates } from "../../src/changes/compare.js";
import type { Example } from "../../src/changes/rule.js";
import { stateOf } from "../../src/changes/state.js";
import { isMigrated } from "../../src/cli/changes.js";
import type { SnapshotSection } from "../../src/lock/snapshot.js";
import { printLock, readLock } from "../../src/lock/text.js";
import { drafts } from "./versions.js";

const schema = "schema: z.object({ visits: z.int().default(0) })";
const indexed = 'backend: { kind: "redis", url: env("URL") }, fields: { visits: { index: true } }';
const bag = "schema: z.object({ extra: z.record(z.string(), z.unknown()).default({}) })";
const plain = 'backend: { kind: "redis", url: env("URL") }';

/** A change of each section, and of nothing else; the compiler asks for all of them. */
const sections: Record<SnapshotSection, Example & { readonly want: string }> = {
  name: { before: 'name: "admin"', after: 'name: "staff"', want: "kind-renamed" },
  realm: { before: schema, after: `${schema}, realm: "staging"`, want: "realm-changed" },
  id: { before: schema, after: `${schema}, id: { bytes: 24 }`, want: "id-bytes-changed" },
  serializer: { before: schema, after: `${schema}, serializer: "json"`, want: "serializer-changed" },
  lifetime: { before: schema, after: `${schema}, lifetime: { idle: "2m" }`, want: "lifetime-shortened" },
  cookie: { before: schema, after: `${schema}, cookie: { name: "other" }`, want: "cookie-renamed" },
  cookies: {
    before: 'backend: { production: { kind: "memory" } }',
    after:
      'backend: { production: { kind: "memory" } }, cookie: { production: { name: "other" }, default: { name: "sid" } }',
    want: "cookie-renamed",
  },
  transport: { before: schema, after: 'transport: ["cookie", "bearer"]', want: "transport-added" },
  encryption: {
    before: 'encryption: { secrets: [env("OLD_SECRET")] }',
    after: 'encryption: { secrets: [env("NEW_SECRET")] }',
    want: "encryption-secrets-changed",
  },
  compression: { before: schema, after: `${schema}, compression: true`, want: "compression-changed" },
  previous: { before: schema, after: `${schema}, previous: [{ realm: "two" }]`, want: "previous-added" },
  parts: { before: schema, after: `${schema}, parts: "./parts.ts"`, want: "parts-changed" },
  binding: {
    before: schema,
    after: `${schema}, binding: { userAgent: true, onMismatch: "event" }`,
    want: "binding-changed",
  },
  schemaModule: {
    before: schema,
    after: `${schema}, schemaModule: "./src/schema.ts"`,
    want: "schema-module-changed",
  },
  maxBytes: { before: schema, after: `${schema}, maxBytes: 999`, want: "max-bytes-changed" },
  onUnreadable: {
    before: schema,
    after: `${schema}, onUnreadable: { quarantine: "2d" }`,
    want: "unreadable-changed",
  },
  onStoreError: {
    before: schema,
    after: `${schema}, onStoreError: "null-session"`,
    want: "store-error-changed",
  },
  backends: {
    before: plain,
    after: 'backend: { kind: "redis", url: env("URL"), prefix: "other:" }',
    want: "backend-moved",
  },
  glue: {
    before: `${bag}, frameworks: [{ name: "express", compat: "express-session" }]`,
    after: `${bag}, frameworks: [{ name: "express", compat: "express-session", bag: "extra" }]`,
    want: "bag-changed",
  },
  fields: {
    before: schema,
    after: "schema: z.object({ visits: z.int().default(1) })",
    want: "default-changed",
  },
  indexes: { before: plain, after: indexed, want: "index-added" },
  formerIndexes: { base: indexed, before: plain, after: indexed, want: "index-readded" },
  checks: {
    before: schema,
    after: "schema: z.object({ visits: z.int().max(9).default(0) })",
    want: "checks-tightened",
  },
};

describe("a rule looks at each section of the snapshot", () => {
  it.each(Object.entries(sections))("%s", async (section, { want, ...example }) => {
    const versions = await drafts(example);
    const [before, after] = [versions.before, versions.after].map(({ lock }, index) =>
      stateOf(readLock(printLock(lock), "lock"), String(index)),
    );
    if (before === undefined || after === undefined) throw new Error("two versions");
    const differing = Object.keys({ ...before.lock.snapshot, ...after.lock.snapshot }).filter(
      (name) => JSON.stringify(before.lock.snapshot?.[name]) !== JSON.stringify(after.lock.snapshot?.[name]),
    );
    expect(differing).toContain(section);
    expect(compareStates(before, after, isMigrated).map(({ rule }) => rule)).toContain(want);
  });
});
