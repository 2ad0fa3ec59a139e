import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { SessionStore } from "@sessgen/runtime";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { type FakeClock, fakeClock } from "@sessgen/runtime/testing";
import { z } from "zod";
import type { Example } from "../../src/changes/rule.js";
import { catalog } from "../../src/cli/catalog.js";
import { resolveConfig } from "../../src/config/resolve.js";
import type { ResolvedConfig } from "../../src/config/resolved.js";
import { emitModule } from "../../src/emit/module/index.js";
import { env } from "../../src/index.js";
import { applyLock } from "../../src/lock/apply.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { snapshotOf } from "../../src/lock/snapshot.js";
import type { SessionModel } from "../../src/model/model.js";
import { makeFolder } from "../emit/module/emitted.js";
import { buildModel } from "../model/config.js";
import { application } from "../support/project.js";

/** What the environment of both versions has. */
export const secrets = {
  SECRET: "s".repeat(40),
  OLD_SECRET: "o".repeat(40),
  NEW_SECRET: "n".repeat(40),
};

/** A config of which a text says some options; the others are the simplest there are. */
async function configOf(text: string): Promise<ResolvedConfig> {
  const make = new Function(
    "z",
    "env",
    `return { schema: z.object({ visits: z.int().default(0) }), backend: { kind: "memory" }, ...{${text}} };`,
  );
  const { config, schema } = await resolveConfig("/app/session.config.ts", make(z, env), catalog);
  return {
    ...config,
    schema,
    language: "typescript",
    moduleKind: "esm",
    importExtension: ".ts",
    packages: new Set(),
  };
}

/** A version of an application: its config and lock, before anything is emitted. */
export interface Draft {
  readonly config: ResolvedConfig;
  readonly model: SessionModel;
  /** With its snapshot. */
  readonly lock: Lock;
}

/** Makes a version that follows from another one's lock. */
export async function draft(text: string, previous: Lock): Promise<Draft> {
  const config = await configOf(text);
  const { model, lock } = applyLock((await buildModel(config)).model, previous);
  return {
    config,
    model,
    lock: { ...lock, snapshot: snapshotOf(config, model, catalog, previous.snapshot) },
  };
}

/** The two versions of an example, before anything is emitted. */
export interface Drafts {
  readonly before: Draft;
  readonly after: Draft;
}

/** Makes the two versions of an example. */
export async function drafts({ base, before, after, edit = (lock) => lock }: Example): Promise<Drafts> {
  const start = base === undefined ? newLock(application) : (await draft(base, newLock(application))).lock;
  const older = await draft(before, start);
  const newer = await draft(after, edit(base === undefined ? older.lock : start, older.lock));
  return { before: older, after: newer };
}

/** A session, whatever the schema of a fixture says it has. */
// biome-ignore lint/suspicious/noExplicitAny: what is emitted is imported at run time
export type AnySession = any;

/** What a request shows of who makes it. */
export interface Visitor {
  readonly userAgent?: string;
  readonly address?: string;
}

/** A version that runs. */
export interface Version {
  /**
   * Answers a request: what the handler gives, or the code of what was thrown. The browser keeps
   * the cookies of the answer.
   */
  visit(handler?: (session: AnySession) => unknown, from?: Visitor): Promise<unknown>;
  /** The emitted `sessions`. */
  readonly sessions: AnySession;
}

/** Both versions, on one store, with one browser. */
export interface Versions {
  readonly older: Version;
  readonly newer: Version;
  /** The version after the newer one, where a fixture has one. */
  readonly later: Version;
  readonly clock: FakeClock;
  /** What the browser has: by name. */
  readonly cookies: Map<string, string>;
  readonly store: SessionStore;
}

/** What versions are made to share, by the name of their folder. */
export const shared = new Map<string, { readonly store: SessionStore; readonly clock: () => number }>();
Object.assign(globalThis, { sessgenShared: shared });

/** How versions are run. */
export interface RunOptions {
  /** Each keeps sessions where its own config says. */
  readonly ownStores?: boolean;
  /** What the newer version's module of `parts` has besides. */
  readonly newerParts?: string;
  /** Modules of the application's own, by their names. */
  readonly modules?: Readonly<Record<string, string>>;
  /** The config of a version that follows the newer one. */
  readonly later?: string;
}

/** Emits the modules of both versions and runs them on one store in memory. */
export async function run<Result>(
  { before, after }: Drafts,
  work: (versions: Versions) => Promise<Result>,
  { ownStores = false, newerParts = "", modules = {}, later }: RunOptions = {},
): Promise<Result> {
  Object.assign(process.env, secrets);
  const folder = await makeFolder("changes");
  try {
    // Stores of their own have the clock of the machine.
    const clock = fakeClock(ownStores ? Date.now() : undefined);
    const store = memoryStore({ clock });
    shared.set(folder, { clock, store });
    for (const [name, text] of Object.entries(modules)) await writeFile(`${folder}/${name}`, text);
    const cookies = new Map<string, string>();
    const [older, newer] = [
      await version(folder, "before", before, cookies, partsOf(folder, ownStores)),
      await version(folder, "after", after, cookies, `${newerParts}\n${partsOf(folder, ownStores)}`),
    ];
    const third =
      later === undefined
        ? newer
        : await version(folder, "later", await draft(later, after.lock), cookies, partsOf(folder, ownStores));
    const result = await work({ older, newer, later: third, clock, cookies, store });
    await Promise.all([older, newer].map(({ sessions }) => sessions.close()));
    return result;
  } finally {
    shared.delete(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The module of `parts` by which both versions share clock and store. */
export function partsOf(folder: string, ownStores = false): string {
  const own = `globalThis.sessgenShared.get(${JSON.stringify(folder)})`;
  return `export const clock = ${own}.clock;\n${ownStores ? "" : `export const store = ${own}.store;\n`}`;
}

/** Emits the module of one version into the folder and loads it. */
export async function version(
  folder: string,
  name: string,
  { config, model, lock }: Draft,
  cookies: Map<string, string>,
  partsText: string,
): Promise<Version> {
  const output = name;
  const parts = `${name}-parts.ts`;
  await writeFile(`${folder}/${parts}`, partsText);
  await mkdir(`${folder}/${output}`);
  const emitted = await emitModule({ ...config, root: folder, output, parts }, model, lock, catalog);
  await Promise.all(
    emitted.map(({ path, content }) => writeFile(`${folder}/${output}/${basename(path)}`, content)),
  );
  const module: AnySession = await import(`${folder}/${output}/index.ts`);
  const sessions: AnySession = module.sessions ?? module[`${config.name}Sessions`];
  return {
    sessions,
    async visit(handler = () => undefined, { userAgent, address } = {}) {
      const header = [...cookies].map(([key, value]) => `${key}=${value}`).join("; ");
      try {
        const headers = { cookie: header, ...(userAgent && { "user-agent": userAgent }) };
        const session: AnySession = await sessions.open(headers, { ...(address && { address }) });
        // What a handler gives is what it is by then: decoded objects live on.
        const result: unknown = structuredClone(await handler(session));
        for (const line of (await session.$commit()) as readonly string[]) keep(cookies, line);
        return result;
      } catch (error) {
        const code: unknown = Reflect.get(Object(error), "code");
        if (typeof code !== "string") throw error;
        return { refused: code };
      }
    },
  };
}

/** What a browser does with an answer's cookie. */
function keep(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split("; ");
  const at = pair.indexOf("=");
  const name = pair.slice(0, at);
  if (attributes.includes("Max-Age=0")) cookies.delete(name);
  else cookies.set(name, pair.slice(at + 1));
}
