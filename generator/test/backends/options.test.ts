import { describe, expect, it } from "vitest";
import { catalog } from "../../src/cli/catalog.js";
import { backendSchema } from "../../src/config/options/options.js";
import { env } from "../../src/index.js";

const schema = backendSchema(catalog);
const takes = (backend: object): boolean => schema.safeParse(backend).success;

// That types agree is seen to by the compiler (agree.ts); these are bounds that types cannot say.
describe.each([...catalog.backends.keys()])("%s", (kind) => {
  it("takes no option that nobody knows", () => {
    expect(schema.safeParse({ kind, colour: "blue" }).error?.issues).toContainEqual(
      expect.objectContaining({ code: "unrecognized_keys", keys: ["colour"] }),
    );
  });
});

describe.each([
  ["an empty prefix of Redis", { kind: "redis", url: env("URL"), prefix: "" }, true],
  ["an empty prefix of DynamoDB", { kind: "dynamodb", prefix: "" }, true],
  ["an empty prefix of MongoDB", { kind: "mongodb", url: env("URL"), prefix: "" }, false],
  [
    "a table of DynamoDB by its ARN",
    { kind: "dynamodb", table: "arn:aws:dynamodb:eu-west-1:123456789012:table/sessions" },
    true,
  ],
  ["a table of DynamoDB with a name too short", { kind: "dynamodb", table: "ab" }, false],
  ["no cleanup", { kind: "sqlite", file: "a.db", cleanup: 0 }, true],
  ["less than no cleanup", { kind: "sqlite", file: "a.db", cleanup: -1 }, false],
  ["a pool of nothing", { kind: "postgres", url: env("URL"), poolSize: 0 }, false],
  ["files that a group may read", { kind: "file", directory: "sessions", mode: 0o660 }, true],
  ["permissions there are none of", { kind: "file", directory: "sessions", mode: 0o7777 }, false],
  ["a client from the environment", { kind: "postgres", client: env("CLIENT") }, false],
  ["a module anywhere on the machine", { kind: "keyv", module: "/srv/keyv.ts" }, false],
  ["no secret", { kind: "cookie", secrets: [] }, false],
  ["a secret in the config", { kind: "cookie", secrets: ["x".repeat(32)] }, false],
  ["more cookies than proxies let through", { kind: "cookie", secrets: [env("S")], maxChunks: 6 }, false],
  [
    "servers of Memcached, some from the environment",
    { kind: "memcached", servers: ["a:11211", env("B")] },
    true,
  ],
  ["two places of Redis", { kind: "redis", url: env("URL"), nodes: [env("NODE")] }, false],
  ["neither an address nor a client", { kind: "mysql" }, false],
] as const)("%s", (_name, backend, taken) => {
  it(taken ? "is taken" : "is refused", () => expect(takes(backend)).toBe(taken));
});
