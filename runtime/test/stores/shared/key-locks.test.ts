import { afterEach, describe, expect, it, vi } from "vitest";
import { KeyLocks } from "../../../src/stores/shared/key-locks.js";

/** Work that is done when told. */
function task(log: string[], name: string) {
  const { promise, resolve, reject } = deferred();
  const work = async (): Promise<void> => {
    log.push(`${name} begins`);
    await promise;
    log.push(`${name} ends`);
  };
  return { work, end: resolve, fail: reject };
}

function deferred() {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
afterEach(() => vi.useRealTimers());

describe("locks by key", () => {
  it("let those who share go on together, and those who are alone one by one, in the order of arrival", async () => {
    const locks = new KeyLocks();
    const log: string[] = [];
    const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((name) => task(log, name));
    const all = [
      locks.shared("k", a?.work ?? turn),
      locks.shared("k", b?.work ?? turn),
      locks.alone("k", c?.work ?? turn),
      locks.alone("k", d?.work ?? turn),
      locks.shared("k", e?.work ?? turn),
    ];
    for (const one of [b, a, c, d, e]) {
      await turn();
      one?.end();
    }
    await Promise.all(all);
    expect(log).toEqual(
      [
        ["a begins", "b begins", "b ends", "a ends"],
        ["c begins", "c ends", "d begins", "d ends", "e begins", "e ends"],
      ].flat(),
    );
  });

  it("do not make one key wait for another, nor for work that failed", async () => {
    const locks = new KeyLocks();
    const held = task([], "held");
    const other = locks.alone("other", held.work);
    const failed = locks.alone("k", () => Promise.reject(new Error("no")));
    expect(await locks.alone("k", async () => 1)).toBe(1);
    await expect(failed).rejects.toThrow("no");
    let idle = false;
    const whenIdle = locks.idle().then(() => {
      idle = true;
    });
    await turn();
    expect(idle).toBe(false);
    held.end();
    await Promise.all([other, whenIdle]);
  });

  it("are not held for good by work that never ends", async () => {
    vi.useFakeTimers();
    const locks = new KeyLocks();
    void locks.shared("k", () => new Promise(() => {}));
    const next = locks.alone("k", async () => "done");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await next).toBe("done");
  });
});
