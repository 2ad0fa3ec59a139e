import { endedBy } from "../state/lifetime.js";
import type { SessionState } from "../state/state.js";

/**
 * Publishes that a session expired, if that is why it is not there any more: its time came while
 * the request was at work.
 */
export function publishExpired({ context, stored, lifetime }: SessionState): void {
  if (stored === undefined) return;
  const { expiresAt, record } = stored;
  const reason = endedBy(lifetime, { createdAt: record.createdAt, expiresAt }, context.clock());
  if (reason !== undefined) context.events.publish("expired", { reason });
}
