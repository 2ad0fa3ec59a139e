/** What a browser asks for in one request. */
export type VisitKind =
  /** GET, and nothing is written. */
  | "read"
  /** GET, and something is counted all the same. */
  | "count"
  /** POST. */
  | "post"
  /** POST, under the lock. */
  | "spend"
  /** POST: becomes a user. */
  | "login"
  /** POST: asks for a new id. */
  | "renew"
  /** POST: ends the session. */
  | "logout"
  /** Ends all sessions of a label, wherever they are. */
  | "revoke"
  /** Finds sessions by their label. */
  | "find"
  /** Brings a cookie to a house that did not set it. */
  | "stray"
  /** Tries an id when all is over. */
  | "final"
  /** Counts the sessions of a label when all is over. */
  | "tally";

/**
 * What a visit adds to a session, in one commit: an element of the log, and what it is worth. So
 * the log says exactly what the counter and the balance have to be.
 */
export interface Addition {
  readonly element: number;
  readonly count: number;
  readonly spend: number;
}

/** A session as a visit found it. */
export interface Found {
  readonly who?: string | undefined;
  readonly count: number;
  readonly balance: number;
  readonly log: readonly number[];
}

/**
 * One request of a browser, with its answer. Times are microseconds. `dropped`: a GET was told that
 * all is well, and what it counted is not kept, since its session had moved.
 */
export interface Visit {
  readonly browser: string;
  readonly kind: VisitKind;
  /** The id that the request brought, shortened; absent: none. */
  readonly id?: string;
  readonly begin: number;
  /** When the session had been read. */
  readonly opened: number;
  /** When the server was done. */
  readonly ended: number;
  /** When the browser had the answer. */
  readonly arrived: number;
  readonly outcome: "done" | "refused" | "dropped" | "unknown";
  readonly unclear?: true;
  /** It was refused, and an operation of the store failed meanwhile. */
  readonly storeFailed?: true;
  /** The session could not even be read. */
  readonly failed?: true;
  /** Absent: no session was found. */
  readonly found?: Found;
  readonly addition?: Addition;
  /** Of a login: who; of a login and of a session that began: what it is found by from then on. */
  readonly who?: string;
  readonly label?: string;
  /** The id that the answer gave out. */
  readonly to?: string;
  /** The answer took the cookie away. */
  readonly clears?: true;
  /** Of a tally: how many sessions there are. */
  readonly sessions?: number;
  /** What was found that is of another house. */
  readonly foreign?: string;
}
