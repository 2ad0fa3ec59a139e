import { rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import {
  createSessions,
  type Format,
  type History,
  isQuarantined,
  lookup,
  type ReplayOutcome,
  type SessionBase,
  type SessionClass,
  type SessionDefinition,
  type SessionStore,
  type Sessions,
  type SessionsOptions,
  storedSessions,
} from "@sessgen/runtime";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { z } from "zod";
import { catalog } from "../../src/cli/catalog.js";
import { emitModule } from "../../src/emit/module/index.js";
import { applyLock } from "../../src/lock/apply.js";
import { type Lock, newLock } from "../../src/lock/lock.js";
import { printLock, readLock } from "../../src/lock/text.js";
import type { FieldPolicy } from "../../src/model/policies/policies.js";
import { makeFolder } from "../emit/module/emitted.js";
import { serializerOf } from "../emit/module/serializer-of.js";
import { buildModel, configOf } from "../model/config.js";
import { application } from "../support/project.js";

/** One state of a schema. */
export interface Version {
  readonly shape: Record<string, z.ZodType>;
  readonly fields?: Record<string, FieldPolicy>;
  /** Modules of the application's own that the emitted code imports, by their names in `src`. */
  readonly modules?: Readonly<Record<string, string>>;
}

/** The fields of a session, by name, as each version has them. */
export type Fields = Record<string, unknown>;

/** The emitted code of one version. */
export interface Deploy {
  readonly lock: Lock;
  readonly fields: SessionDefinition;
  readonly history: History;
  readonly folder: string;
  /** Its sessions, in the store and format. */
  sessions(
    store: SessionStore,
    format: Format,
    options?: Pick<SessionsOptions, "encryption" | "onUnreadable">,
  ): Sessions<SessionBase & Fields>;
}

/** Emits each version with the lock of the one before it, and loads them all. */
export async function deploys(...versions: readonly Version[]): Promise<Deploy[]> {
  let lock = newLock(application);
  const all: Deploy[] = [];
  for (const { shape, fields = {}, modules = {} } of versions) {
    const config = configOf(z.object(shape), { fields });
    const built = await buildModel(config);
    const locked = applyLock(built.model, lock);
    lock = readLock(printLock(locked.lock), "lock");
    const folder = await makeFolder("deploy");
    for (const { path, content } of await emitModule(config, locked.model, lock, catalog)) {
      // Modules of the application's lie beside the emitted ones here.
      await writeFile(`${folder}/${basename(path)}`, content.replaceAll('from "../', 'from "./'));
    }
    for (const [name, text] of Object.entries(modules)) await writeFile(`${folder}/${name}`, text);
    const { fields: definition, history } = (await import(`${folder}/fields.ts`)) as {
      fields: SessionDefinition;
      history: History;
    };
    const { Session } = (await import(`${folder}/session.ts`)) as {
      Session: SessionClass<SessionBase & Fields>;
    };
    all.push({
      lock,
      fields: definition,
      history,
      folder,
      sessions: (store, format, options = {}) =>
        createSessions({
          ...commonOptions(definition),
          ...options,
          lookup,
          Session,
          history,
          store,
          serializer: serializerOf(format),
        }),
    });
  }
  return all;
}

function commonOptions(fields: SessionDefinition) {
  const { lifetime } = configOf(z.object({}), {});
  const cookie = {
    name: "sid",
    path: "/",
    secure: false,
    httpOnly: true,
    sameSite: "lax",
    partitioned: false,
  } as const;
  return { application, fields, lifetime, cookie };
}

/** Removes what {@link deploys} wrote. */
export async function removeAll(all: readonly Deploy[]): Promise<void> {
  for (const { folder } of all) await rm(folder, { recursive: true, force: true });
}

/** The same store, which notes under which keys it writes. */
function noting(store: SessionStore, keys: Set<string>): SessionStore {
  return new Proxy(store, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      return (...given: readonly unknown[]): unknown => {
        if (name === "write") keys.add(String(given[0]));
        return own.apply(target, given);
      };
    },
  });
}

/** One session, and whoever serves a request with it. */
export class Client {
  /** The fields that could not be read, each time that one was. */
  readonly unreadable: (string | undefined)[] = [];
  /** What was set aside, refused or replaced: the field, and what became of it. */
  readonly told: string[] = [];
  readonly store: SessionStore;
  readonly #format: Format;
  readonly #options: Parameters<Deploy["sessions"]>[2];
  readonly #keys = new Set<string>();
  #cookie: string | undefined;

  constructor(
    format: Format,
    store: SessionStore = memoryStore(),
    options: Parameters<Deploy["sessions"]>[2] = {},
  ) {
    this.#format = format;
    this.store = noting(store, this.#keys);
    this.#options = options;
  }

  /** Has a version serve a request. */
  async request<T>(deploy: Deploy, work: (session: SessionBase & Fields) => T): Promise<T> {
    const session = await this.open(deploy);
    const result = work(session);
    await this.commit(session);
    return result;
  }

  /** Opens the session with a version, beside other requests. */
  open(deploy: Deploy): Promise<SessionBase & Fields> {
    const sessions = deploy.sessions(this.store, this.#format, this.#options);
    sessions.on("unreadable", ({ field }) => this.unreadable.push(field));
    sessions.on("substitute", ({ field, outcome }) => this.told.push(`${field} ${outcome}`));
    sessions.on("quarantined", ({ field }) => this.told.push(`${field} aside`));
    return sessions.open(this.#cookie);
  }

  async commit(session: SessionBase & Fields): Promise<void> {
    await session.$commit();
    for (const [name, value] of session.$headers) {
      if (name.toLowerCase() === "set-cookie") this.#cookie = value.split(";")[0];
    }
  }

  /** Puts back what was set aside, with a version, and tells what became of it. */
  async putBack(deploy: Deploy): Promise<ReplayOutcome[]> {
    const tools = storedSessions({
      ...commonOptions(deploy.fields),
      history: deploy.history,
      store: this.store,
    });
    const outcomes: ReplayOutcome[] = [];
    for (const key of this.#keys)
      if (isQuarantined(key)) outcomes.push(await tools.replay(key, { replace: true }));
    return outcomes;
  }

  /** All fields as a version reads them. */
  async read(deploy: Deploy): Promise<unknown> {
    return structuredClone({ ...(await this.open(deploy)).toJSON() });
  }
}

/** Every format there is. */
export const formats: readonly Format[] = ["packed", "json", "msgpack"];
