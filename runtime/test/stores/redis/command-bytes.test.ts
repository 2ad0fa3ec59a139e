import { Command } from "ioredis";
import { Command as Command5 } from "ioredis-5";
import { describe, expect, it, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { commandBytes } from "../../../src/stores/redis/command-bytes.js";
import type { RedisArgument } from "../../../src/stores/redis/connection.js";
import { redisStore } from "../../../src/stores/redis/index.js";

const url = await serviceUrl("redis");

const whole: [string, { given: [string, ...RedisArgument[]] }][] = [
  ["texts", { given: ["get", "session:a"] }],
  ["text that is longer in bytes", { given: ["get", "größe:日本:😀"] }],
  ["text that is no well-formed Unicode", { given: ["get", "a\ud800b"] }],
  ["nothing in it", { given: ["get", ""] }],
  ["bytes at the end", { given: ["evalsha", "0f", "1", "ключ", Buffer.from([0, 255, 13, 10])] }],
  ["bytes in between", { given: ["evalsha", "0f", "1", "k", Buffer.from([200, 1]), "größe", "sets"] }],
  ["bytes first", { given: ["echo", Buffer.from("a"), "b"] }],
  ["no bytes at all in them", { given: ["evalsha", "0f", "1", "k", Buffer.alloc(0), "c"] }],
  ["more bytes than the pool has", { given: ["evalsha", "0f", "1", "k", Buffer.alloc(20_000, 9)] }],
];

describe.each([
  ["ioredis 6", Command],
  ["ioredis 5", Command5],
])("a command is written as %s writes it", (_, Library) => {
  it.each(whole)("%s", (_name, { given: [name, ...args] }) => {
    const theirs = new Library(name, [...args]).toWritable({});
    expect(Buffer.from(commandBytes(name, args) ?? "none")).toEqual(Buffer.from(theirs));
  });
});

it("leaves one with several arguments of bytes to the library", () => {
  expect(commandBytes("evalsha", [Buffer.of(1), "a", Buffer.of(2)])).toBeUndefined();
});

it("is what goes to Redis: the library writes none of a store's commands itself", async () => {
  const theirs = vi.spyOn(Command.prototype, "toWritable");
  const store = redisStore({ url, driver: "ioredis", prefix: `test:bytes:${process.pid}:` });
  const options = { expect: "absent", expiresAt: Date.now() + 60_000, index: {} } as const;
  expect(await store.write("größe", Buffer.of(1, 200), options)).toMatchObject({ ok: true });
  expect(await store.read("größe")).toMatchObject({ payload: Buffer.of(1, 200) });
  expect(await store.remove("größe")).toBe(true);
  const names = theirs.mock.contexts.map((command) => (command as Command).name);
  expect(names).not.toContain("get");
  expect(names).not.toContain("evalsha");
  theirs.mockRestore();
  await store.close();
});
