import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { main } from "../../src/cli/program.js";
import { newLock } from "../../src/lock/lock.js";
import { printLock } from "../../src/lock/text.js";

const cache = fileURLToPath(new URL("../../../.cache/sessgen-tests/", import.meta.url));

/** What a run of the command line gave. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * A user's project on disk, inside of the repository so that `zod` and `sessgen` can be imported; removed when the test ends.
 */
export interface Project {
  readonly root: string;
  write(files: Readonly<Record<string, string>>): void;
  read(path: string): string;
  /** Runs `sessgen` in this process. */
  run(...argv: string[]): Promise<Run>;
}

/** The application id of every project, so that what is emitted is the same each time. */
export const application = "test-application-id_22";

/** A lock that nothing was allocated in yet. */
export const lockText: string = printLock(newLock(application));

/** The smallest config there is. */
export const config = (schema: string, rest = 'backend: { kind: "memory" }'): string =>
  `import { defineConfig, env } from "sessgen";\nimport { z } from "zod";\n\nexport default defineConfig({\n  schema: z.object({ ${schema} }),\n  ${rest},\n});\nvoid env;\n`;

/**
 * Makes a project with these files, and a package.json and a lock unless they are among them.
 * @param root - a folder that will do; by default a new one
 */
export function project(files: Readonly<Record<string, string>> = {}, root = newFolder()): Project {
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write: Project["write"] = (more) => {
    for (const [path, content] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  write({
    "package.json": '{ "name": "user", "type": "module" }\n',
    "sessgen.lock.json": lockText,
    ...files,
  });
  return {
    root,
    write,
    read: (path) => readFileSync(join(root, path), "utf8"),
    run: (...argv) => runIn(root, argv),
  };
}

/** A folder for a project, inside of the repository. */
export function newFolder(): string {
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, "project-"));
}

/**
 * Runs `sessgen` with its own streams.
 *
 * @param options - `hears` gets what is said while it runs
 */
export async function runIn(
  cwd: string,
  argv: readonly string[],
  {
    hears,
    ...options
  }: {
    readonly signal?: AbortSignal;
    readonly env?: Readonly<Record<string, string>>;
    readonly hears?: (text: string) => void;
  } = {},
): Promise<Run> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const text = { out: "", err: "" };
  stdout.on("data", (data) => {
    text.out += String(data);
    hears?.(String(data));
  });
  stderr.on("data", (data) => {
    text.err += String(data);
    hears?.(String(data));
  });
  const code = await main(argv, { cwd, env: {}, stdin: new PassThrough(), stdout, stderr, ...options });
  return { code, ...text };
}
