import { existsSync, readdirSync } from "node:fs";
import { inspect } from "node:util";
import { beforeAll, describe, expect, it, vi } from "vitest";
// What is imported by the names of folders asks for servers; this says so to `npm run test:fast`.
import "../../../../services/client.js";
import { SessionError } from "../../../src/errors.js";
import { plainCause } from "../../../src/stores/shared/plain-cause.js";
import { type FailingCase, PASSWORD, secrets } from "./failing.js";

/** Everything that a log might show of an error, hidden parts and those of its causes included. */
function shownOf(error: unknown): string {
  const everything = inspect(error, {
    depth: 20,
    showHidden: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  const seen = new Set<unknown>();
  const json = JSON.stringify(error, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return "seen";
    seen.add(value);
    const own = Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)] as const);
    return Object.fromEntries(own);
  });
  return `${everything}\n${json}`;
}

beforeAll(() => {
  vi.stubEnv("AWS_REGION", "local");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", PASSWORD);
});

const stores = new URL("..", import.meta.url);
const cases: [name: string, open: FailingCase[1]][] = [];
for (const name of readdirSync(stores).sort()) {
  const file = new URL(`${name}/failing.ts`, stores);
  if (name === "shared" || !existsSync(file)) continue;
  const own = (await import(/* @vite-ignore */ file.pathname)) as { readonly cases: readonly FailingCase[] };
  for (const [title, open] of own.cases) cases.push([`${name}, ${title}`, open]);
}

describe("an error of a store shows nothing that was stored", () => {
  it.each(cases)("%s", async (_name, open) => {
    const { store, fail } = await open();
    const error: unknown = await fail(store).then(
      () => expect.fail("it should have failed"),
      (reason: unknown) => reason,
    );
    await store.close();
    expect(error).toBeInstanceOf(SessionError);
    const shown = shownOf(error);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    // What helps is there: of a failure of the driver, what it calls it.
    const { cause } = error as SessionError;
    if (cause !== undefined)
      expect(Object.keys(Object(cause)).filter((key) => !["code", "errno"].includes(key))).toEqual([]);
  });
});

describe("the cause of an error", () => {
  it.each([
    [
      "name, code and errno are kept",
      {
        given: Object.assign(new TypeError("quoted"), {
          code: "E1",
          errno: -2,
          sql: "quoted",
          path: "quoted",
        }),
        want: { name: "TypeError", message: "E1", code: "E1", errno: -2 },
      },
    ],
    [
      "a code that is none is not",
      { given: Object.assign(new Error("x"), { code: "a b" }), want: { message: "" } },
    ],
    [
      "nor a name that is none",
      { given: Object.assign(new Error("x"), { name: "a b" }), want: { name: "Error" } },
    ],
  ])("%s", (_name, { given, want }) => {
    const plain = plainCause(given);
    expect(plain).toMatchObject(want);
    expect(shownOf(plain)).not.toContain("quoted");
  });

  it("goes on in its own causes, and ends where they go round", () => {
    const inner = Object.assign(new Error("quoted"), { code: "INNER" });
    const both = new AggregateError([inner, "quoted"], "quoted", { cause: inner });
    Object.assign(inner, { cause: both });
    const plain = plainCause(both);
    expect(plain).toBeInstanceOf(AggregateError);
    expect(plain).toMatchObject({ errors: [{ code: "INNER" }], cause: { code: "INNER" } });
    expect(shownOf(plain)).not.toContain("quoted");
  });

  it.each(["text", 1, null, undefined])("is none where %j was thrown", (given) => {
    expect(plainCause(given)).toBeUndefined();
  });
});
