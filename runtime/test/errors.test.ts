import { describe, expect, it, vi } from "vitest";
import { errorCauses } from "../src/error-causes.js";
import { type ErrorEntry, runtimeErrors } from "../src/error-fixes.js";
import { type RuntimeErrorCode, SessionError, SessionFieldError } from "../src/errors.js";

const entries = Object.entries(runtimeErrors) as [RuntimeErrorCode, ErrorEntry][];

describe("the runtime's error registry", () => {
  it.each(entries)("%s says why and how to mend it", (code, entry) => {
    expect(errorCauses[code]).toMatch(/\.$/);
    expect(entry.fix).toMatch(/\.$/);
    expect(entry.status).toBeGreaterThanOrEqual(400);
  });

  it("says with the error how to mend it, and in a bundle where to read that", async () => {
    const { fix } = new SessionError("session/gone", "The session ended");
    expect(fix).toBe(runtimeErrors["session/gone"].fix);
    vi.resetModules();
    // Alone, as in a bundle that has dropped the sentences.
    const bundled = await import("../src/errors.js");
    const error = new bundled.SessionError("session/gone", "The session ended");
    expect(error).toMatchObject({
      code: "session/gone",
      status: 409,
      fix: "See https://github.com/sessgen/sessgen/blob/main/docs/errors.md#sessiongone",
    });
  });

  it("carries code, status and cause", () => {
    const cause = new Error("socket closed");
    const error = new SessionError("store/closed", "The store is closed", { cause });
    expect(error).toMatchObject({ code: "store/closed", status: 503, cause });
  });

  it("names the field's path and never its value", () => {
    const error = new SessionFieldError("cart[2].quantity", "an integer greater than 0");
    expect(error.message).toBe("session.cart[2].quantity must be an integer greater than 0 [field/invalid]");
    expect(error.path).toBe("cart[2].quantity");
  });
});
