import type { Attributes } from "@opentelemetry/api";
import type { SessionEvents } from "../session/context/events.js";

/** An event that is counted, and noted on the span of the request. */
export interface Counted<E extends keyof SessionEvents> {
  /** Of the counter. */
  readonly metric: string;
  readonly description: string;
  /** Gives what the count is broken down by: few values each, and none of a session. */
  attributes(event: SessionEvents[E]): Attributes;
}

const none = (): Attributes => ({});

/** Every event but those that take time, which have histograms. */
export const counted: {
  readonly [E in Exclude<keyof SessionEvents, "opened" | "committed" | "store-operation">]: Counted<E>;
} = {
  created: {
    metric: "sessgen.session.created",
    description: "Sessions stored for the first time",
    attributes: ({ permanent }) => ({ "sessgen.permanent": permanent }),
  },
  regenerated: {
    metric: "sessgen.session.regenerated",
    description: "Sessions given a new id",
    attributes: ({ reason }) => ({ "sessgen.reason": reason }),
  },
  destroyed: {
    metric: "sessgen.session.destroyed",
    description: "Sessions destroyed by the application",
    attributes: ({ by, unread }) => ({ "sessgen.by": by, ...(unread && { "sessgen.unread": true }) }),
  },
  "revoked-all": {
    metric: "sessgen.sessions.revoked_all",
    description: "How often everybody was logged out at once",
    attributes: none,
  },
  expired: {
    metric: "sessgen.session.expired",
    description: "Sessions whose lifetime was over",
    attributes: ({ reason }) => ({ "sessgen.reason": reason }),
  },
  moved: {
    metric: "sessgen.session.moved",
    description: "Requests whose writes were dropped, since their session has another id or has ended",
    attributes: ({ reason }) => ({ "sessgen.reason": reason }),
  },
  unsaved: {
    metric: "sessgen.session.unsaved",
    description: "Requests that changed their session after the headers had left, and did not commit",
    attributes: none,
  },
  "not-found": {
    metric: "sessgen.session.not_found",
    description: "Sessions that were named and are not stored",
    attributes: none,
  },
  conflict: {
    metric: "sessgen.session.conflicts",
    description: "Writes before which somebody else had written",
    attributes: none,
  },
  unreadable: {
    metric: "sessgen.session.unreadable",
    description: "Stored sessions, or fields of them, that could not be read",
    attributes: ({ field }) => (field === undefined ? {} : { "sessgen.field": field }),
  },
  quarantined: {
    metric: "sessgen.session.quarantined",
    description: "Unreadable sessions, or fields of them, whose bytes were kept aside",
    attributes: ({ field }) => (field === undefined ? {} : { "sessgen.field": field }),
  },
  substitute: {
    metric: "sessgen.session.substitutes",
    description: "Changes of fields whose stored value could not be read",
    attributes: ({ field, outcome, kept }) => ({
      "sessgen.field": field,
      "sessgen.outcome": outcome,
      "sessgen.kept": kept,
    }),
  },
  "cookie-refused": {
    metric: "sessgen.token.refused",
    description: "Cookies and other tokens refused before a look-up",
    attributes: ({ reason }) => ({ "sessgen.reason": reason }),
  },
  "index-not-final": {
    metric: "sessgen.session.unfinished_lookups",
    description: "Lookups by an index that may lack sessions",
    attributes: ({ path, state, complete }) => ({
      "sessgen.path": path,
      "sessgen.state": state,
      "sessgen.complete": complete,
    }),
  },
  "binding-mismatch": {
    metric: "sessgen.session.binding_mismatches",
    description: "Requests unlike those that their session is bound to",
    attributes: ({ parts }) => ({ "sessgen.parts": [...parts] }),
  },
  "store-error": {
    metric: "sessgen.store.errors",
    description: "Operations of the store that failed",
    attributes: ({ store, operation, code }) => ({
      ...storeAttributes(store, operation),
      "error.type": code,
    }),
  },
};

/** The names that OpenTelemetry has for database systems, where they are not ours. */
const systems: Readonly<Record<string, string>> = { postgres: "postgresql", dynamodb: "aws.dynamodb" };

/** Follows the semantic conventions of database clients: `db.system.name`, `db.operation.name`. */
export function storeAttributes(store: string, operation: string): Attributes {
  return { "db.system.name": systems[store] ?? store, "db.operation.name": operation };
}
