import { afterEach, describe, expect, it, vi } from "vitest";
import { env } from "../src/env.js";
import { byEnvironment } from "../src/environment.js";

describe("env", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("reads a variable", () => {
    vi.stubEnv("SESSGEN_TEST_URL", "redis://localhost");
    expect(env("SESSGEN_TEST_URL")).toBe("redis://localhost");
  });

  it.each<[string, { given: string | undefined }]>([
    ["missing", { given: undefined }],
    ["empty", { given: "" }],
  ])("names a variable that is %s", (_name, { given }) => {
    vi.stubEnv("SESSGEN_TEST_URL", given);
    expect(() => env("SESSGEN_TEST_URL")).toThrow(
      expect.objectContaining({ code: "env/missing", message: expect.stringContaining("SESSGEN_TEST_URL") }),
    );
  });

  it.each<[string | undefined, { want: string }]>([
    ["production", { want: 'needed in "production", which was chosen since NODE_ENV is "production"' }],
    [undefined, { want: 'needed in "production", which was chosen since NODE_ENV is not set' }],
    ["", { want: 'needed in "production", which was chosen since NODE_ENV is not set' }],
    [
      "staging",
      {
        want: 'needed in "production", which was chosen since NODE_ENV is "staging", for which the config has no entry',
      },
    ],
  ])("says which environment was chosen, and why, where NODE_ENV is %s", (environment, { want }) => {
    vi.stubEnv("SESSGEN_TEST_URL", undefined);
    vi.stubEnv("NODE_ENV", environment);
    expect(() => env("SESSGEN_TEST_URL", "production")).toThrow(want);
  });
});

describe("byEnvironment", () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each<
    [string, { environment: string | undefined; given: Record<string, number>; want: number | RegExp }]
  >([
    ["takes what stands under its name", { environment: "a", given: { a: 1, production: 2 }, want: 1 }],
    ["else the default", { environment: "b", given: { a: 1, default: 3, production: 2 }, want: 3 }],
    ["else that of production", { environment: undefined, given: { a: 1, production: 2 }, want: 2 }],
    ["has no entries that nobody wrote", { environment: "toString", given: { production: 2 }, want: 2 }],
    [
      "refuses to guess",
      { environment: undefined, given: { a: 1, b: 2 }, want: /NODE_ENV is not set, .* for a, b only/ },
    ],
  ])("%s", (_name, { environment, given, want }) => {
    vi.stubEnv("NODE_ENV", environment);
    if (typeof want === "number") expect(byEnvironment(given)).toBe(want);
    else expect(() => byEnvironment(given)).toThrow(want);
  });
});
