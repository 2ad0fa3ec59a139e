import type { CaseName } from "./cases.js";

/** An example application that is running, with the routes that the cases need. */
export interface Running {
  /** Such as `http://localhost:4000`. */
  readonly origin: string;
  /**
   * The same application over HTTP/2: without TLS, as a proxy in front of it speaks, or with it where
   * there is no other.
   */
  readonly http2?: string;
  /** Its SQLite file: the cases take the table away to see what happens without a store. */
  readonly database: string;
  close(): Promise<void>;
}

/** A framework, as the table of cases sees it. */
export interface Host {
  readonly name: string;
  /** Starts the example, once for all cases. */
  readonly start: () => Promise<Running>;
  /** What comes before the routes of the contract, such as `/api` where `/` is a page. Default: nothing. */
  readonly base?: string;
  /** Cases that the framework has no place for, and why. */
  readonly skips?: { readonly [name in CaseName]?: string };
}
