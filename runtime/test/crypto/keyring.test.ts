import { describe, expect, it } from "vitest";
import { Keyring } from "../../src/crypto/keyring.js";

const [newest, older, foreign] = ["the newest secret", "the one before it", "somebody else's secret"];
const content = Buffer.from("what nobody may read");

/** What the place has, sealed by the newest secret. */
const sealed = (): Buffer => new Keyring("fields", [newest]).seal(content, "here");

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = sealed();
  change(bytes);
  return bytes;
}

describe("a keyring", () => {
  it.each<
    [string, { given: { secrets: string[]; purpose?: string; bound?: string }; want: number | undefined }]
  >([
    ["its own secret", { given: { secrets: [newest] }, want: 0 }],
    ["a secret that another one stands in front of", { given: { secrets: [older, newest] }, want: 1 }],
    ["another secret", { given: { secrets: [foreign] }, want: undefined }],
    ["the secret for another purpose", { given: { secrets: [newest], purpose: "payload" }, want: undefined }],
    ["the secret at another place", { given: { secrets: [newest], bound: "there" }, want: undefined }],
  ])("opens with %s, or does not, and says by which", (_name, { given, want }) => {
    const { secrets, purpose = "fields", bound = "here" } = given;
    const opened = new Keyring(purpose, secrets).open(sealed(), bound);
    expect(opened).toEqual(want === undefined ? undefined : { content, position: want });
  });

  it.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["too little", sealed().subarray(0, 36)],
    ["another layout", changed((bytes) => bytes.writeUInt8(2, 0))],
    ["the id of another secret", changed((bytes) => bytes.fill(0, 1, 5))],
    ["another salt", changed((bytes) => bytes.fill(0, 5, 21))],
    ["another ciphertext", changed((bytes) => bytes.fill(0, 21, 25))],
    ["another tag", changed((bytes) => bytes.fill(0, bytes.length - 16))],
    ["an end that is missing", sealed().subarray(0, -1)],
  ])("opens %s as nothing, and does not throw", (_name, bytes) => {
    expect(new Keyring("fields", [newest]).open(bytes, "here")).toBeUndefined();
  });

  it("seals the same content differently every time", () => {
    expect(sealed()).not.toEqual(sealed());
  });

  it("opens a view that begins in the middle of a buffer", () => {
    const whole = Buffer.concat([Buffer.alloc(3), sealed()]);
    expect(new Keyring("fields", [newest]).open(whole.subarray(3), "here")?.content).toEqual(content);
  });

  it("seals nothing without a secret", () => {
    expect(() => new Keyring("fields", []).seal(content, "here")).toThrow(RangeError);
  });
});
