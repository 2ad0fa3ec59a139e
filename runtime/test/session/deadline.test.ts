import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Deadline } from "../../src/session/deadline.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("holds nobody up longer, whatever the store does", async () => {
  const outcome = expect(new Deadline("redis", 50).bound(() => new Promise(() => {}))).rejects.toMatchObject({
    code: "store/timeout",
  });
  await vi.advanceTimersByTimeAsync(50);
  await outcome;
});

it("aborts the signal of who looks at it, in time or later", async () => {
  let early: AbortSignal | undefined;
  let late: (() => AbortSignal) | undefined;
  const bound = new Deadline("redis", 50).bound((deadline) => {
    early = deadline.signal;
    late = () => deadline.signal;
    return new Promise(() => {});
  });
  bound.catch(() => {});
  await vi.advanceTimersByTimeAsync(49);
  expect(early?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(early?.aborted).toBe(true);
  expect(late?.().aborted).toBe(true);

  let first: (() => AbortSignal) | undefined;
  const another = new Deadline("redis", 50).bound((deadline) => {
    first = () => deadline.signal;
    return new Promise(() => {});
  });
  another.catch(() => {});
  await vi.advanceTimersByTimeAsync(50);
  expect(first?.().aborted).toBe(true);
});

it("goes with other options, and leaves no timer behind", async () => {
  const value = await new Deadline("redis", 50).bound(async (deadline) => deadline.and({ limit: 3 }));
  expect(value).toMatchObject({ limit: 3, bounded: true });
  expect(value.signal.aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
  const failing = new Deadline("redis", 50).bound(() => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(vi.getTimerCount()).toBe(0);
});
