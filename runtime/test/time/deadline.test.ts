import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Deadline } from "../../src/time/deadline.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The deadline, and a turn of the loop, in which an answer would count that has come by then. */
const OVER = 51;

/** What an operation comes to that may take 50 ms. */
function within50ms<T>(operate: (deadline: Deadline) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => new Deadline("redis", 50).wait(operate, resolve, reject));
}

it("holds nobody up longer, whatever the store does", async () => {
  const outcome = expect(within50ms(() => new Promise(() => {}))).rejects.toMatchObject({
    code: "store/timeout",
  });
  await vi.advanceTimersByTimeAsync(OVER);
  await outcome;
});

it("tells of the end once, whatever comes later", async () => {
  let answer: (value: string) => void = () => {};
  const told: unknown[] = [];
  const tell = (outcome: unknown): void => void told.push(outcome);
  const operation = new Promise<string>((resolve) => {
    answer = resolve;
  });
  new Deadline("redis", 50).wait(() => operation, tell, tell);
  await vi.advanceTimersByTimeAsync(OVER);
  answer("late");
  await operation;
  expect(told).toEqual([expect.objectContaining({ code: "store/timeout" })]);
});

it("aborts the signal of who looks at it, in time or later", async () => {
  let early: AbortSignal | undefined;
  let late: (() => AbortSignal) | undefined;
  const bound = within50ms((deadline) => {
    early = deadline.signal;
    late = () => deadline.signal;
    return new Promise(() => {});
  });
  bound.catch(() => {});
  await vi.advanceTimersByTimeAsync(49);
  expect(early?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(OVER - 49);
  expect(early?.aborted).toBe(true);
  expect(late?.().aborted).toBe(true);

  let first: (() => AbortSignal) | undefined;
  const another = within50ms((deadline) => {
    first = () => deadline.signal;
    return new Promise(() => {});
  });
  another.catch(() => {});
  await vi.advanceTimersByTimeAsync(OVER);
  expect(first?.().aborted).toBe(true);
});

it("goes with other options, and leaves no timer behind", async () => {
  const value = await within50ms(async (deadline) => deadline.and({ limit: 3 }));
  expect(value).toMatchObject({ limit: 3, bounded: true });
  expect(value.signal.aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
  const failing = within50ms(() => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(vi.getTimerCount()).toBe(0);
});

it("is not over for an answer that is there, when the process gets no processor for long", async () => {
  vi.useRealTimers();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect(Reflect.get(Object(server.address()), "port"), "127.0.0.1");
  const [backend] = await once(server, "connection");
  const answer = within50ms(async () => String((await once(client, "data"))[0]));
  backend.write("there");
  for (const begun = performance.now(); performance.now() - begun < 100; );
  expect(await answer).toBe("there");
  client.destroy();
  backend.destroy();
  server.close();
});
