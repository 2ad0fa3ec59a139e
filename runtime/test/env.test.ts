import { afterEach, describe, expect, it, vi } from "vitest";
import { env } from "../src/env.js";

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
});
