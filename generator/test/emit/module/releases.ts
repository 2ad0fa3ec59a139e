import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createSessions,
  type History,
  lookup,
  type SessionBase,
  type SessionClass,
  type SessionDefinition,
  type Sessions,
  type SessionsOptions,
} from "@sessgen/runtime";
import { application, config, lockText, newFolder, runIn } from "../../support/project.js";

/** What one release of an application says of its sessions. */
export interface Release {
  readonly schema: string;
  readonly fields?: string;
  /** Beside them, such as `, encryption: { … }`. */
  readonly rest?: string;
}

/** A session of whichever release, with the fields of all. */
export type SessionOf<Fields extends object> = SessionBase<Fields, Partial<Fields>, object, FlashOf<Fields>> &
  Fields;

type FlashOf<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends readonly (infer Item)[] ? Item : never;
};

/** The emitted class and fields of one release. */
export interface Emitted<Fields extends object> {
  readonly Session: SessionClass<SessionOf<Fields>>;
  readonly fields: SessionDefinition;
  readonly history: History;
  /** Opens sessions with that code, on whatever store. */
  sessions(options: Partial<SessionsOptions> & Pick<SessionsOptions, "store">): Sessions<SessionOf<Fields>>;
}

/** Releases of one application, each emitted over the lock of the one before; in a folder of their own. */
export interface Releases<Fields extends object> {
  readonly all: readonly Emitted<Fields>[];
  remove(): void;
}

/** Emits one release after the other by the command line, and loads the code of each. */
export async function releases<Fields extends object>(
  ...given: readonly Release[]
): Promise<Releases<Fields>> {
  const root = newFolder();
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "package.json"), '{ "name": "user", "type": "module" }\n');
  writeFileSync(join(root, "sessgen.lock.json"), lockText);
  const all: Emitted<Fields>[] = [];
  for (const [index, { schema, fields = "{}", rest = "" }] of given.entries()) {
    const output = `release-${index}`;
    writeFileSync(
      join(root, "session.config.ts"),
      config(schema, `fields: ${fields}, output: "${output}", backend: { kind: "memory" }${rest}`),
    );
    const { code, err } = await runIn(root, ["generate"]);
    if (code !== 0) throw new Error(err);
    all.push(await emittedIn(join(root, output)));
  }
  return { all, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Loads the code of a release. */
export async function emittedIn<Fields extends object>(folder: string): Promise<Emitted<Fields>> {
  const { Session }: Pick<Emitted<Fields>, "Session"> = await import(`${folder}/session.ts`);
  const {
    fields,
    history,
  }: Pick<Emitted<Fields>, "fields" | "history"> = await import(`${folder}/fields.ts`);
  return {
    Session,
    fields,
    history,
    sessions: (options) => createSessions({ lookup, application, Session, fields, history, ...options }),
  };
}
