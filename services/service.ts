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

/** A server that was started for the tests, and what they can do to it. */
export interface Running {
  readonly url: string;
  readonly version: string;
  /** Lets it answer nobody, with connections open, until {@link thaw}. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** How one kind of server is found, in the order in which it is tried. */
export interface Recipe {
  readonly name: string;
  /** A variable of the environment with the address of a server that is there already. */
  readonly variable: string;
  /** Waits until the server at that address answers, and says its version. */
  probe(url: string): Promise<string>;
  /** Whether what {@link start} needs is on the machine, such as a program on the PATH. */
  available(): boolean;
  /** Starts one on a free port with its data in a temporary folder. */
  start(): Promise<Running>;
  /** Starts one in a container of that engine. */
  startContainer?(engine: string): Promise<Running>;
  /** Brings what {@link start} needs to a Debian, as root. */
  install(): void | Promise<void>;
}
