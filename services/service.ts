/** A real server that the tests use. */
export interface Service {
  readonly name: string;
  readonly url: string;
  readonly version: string;
  /** Where it came from, for the table at the end of `npm test`. */
  readonly origin: string;
  /** Stops what was started; never what was there before. */
  stop(): Promise<void>;
}
