/** What emitted code calls a kind of sessions. */
export interface KindNames {
  /** The class. */
  readonly Session: string;
  /** The sessions of the application, exported by `index.ts`. */
  readonly sessions: string;
  /** The member of a request, and the middleware. */
  readonly session: string;
}

/**
 * Gives the names for a config: `session`, or with `name: "admin"` `adminSession` and so on.
 * @param reserved - names that stand beside the one of the middleware: what a framework's glue
 *   imports
 */
export function kindNames(name: string | undefined, reserved: readonly string[] = []): KindNames {
  if (name === undefined) return { Session: "Session", sessions: "sessions", session: "session" };
  const Session = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Session`;
  return {
    Session,
    sessions: free(`${name}Sessions`, ["createSessions"]),
    session: free(`${name}Session`, reserved),
  };
}

function free(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? `${name}_` : name;
}
