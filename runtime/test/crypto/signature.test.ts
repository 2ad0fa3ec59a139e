import { describe, expect, it } from "vitest";
import { type Digest, Signer, type Verification } from "../../src/crypto/signature.js";

const [newest, older] = ["the newest secret", "the one before it"];
const signature = new Signer("shop", [newest]).sign("session", "id");

describe("a signature", () => {
  it.each<[string, { given: [signer: Signer, name?: string, value?: string]; want: Verification }]>([
    ["its own secret", { given: [new Signer("shop", [newest])], want: "valid" }],
    ["a secret that is rotated out", { given: [new Signer("shop", [older, newest])], want: "stale" }],
    ["the identity of before", { given: [new Signer(["shop-2", "shop"], [newest])], want: "stale" }],
    ["another secret", { given: [new Signer("shop", [older])], want: "invalid" }],
    ["another identity", { given: [new Signer("forum", [newest])], want: "invalid" }],
    ["another hash", { given: [new Signer("shop", [newest], "sha512")], want: "invalid" }],
    ["keys that are derived", { given: [new Signer("shop", [newest], "sha256", "salt")], want: "invalid" }],
    ["another name", { given: [new Signer("shop", [newest]), "admin"], want: "invalid" }],
    ["another value", { given: [new Signer("shop", [newest]), "session", "id2"], want: "invalid" }],
    [
      "a name that takes from the value",
      { given: [new Signer("shop", [newest]), "session=id", ""], want: "invalid" },
    ],
  ])("is judged by %s", (_name, { given: [signer, name = "session", value = "id"], want }) => {
    expect(signer.verify(name, value, signature)).toBe(want);
  });

  it.each<[Digest, number]>([
    ["sha256", 43],
    ["sha384", 64],
    ["sha512", 86],
  ])("with %s has %i characters, whether keys are derived or not", (digest, length) => {
    for (const salt of [undefined, "salt"])
      expect(new Signer("shop", [newest], digest, salt).sign("session", "id")).toMatch(
        new RegExp(`^[\\w-]{${length}}$`),
      );
  });
});
