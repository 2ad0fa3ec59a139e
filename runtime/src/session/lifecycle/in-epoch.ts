import { type SessionRecord, withParts } from "../../codec/record/record.js";
import type { SessionContext } from "../context/options.js";
import { gone } from "../context/refusals.js";

/**
 * Puts a record that has none into the current epoch. One that has keeps it to its end: a request
 * under way would otherwise carry its session over `revokeAll`.
 * @throws SessionError `store/…`
 */
export async function inEpoch({ epoch }: SessionContext, record: SessionRecord): Promise<SessionRecord> {
  if (record.epoch !== undefined) return record;
  const current = await epoch.current();
  return current === undefined ? record : withParts(record, { epoch: current });
}

/**
 * Refuses to go on with a session that was revoked with all others since it was read.
 * @returns what to wait for; `undefined`: nothing, nearly always
 * @throws SessionError `session/gone`, `store/…`
 */
export function refuseRevoked(context: SessionContext, record: SessionRecord): Promise<void> | undefined {
  const isOver = context.epoch.isOver(record);
  return isOver === false ? undefined : refuseOver(context, isOver);
}

async function refuseOver({ events }: SessionContext, isOver: true | Promise<boolean>): Promise<void> {
  if (!(await isOver)) return;
  events.publish("expired", { reason: "revoked" });
  throw gone();
}
