import { type EventEmitter, once } from "node:events";

/**
 * Lets operations wait until a client has connected, all of them on one pair of listeners. What
 * they wait for rejects as soon as an attempt fails, though the client goes on trying: both
 * libraries would otherwise keep commands without an end.
 */
export function readiness(client: EventEmitter, isReady: () => boolean): () => Promise<unknown> | undefined {
  let waiting: Promise<unknown> | undefined;
  const nextAttempt = async (): Promise<void> => {
    const settled = new AbortController();
    const { signal } = settled;
    // `once` rejects with what is emitted as an error.
    const closed = once(client, "close", { signal }).then(() => {
      throw new Error("The connection was closed before it was ready");
    });
    try {
      await Promise.race([once(client, "ready", { signal }), closed]);
    } finally {
      waiting = undefined;
      settled.abort();
    }
  };
  return () => {
    if (isReady()) return undefined;
    waiting ??= nextAttempt();
    return waiting;
  };
}
