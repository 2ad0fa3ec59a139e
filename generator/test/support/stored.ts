import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { SessionStore } from "@sessgen/runtime";
import { fileStore } from "@sessgen/runtime/stores/file";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { sqliteStore } from "@sessgen/runtime/stores/sqlite";
import { buildSync } from "esbuild";
import { config, type Project, project, type Run, runIn } from "./project.js";

/** A backend that the commands are tested on. */
export interface Kind {
  /** As it stands in the config. */
  readonly code: string;
  readonly env: Readonly<Record<string, string>>;
  /** Its store, opened by the test. */
  open(root: string): SessionStore;
}

export const sqlite: Kind = {
  code: '{ kind: "sqlite", file: "data/s.db" }',
  env: {},
  open: (root) => sqliteStore({ file: join(root, "data/s.db"), cleanup: 0 }),
};

export const file: Kind = {
  code: '{ kind: "file", directory: "data/sessions" }',
  env: {},
  open: (root) => fileStore({ directory: join(root, "data/sessions") }),
};

let prefixes = 0;

/** A Redis server under a prefix of its own; the address comes from the environment. */
export function redis(url: string): Kind {
  prefixes += 1;
  const prefix = `cli:${process.pid}:${prefixes}:`;
  return {
    code: `{ kind: "redis", url: env("SESSIONS_URL"), prefix: "${prefix}" }`,
    env: { SESSIONS_URL: url },
    open: () => redisStore({ url, prefix }),
  };
}

/** A user's project whose sessions are stored. */
export interface Stored extends Project {
  /** Runs `sessgen` with what the backend needs in the environment. */
  sessgen(...argv: string[]): Promise<Run>;
  /** Runs the application: code that uses `sessions` and gives `result`. */
  app(code: string): unknown;
  /** Makes a session with these fields; gives back its cookie, as `name=value`. */
  begin(fields: string): string;
  /** Makes a session with each of these fields, in this order. */
  beginAll(fields: readonly string[]): readonly string[];
  open(): SessionStore;
}

const schema =
  "user: z.object({ id: z.int(), name: z.string() }).optional(), token: z.string().optional(), visits: z.int().default(0)";
const fields = '{ "user.id": { index: true }, token: { redact: true } }';

/** The fields of a session. */
export const ada = '{ user: { id: 42, name: "Ada" }, token: "s3cret", visits: 3 }';

/**
 * The first operation loads the driver, which on a busy machine takes longer than an operation may.
 */
const warm = `await sessions.open("__Host-session=${"a".repeat(43)}").catch(() => {});`;

/** Generates and migrates a project. */
export async function stored(
  kind: Kind,
  options: { readonly schema?: string; readonly fields?: string; readonly rest?: string } = {},
): Promise<Stored> {
  const rest = `fields: ${options.fields ?? fields}, backend: ${kind.code}${options.rest ?? ""}`;
  const user = project({ "session.config.ts": config(options.schema ?? schema, rest) });
  const sessgen: Stored["sessgen"] = (...argv) => runIn(user.root, argv, { env: kind.env });
  for (const command of ["generate", "migrate"]) {
    const { code, err } = await sessgen(command);
    if (code !== 0) throw new Error(err);
  }
  const app: Stored["app"] = (code) => {
    // Bundled, which is done in no time; tsx would take a second to begin.
    const contents = `import { sessions } from "./src/session/index.js";\n${warm}\nlet result: unknown;\n${code}\nconsole.log(JSON.stringify(result ?? null));\nawait sessions.close();\n`;
    const stdin = { contents, resolveDir: user.root, loader: "ts" } as const;
    const outfile = join(user.root, "app.mjs");
    buildSync({ stdin, outfile, bundle: true, packages: "external", platform: "node", format: "esm" });
    const env = { PATH: process.env["PATH"], ...kind.env };
    const out = execFileSync(process.execPath, [outfile], { cwd: user.root, encoding: "utf8", env });
    return JSON.parse(out);
  };
  const beginAll: Stored["beginAll"] = (all) =>
    app(
      `const begun = [];\nfor (const values of [${all.join(", ")}]) {\n  const session = await sessions.open(undefined);\n  session.$assign(values);\n  begun.push((await session.$commit())[0]?.split(";")[0]);\n}\nresult = begun;`,
    ) as string[];
  return {
    ...user,
    sessgen,
    app,
    begin: (values) => beginAll([values])[0] ?? "",
    beginAll,
    open: () => kind.open(user.root),
  };
}

/** The id in a cookie. */
export function idOf(cookie: string): string {
  return cookie.slice(cookie.indexOf("=") + 1).split(".")[0] ?? "";
}
