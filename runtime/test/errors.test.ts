import { describe, expect, it } from "vitest";
import { errorCauses } from "../src/error-causes.js";
import {
  type ErrorEntry,
  type RuntimeErrorCode,
  runtimeErrors,
  SessionError,
  SessionFieldError,
} from "../src/errors.js";

const entries = Object.entries(runtimeErrors) as [RuntimeErrorCode, ErrorEntry][];

describe("the runtime's error registry", () => {
  it.each(entries)("%s says why and how to mend it", (code, entry) => {
    expect(errorCauses[code]).toMatch(/\.$/);
    expect(entry.fix).toMatch(/\.$/);
    expect(entry.status).toBeGreaterThanOrEqual(400);
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
