/** What the registry says about one error. */
export interface ErrorEntry {
  /** The HTTP status a framework should answer with when nothing handles the error. */
  readonly status: number;
  /** Why it happens, in one sentence. */
  readonly why: string;
  /** How to mend it, in one sentence. */
  readonly fix: string;
}

/**
 * Every error the runtime throws, by its stable code. `docs/errors.md` documents each; a test compares the two
 * and looks for the place that throws it.
 */
export const runtimeErrors = {
  "field/invalid": {
    status: 500,
    why: "A value was assigned to a session field that its schema forbids.",
    fix: "Validate the value before assigning it, or widen the field's schema and run sessgen again.",
  },
  "store/closed": {
    status: 503,
    why: "The store was used after close().",
    fix: "Close the store only after the last request has been answered.",
  },
  "store/full": {
    status: 503,
    why: "The backend has no room for the session: its memory, its disk or a limit of the store is used up.",
    fix: "Give the backend more room, delete expired sessions, or keep less in the session.",
  },
  "store/timeout": {
    status: 503,
    why: "The backend did not answer within the deadline of the operation.",
    fix: "Look at the backend's load and at the network between it and the application, or allow more time with storeTimeout.",
  },
} as const;

/** A code of {@link runtimeErrors}. */
export type RuntimeErrorCode = keyof typeof runtimeErrors;

/** An error of the session runtime. Messages never contain session data, session ids or secrets. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  /** The stable code, documented in `docs/errors.md`. */
  readonly code: RuntimeErrorCode;
  /** The HTTP status for a request that fails with this error. Read by Express, Koa and Fastify alike. */
  readonly status: number;
  /** Why this kind of error happens. */
  readonly why: string;
  /** How to mend it. */
  readonly fix: string;

  /**
   * @param code - one of {@link runtimeErrors}
   * @param summary - what happened this time, in one sentence
   * @param options - the underlying error, if there is one
   */
  constructor(code: RuntimeErrorCode, summary: string, options?: ErrorOptions) {
    super(`${summary} [${code}]`, options);
    const entry: ErrorEntry = runtimeErrors[code];
    this.code = code;
    this.status = entry.status;
    this.why = entry.why;
    this.fix = entry.fix;
  }
}

/** A value that a field's schema forbids. */
export class SessionFieldError extends SessionError {
  /** Where in the session the value sits, e.g. `cart[2].quantity`. */
  readonly path: string;

  /**
   * @param path - where in the session the value sits, e.g. `cart[2].quantity`
   * @param expected - what the schema asks for, e.g. `an integer greater than 0`; the value itself is never shown
   */
  constructor(path: string, expected: string) {
    super("field/invalid", `session.${path} must be ${expected}`);
    this.path = path;
  }
}
