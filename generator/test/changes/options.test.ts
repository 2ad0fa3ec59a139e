import { describe, expect, it } from "vitest";
import { compareStates } from "../../src/changes/compare.js";
import { stateOf } from "../../src/changes/state.js";
import { uncompared } from "../../src/changes/uncompared.js";
import { isMigrated } from "../../src/cli/changes.js";
import { printLock, readLock } from "../../src/lock/text.js";
import { drafts } from "./versions.js";

interface Interface {
  readonly members: readonly { readonly name: string; readonly type: string }[];
}
type Interfaces = ReadonlyMap<string, Interface>;
const { interfaces, membersOf } = (await import(
  new URL("../../../scripts/config-page/interfaces.mjs", import.meta.url).href
)) as {
  readonly interfaces: () => Interfaces;
  readonly membersOf: (all: Interfaces, name: string) => Interface["members"];
};
const all = interfaces();

/** Every option of an interface by its path, without those of which the parts are listed. */
const pathsOf = (name: string, prefix = ""): string[] =>
  membersOf(all, name).flatMap((member) => {
    const path = `${prefix}${member.name}`;
    const within = /\b([A-Z]\w+Options|RedisSentinel)\b/.exec(member.type)?.[1];
    const isOwn = within === undefined || !all.has(within) || within === "MigrationsOptions";
    return isOwn || path.includes("permanent") ? [path] : pathsOf(within, `${path}.`);
  });
const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
const declared = [
  ...membersOf(all, "SessionConfig").flatMap((member) => {
    if (member.name === "schema" || member.name === "backend") return [];
    const own = {
      id: "IdOptions",
      lifetime: "LifetimesOptions",
      cookie: "CookieOptions",
      binding: "BindingOptions",
    };
    const more = {
      encryption: "EncryptionOptions",
      previous: "PreviousOptions",
      compression: "CompressionOptions",
    };
    const name = { ...own, ...more, fields: "FieldPolicies" }[member.name];
    return name === undefined ? [member.name] : pathsOf(name, `${member.name}.`);
  }),
  ...[...all.keys()].flatMap((name) => {
    const [, kind, what] = /^(\w+)(Backend|Glue)$/.exec(name) ?? [];
    if (kind === undefined) return [];
    const prefix = what === "Glue" ? `frameworks.${kebab(kind)}.` : `${kebab(kind)}.`;
    return pathsOf(name, prefix).filter((path) => path !== `${prefix}${what === "Glue" ? "name" : "kind"}`);
  }),
];

const a = "schema: z.object({ a: z.string().optional(), b: z.int().default(0) })";
const policy = (text: string) => [a, `${a}, fields: { a: { ${text} } }`] as const;
const who = "schema: z.object({ a: z.object({ id: z.string() }).optional(), b: z.int().default(0) })";
const user = (text: string) =>
  [
    `${who}, fields: { a: { regenerate: "on-change", identity: "id" } }`,
    `${who}, fields: { a: { regenerate: "on-change", identity: "id", ${text} } }`,
  ] as const;
const option = (text: string, other = "") => [`${a}${other}`, `${a}, ${text}`] as const;
const cookie = (text: string) => option(`cookie: { ${text} }`);
const secrets = 'encryption: { secrets: [env("SECRET")]';
const sealed = (text: string) => option(`${secrets}, ${text} }`, `, ${secrets} }`);
const backend = (kind: string, needed: string, text: string) =>
  [
    `${a}, backend: { kind: "${kind}"${needed} }`,
    `${a}, backend: { kind: "${kind}"${needed}, ${text} }`,
  ] as const;
const url = ', url: env("URL")';
const bag = "z.record(z.string(), z.unknown()).default({})";
const bags = `schema: z.object({ x: ${bag}, y: ${bag} })`;
const glue = (name: string) => `frameworks: [{ name: "express", compat: "express-session", bag: "${name}" }]`;

/** Of each option a change, and the rule that finds it. */
const compared: Readonly<Record<string, readonly [pair: readonly [string, string], rule: string]>> = {
  name: [[`${a}, name: "one"`, `${a}, name: "two"`], "kind-renamed"],
  realm: [option('realm: "x"'), "realm-changed"],
  schemaModule: [option('schemaModule: "./s.ts"'), "schema-module-changed"],
  serializer: [option('serializer: "json"'), "serializer-changed"],
  transport: [option('transport: ["cookie", "bearer"]'), "transport-added"],
  parts: [option('parts: "./p.ts"'), "parts-changed"],
  onStoreError: [option('onStoreError: "null-session"'), "store-error-changed"],
  maxBytes: [option("maxBytes: 999"), "max-bytes-changed"],
  onUnreadable: [option('onUnreadable: "quarantine"'), "unreadable-changed"],
  "id.bytes": [option("id: { bytes: 20 }"), "id-bytes-changed"],
  "lifetime.idle": [option('lifetime: { idle: "2m" }'), "lifetime-shortened"],
  "lifetime.absolute": [option('lifetime: { absolute: "40h" }'), "lifetime-extended"],
  "lifetime.permanent": [option('lifetime: { permanent: { idle: "1d" } }'), "lifetime-shortened"],
  "cookie.name": [cookie('name: "x"'), "cookie-renamed"],
  "cookie.domain": [
    option('cookie: { name: "x", domain: "example.com" }', ', cookie: { name: "x" }'),
    "cookie-moved",
  ],
  "cookie.path": [option('cookie: { name: "x", path: "/x" }', ', cookie: { name: "x" }'), "cookie-moved"],
  "cookie.secure": [cookie("secure: true"), "cookie-attributes-changed"],
  "cookie.httpOnly": [cookie("httpOnly: false"), "cookie-attributes-changed"],
  "cookie.sameSite": [cookie('sameSite: "strict"'), "cookie-attributes-changed"],
  "cookie.partitioned": [cookie("partitioned: true"), "cookie-moved"],
  "cookie.priority": [cookie('priority: "high"'), "cookie-attributes-changed"],
  "cookie.secrets": [cookie('secrets: [env("SECRET")]'), "cookie-signed"],
  "cookie.acceptUnsigned": [
    option('cookie: { secrets: [env("S")] }', ', cookie: { secrets: [env("S")], acceptUnsigned: true }'),
    "unsigned-refused",
  ],
  "cookie.digest": [
    option('cookie: { secrets: [env("S")], digest: "sha512" }', ', cookie: { secrets: [env("S")] }'),
    "cookie-signature-changed",
  ],
  "cookie.salt": [
    option('cookie: { secrets: [env("S")], salt: "x" }', ', cookie: { secrets: [env("S")] }'),
    "cookie-signature-changed",
  ],
  "cookie.refresh": [cookie('refresh: "every-request"'), "cookie-attributes-changed"],
  "cookie.clearCache": [cookie("clearCache: true"), "cookie-attributes-changed"],
  "binding.userAgent": [
    option('binding: { userAgent: true, onMismatch: "event" }', ', binding: { onMismatch: "event" }'),
    "binding-changed",
  ],
  "binding.network": [
    option(
      'binding: { network: { ipv4: 8, ipv6: 9 }, onMismatch: "event" }',
      ', binding: { onMismatch: "event" }',
    ),
    "binding-changed",
  ],
  "binding.onMismatch": [
    option(
      'binding: { userAgent: true, onMismatch: "anonymous" }',
      ', binding: { userAgent: true, onMismatch: "event" }',
    ),
    "binding-changed",
  ],
  "encryption.secrets": [
    option('encryption: { secrets: [env("OTHER")] }', ', encryption: { secrets: [env("SECRET")] }'),
    "encryption-secrets-changed",
  ],
  "encryption.payload": [sealed("payload: true"), "payload-encrypted"],
  "encryption.acceptPlain": [option(`${secrets} }`, `, ${secrets}, acceptPlain: true }`), "plain-refused"],
  "previous.application": [option('previous: [{ application: "AAAAAAAAAAAAAAAAAAAAAA" }]'), "previous-added"],
  "previous.realm": [option('previous: [{ realm: "x" }]'), "previous-added"],
  "previous.name": [option('previous: [{ name: "x" }]'), "previous-added"],
  "previous.deriveKey": [option('previous: [{ deriveKey: "./k.ts" }]'), "previous-added"],
  "compression.above": [option("compression: { above: 9 }"), "compression-changed"],
  "fields.merge": [[a, `${a}, fields: { b: { merge: "counter" } }`], "merge-changed"],
  "fields.flash": [policy("flash: true"), "flash-changed"],
  "fields.ttl": [policy('ttl: "1h"'), "ttl-changed"],
  "fields.regenerate": [policy('regenerate: "on-change"'), "regenerate-changed"],
  "fields.identity": [
    [
      `${who}, fields: { a: { regenerate: "on-change" } }`,
      `${who}, fields: { a: { regenerate: "on-change", identity: "id" } }`,
    ],
    "identity-changed",
  ],
  "fields.onLogin": [user('onLogin: "drop"'), "identity-changed"],
  "fields.onNewUser": [user('onNewUser: "keep"'), "identity-changed"],
  "fields.redact": [policy("redact: true"), "visibility-changed"],
  "fields.client": [policy("client: true"), "visibility-changed"],
  "fields.list": [
    option(
      `backend: { kind: "redis"${url} }, fields: { b: { index: true }, a: { list: true } }`,
      `, backend: { kind: "redis"${url} }, fields: { b: { index: true } }`,
    ),
    "visibility-changed",
  ],
  "fields.encrypt": [
    option(
      `${secrets}, acceptPlain: true }, fields: { a: { encrypt: true } }`,
      `, ${secrets}, acceptPlain: true }`,
    ),
    "field-encrypted",
  ],
  "fields.index": [
    option(
      `backend: { kind: "redis"${url} }, fields: { a: { index: true } }`,
      `, backend: { kind: "redis"${url} }`,
    ),
    "index-added",
  ],
  "fields.was": [[a, `${a.replace("{ a:", "{ c:")}, fields: { c: { was: "a" } }`], "field-renamed"],
  "fields.upcast": [
    [
      a,
      `${a.replace("a: z.string()", "a: z.int()")}, fields: { a: { upcast: [{ from: z.string(), module: "./u.ts", export: "u" }] } }`,
    ],
    "type-changed",
  ],
  "frameworks.express.bag": [[`${bags}, ${glue("x")}`, `${bags}, ${glue("y")}`], "bag-changed"],
  "cookie.mode": [backend("cookie", ', secrets: [env("S")]', 'mode: "signed"'), "backend-moved"],
  "cookie.maxChunks": [backend("cookie", ', secrets: [env("S")]', "maxChunks: 1"), "max-bytes-changed"],
  "dynamodb.table": [backend("dynamodb", "", 'table: "others"'), "backend-moved"],
  "dynamodb.region": [backend("dynamodb", "", 'region: "eu-west-1"'), "backend-address-changed"],
  "dynamodb.endpoint": [backend("dynamodb", "", 'endpoint: env("E")'), "backend-address-changed"],
  "dynamodb.client": [backend("dynamodb", "", 'client: "./c.ts"'), "backend-address-changed"],
  "dynamodb.prefix": [backend("dynamodb", "", 'prefix: "x"'), "backend-moved"],
  "dynamodb.partitionKey": [backend("dynamodb", "", 'partitionKey: "x"'), "backend-moved"],
  "dynamodb.ttlAttribute": [backend("dynamodb", "", 'ttlAttribute: "x"'), "backend-moved"],
  "dynamodb.consistentRead": [backend("dynamodb", "", "consistentRead: false"), "read-consistency-changed"],
  "express-store.module": [
    [
      `${a}, backend: { kind: "express-store", module: "./a.ts" }`,
      `${a}, backend: { kind: "express-store", module: "./b.ts" }`,
    ],
    "backend-moved",
  ],
  "file.directory": [
    [
      `${a}, backend: { kind: "file", directory: "one" }`,
      `${a}, backend: { kind: "file", directory: "two" }`,
    ],
    "backend-moved",
  ],
  "file.maxEntries": [backend("file", ', directory: "one"', "maxEntries: 9"), "capacity-changed"],
  "keyv.module": [
    [
      `${a}, backend: { kind: "keyv", module: "./a.ts" }`,
      `${a}, backend: { kind: "keyv", module: "./b.ts" }`,
    ],
    "backend-moved",
  ],
  "keyv.prefix": [backend("keyv", ', module: "./a.ts"', 'prefix: "x"'), "backend-moved"],
  "lmdb.path": [
    [`${a}, backend: { kind: "lmdb", path: "one" }`, `${a}, backend: { kind: "lmdb", path: "two" }`],
    "backend-moved",
  ],
  "lmdb.mapSize": [backend("lmdb", ', path: "one"', "mapSize: 99999999"), "capacity-changed"],
  "lmdb.prefix": [backend("lmdb", ', path: "one"', 'prefix: "x"'), "backend-moved"],
  "memcached.servers": [
    [
      `${a}, backend: { kind: "memcached", servers: "a" }`,
      `${a}, backend: { kind: "memcached", servers: ["a", "b"] }`,
    ],
    "backend-address-changed",
  ],
  "memcached.client": [backend("memcached", ', servers: "a"', 'client: "./c.ts"'), "backend-address-changed"],
  "memcached.prefix": [backend("memcached", ', servers: "a"', 'prefix: "x"'), "backend-moved"],
  "memcached.maxBytes": [backend("memcached", ', servers: "a"', "maxBytes: 999"), "max-bytes-changed"],
  "memory.maxEntries": [backend("memory", "", "maxEntries: 9"), "capacity-changed"],
  "memory.maxBytes": [backend("memory", "", "maxBytes: 9999"), "capacity-changed"],
  "mongodb.url": [
    [
      `${a}, backend: { kind: "mongodb", url: env("A") }`,
      `${a}, backend: { kind: "mongodb", url: env("B") }`,
    ],
    "backend-address-changed",
  ],
  "mongodb.client": [backend("mongodb", url, 'client: "./c.ts"'), "backend-address-changed"],
  "mongodb.database": [backend("mongodb", url, 'database: "x"'), "backend-moved"],
  "mongodb.collection": [backend("mongodb", url, 'collection: "x"'), "backend-moved"],
  "mongodb.prefix": [backend("mongodb", url, 'prefix: "x"'), "backend-moved"],
  "mysql.url": [
    [`${a}, backend: { kind: "mysql", url: env("A") }`, `${a}, backend: { kind: "mysql", url: env("B") }`],
    "backend-address-changed",
  ],
  "mysql.client": [backend("mysql", url, 'client: "./c.ts"'), "backend-address-changed"],
  "mysql.database": [backend("mysql", url, 'database: "x"'), "backend-moved"],
  "mysql.table": [backend("mysql", url, 'table: "x"'), "backend-moved"],
  "postgres.url": [
    [
      `${a}, backend: { kind: "postgres", url: env("A") }`,
      `${a}, backend: { kind: "postgres", url: env("B") }`,
    ],
    "backend-address-changed",
  ],
  "postgres.client": [backend("postgres", url, 'client: "./c.ts"'), "backend-address-changed"],
  "postgres.schema": [backend("postgres", url, 'schema: "x"'), "backend-moved"],
  "postgres.table": [backend("postgres", url, 'table: "x"'), "backend-moved"],
  "postgres.layout": [backend("postgres", url, 'layout: "identity"'), "backend-moved"],
  "redis.url": [
    [`${a}, backend: { kind: "redis", url: env("A") }`, `${a}, backend: { kind: "redis", url: env("B") }`],
    "backend-address-changed",
  ],
  "redis.nodes": [
    [
      `${a}, backend: { kind: "redis", nodes: [env("A")] }`,
      `${a}, backend: { kind: "redis", nodes: [env("B")] }`,
    ],
    "backend-address-changed",
  ],
  "redis.sentinel.name": [
    [
      `${a}, backend: { kind: "redis", sentinel: { name: "one", nodes: [env("A")] } }`,
      `${a}, backend: { kind: "redis", sentinel: { name: "two", nodes: [env("A")] } }`,
    ],
    "backend-address-changed",
  ],
  "redis.sentinel.nodes": [
    [
      `${a}, backend: { kind: "redis", sentinel: { name: "one", nodes: [env("A")] } }`,
      `${a}, backend: { kind: "redis", sentinel: { name: "one", nodes: [env("B")] } }`,
    ],
    "backend-address-changed",
  ],
  "redis.client": [backend("redis", url, 'client: "./c.ts"'), "backend-address-changed"],
  "redis.prefix": [backend("redis", url, 'prefix: "x"'), "backend-moved"],
  "sqlite.file": [
    [`${a}, backend: { kind: "sqlite", file: "one" }`, `${a}, backend: { kind: "sqlite", file: "two" }`],
    "backend-moved",
  ],
  "sqlite.table": [backend("sqlite", ', file: "one"', 'table: "x"'), "backend-moved"],
  "unstorage.module": [
    [
      `${a}, backend: { kind: "unstorage", module: "./a.ts" }`,
      `${a}, backend: { kind: "unstorage", module: "./b.ts" }`,
    ],
    "backend-moved",
  ],
  "unstorage.prefix": [backend("unstorage", ', module: "./a.ts"', 'prefix: "x"'), "backend-moved"],
};
// The backend `cookie` has secrets, too; the path is the same as that of the cookie's own option.
const both = ["cookie.secrets"];

describe("every option of the config", () => {
  it("is compared by a rule, or listed with the reason why it is not", () => {
    const listed = [...Object.keys(compared), ...Object.keys(uncompared)];
    expect([...new Set(listed)].sort()).toEqual([...new Set(declared)].sort());
    expect(Object.keys(compared).filter((path) => path in uncompared)).toEqual([]);
    expect(declared.filter((path, index) => declared.indexOf(path) !== index)).toEqual(both);
  });

  it.each(Object.entries(compared))("%s", async (_path, [[before, after], rule]) => {
    const memory = (text: string): string =>
      text.includes("backend:") ? text : `${text}, backend: { kind: "memory" }`;
    const versions = await drafts({ before: memory(before), after: memory(after) });
    const [older, newer] = [versions.before, versions.after].map(({ lock }, index) =>
      stateOf(readLock(printLock(lock), "lock"), String(index)),
    );
    if (older === undefined || newer === undefined) throw new Error("two versions");
    expect(compareStates(older, newer, isMigrated).map((change) => change.rule)).toContain(rule);
  });

  it.each(
    Object.entries(uncompared).filter(([path]) =>
      /^(?:postgres|mysql|sqlite|redis|dynamodb)\.(?!sentinel)/.test(path),
    ),
  )("%s changes nothing that is compared", async (path) => {
    const values: Readonly<Record<string, string>> = {
      driver: { postgres: '"pg"', sqlite: '"libsql"', redis: '"ioredis"' }[path.split(".")[0] ?? ""] ?? "",
      unlogged: "true",
      poolSize: "3",
      cleanup: "0",
      busyTimeout: "9",
      ca: 'env("CA")',
      billing: "{ read: 1, write: 1 }",
      pointInTimeRecovery: "true",
      deletionProtection: "false",
      tags: '{ a: "b" }',
      encryption: '"aws-managed"',
    };
    const [kind = "", name = ""] = path.split(".");
    const needed = { sqlite: ', file: "one"', dynamodb: "" }[kind] ?? url;
    const [before, after] = backend(kind, needed, `${name}: ${values[name]}`);
    const versions = await drafts({ before, after });
    const [older, newer] = [versions.before, versions.after].map(({ lock }) =>
      stateOf(readLock(printLock(lock), "lock"), "lock"),
    );
    if (older === undefined || newer === undefined) throw new Error("two versions");
    expect(compareStates(older, newer, isMigrated)).toEqual([]);
  });
});
