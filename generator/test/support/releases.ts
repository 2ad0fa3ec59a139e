import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Place } from "./places.js";
import type { Run } from "./project.js";

/** The sessions of an emitted module, as far as they are used here. */
export interface Release {
  open(cookie: string | undefined): Promise<Opened>;
  count(path: string, value: string): Promise<number>;
  destroyBy(path: string, value: string): Promise<number>;
  indexState(path: string): Promise<string>;
  on(event: "index-not-final", listener: (event: { readonly complete: boolean }) => void): void;
  close(): Promise<void>;
}

/** A session, as far as it is used here. */
export interface Opened {
  user?: { readonly id: string } | undefined;
  account?: { readonly id: string } | undefined;
  token?: string | undefined;
  visits: number;
  $commit(): Promise<readonly string[]>;
}

/** A place where several releases run at once. */
export function releases(place: Place) {
  const { user, env } = place;
  for (const [name, value] of Object.entries(env)) {
    process.env[name] = value;
    onTestFinished(() => void delete process.env[name]);
  }
  let count = 0;
  const run = async (...argv: string[]): Promise<Run> => {
    const done = await user.run(...argv);
    expect({ argv, code: done.code }).toEqual({ argv, code: 0 });
    return done;
  };
  /** Starts the release that was emitted last, as another process would. */
  const start = async (): Promise<Release> => {
    count += 1;
    const folder = `src/release${count}`;
    cpSync(join(user.root, "src/session"), join(user.root, folder), { recursive: true });
    // SQLite's file is where the application was started, which is elsewhere here.
    const store = user.read(`${folder}/store.ts`);
    user.write({ [`${folder}/store.ts`]: store.replace('"s.db"', JSON.stringify(join(user.root, "s.db"))) });
    const { sessions } = (await import(join(user.root, folder, "index.ts"))) as {
      readonly sessions: Release;
    };
    onTestFinished(() => sessions.close());
    // Loads the driver, which may take longer than an operation.
    await sessions.open(`__Host-session=${"a".repeat(43)}`).catch(() => {});
    return sessions;
  };
  /** Emits a release, migrates unless told otherwise, and starts it beside the others. */
  const release = async (fields: string, rest: string, migrate = true): Promise<Release> => {
    place.configure(fields, rest);
    await run();
    if (migrate) await run("migrate");
    return start();
  };
  return { run, start, release };
}

/** Begins a session; gives back its cookie. */
export async function begin(sessions: Release, values: Readonly<Record<string, unknown>>): Promise<string> {
  const session = await sessions.open(undefined);
  Object.assign(session, values);
  return (await session.$commit())[0]?.split(";")[0] ?? "";
}
