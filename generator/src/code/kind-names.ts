/** What emitted code calls a kind of sessions. */
export interface KindNames {
  /** The class. */
  readonly Session: string;
  /** The sessions of the application, exported by `index.ts`. */
  readonly sessions: string;
  /** The member of a request, and the middleware. */
  readonly session: string;
}

/** Functions of the runtime that stand beside these names in the emitted code. */
const imported = new Set(["attachSession", "createSessions"]);

/** The names for a config: `session`, or with `name: "admin"` `adminSession` and so on. */
export function kindNames(name: string | undefined): KindNames {
  if (name === undefined) return { Session: "Session", sessions: "sessions", session: "session" };
  const Session = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Session`;
  return { Session, sessions: free(`${name}Sessions`), session: free(`${name}Session`) };
}

function free(name: string): string {
  return imported.has(name) ? `${name}_` : name;
}
