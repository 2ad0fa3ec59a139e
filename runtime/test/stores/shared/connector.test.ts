import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SessionError } from "../../../src/errors.js";
import { Connector } from "../../../src/stores/shared/connector.js";

const stranded = new Error("no server");

/** A backend whose first client stops finding its server; clients are numbered. */
function world() {
  const closed: number[] = [];
  let opened = 0;
  const connector = new Connector<number>({
    kind: "test",
    open: async () => {
      opened += 1;
      return opened;
    },
    close: (client) => {
      closed.push(client);
      throw new Error("cannot even be closed");
    },
    isStranded: (error) => error === stranded,
    describe: (cause) => new SessionError("store/unavailable", "out of reach", { cause }),
  });
  const ask = (error?: Error): Promise<number | string> =>
    connector
      .run(undefined, async (client) => {
        if (client === 1 && error !== undefined) throw error;
        return client;
      })
      .catch((refused: SessionError) => refused.code);
  return { ask, closed };
}

describe("a client that finds no server", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("is replaced after 5 seconds, and closed", async () => {
    const { ask, closed } = world();
    expect(await ask()).toBe(1);
    expect(await ask(stranded)).toBe("store/unavailable");
    vi.advanceTimersByTime(4999);
    expect(await ask(stranded)).toBe("store/unavailable");
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(await ask(stranded)).toBe("store/unavailable");
    expect(closed).toEqual([1]);
    expect(await ask(stranded)).toBe(2);
  });

  it.each<[string, { given: Error | undefined }]>([
    ["it found one in between", { given: undefined }],
    ["it failed in between for another reason", { given: new Error("no such table") }],
  ])("is given 5 seconds without a success: %s", async (_name, { given }) => {
    const { ask, closed } = world();
    await ask(stranded);
    vi.advanceTimersByTime(3000);
    await ask(given);
    vi.advanceTimersByTime(3000);
    await ask(stranded);
    expect(closed).toEqual(given === undefined ? [] : [1]);
  });
});
