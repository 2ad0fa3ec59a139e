import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Deadline } from "../../src/time/deadline.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What an operation comes to that may take 50 ms. */
function within50ms<T>(operate: (deadline: Deadline) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => new Deadline("redis", 50).wait(operate, resolve, reject));
}

it("holds nobody up longer, whatever the store does", async () => {
  const outcome = expect(within50ms(() => new Promise(() => {}))).rejects.toMatchObject({
    code: "store/timeout",
  });
  await vi.advanceTimersByTimeAsync(50);
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
  await vi.advanceTimersByTimeAsync(50);
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
  await vi.advanceTimersByTimeAsync(1);
  expect(early?.aborted).toBe(true);
  expect(late?.().aborted).toBe(true);

  let first: (() => AbortSignal) | undefined;
  const another = within50ms((deadline) => {
    first = () => deadline.signal;
    return new Promise(() => {});
  });
  another.catch(() => {});
  await vi.advanceTimersByTimeAsync(50);
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
