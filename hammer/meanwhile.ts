import { AsyncLocalStorage } from "node:async_hooks";
import type { HammeredSessions } from "./session.js";

const requests = new AsyncLocalStorage<{ storeFailed: boolean }>();

/** Listens to the operations of the store that fail. */
export function noteFailures(sessions: HammeredSessions): void {
  sessions.on("store-error", () => {
    const request = requests.getStore();
    if (request !== undefined) request.storeFailed = true;
  });
}

/** Serves a request, so that {@link storeFailed} knows which failures are its own. */
export function serve<T>(request: () => Promise<T>): Promise<T> {
  return requests.run({ storeFailed: false }, request);
}

/** Tells whether an operation of the store has failed in this request. */
export function storeFailed(): boolean {
  return requests.getStore()?.storeFailed === true;
}
