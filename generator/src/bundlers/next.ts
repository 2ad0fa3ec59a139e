import type { NextConfig } from "next";
import type { BundlerOptions } from "./options.js";
import { type Outcome, Regeneration } from "./regeneration.js";

export type { BundlerOptions } from "./options.js";

/** A config of Next.js, or the function that makes it. */
type Config =
  | NextConfig
  | ((phase: string, given: { defaultConfig: NextConfig }) => NextConfig | Promise<NextConfig>);

/** As `next/constants` has them, which is not loaded for that. */
const [DEVELOPMENT, BUILD] = ["phase-development-server", "phase-production-build"];

/** Names the process that regenerates: Next.js loads its config in several, which inherit it. */
const OWNER = "SESSGEN_NEXT";

/** What this process has begun with: it may load its config more than once. */
const begun = new Set<string>();

/** Whether the config, of which there may be several kinds, is for this process, and for now. */
function isTurn(phase: string, options: BundlerOptions): boolean {
  process.env[OWNER] ??= String(process.pid);
  const key = JSON.stringify([phase, options]);
  if (process.env[OWNER] !== String(process.pid) || begun.has(key)) return false;
  begun.add(key);
  return true;
}

/**
 * Wraps a config of Next.js, for Turbopack as for webpack: `next dev` regenerates when the config
 * of the sessions changes, and tells in the terminal what is wrong with it; `next build` ends with
 * it.
 */
export function withSessgen(
  config: Config = {},
  options: BundlerOptions = {},
): (phase: string, given: { defaultConfig: NextConfig }) => Promise<NextConfig> {
  return async (phase, given) => {
    if ([DEVELOPMENT, BUILD].includes(phase) && isTurn(phase, options)) {
      const regeneration = new Regeneration(options);
      if (phase === DEVELOPMENT) await watch(regeneration);
      else await build(regeneration);
    }
    return typeof config === "function" ? config(phase, given) : config;
  };
}

async function build(regeneration: Regeneration): Promise<void> {
  const outcome = await regeneration.build();
  tell(regeneration, { ...outcome, errors: [] });
  const { errors } = outcome;
  if (errors.length > 0) throw new Error(errors.map((error) => regeneration.text(error)).join("\n\n"));
}

/** Bundlers of Next.js take no plugin for this: the files are watched beside them. */
async function watch(regeneration: Regeneration): Promise<void> {
  const { watch: watchFiles } = await import("chokidar");
  const watcher = watchFiles([], { ignoreInitial: true, persistent: false });
  const run = async (): Promise<void> => {
    tell(regeneration, await regeneration.run());
    watcher.add([...regeneration.inputs]);
  };
  let running = run();
  watcher.on("all", (_event, file) => {
    if (regeneration.changed(file)) running = running.then(run);
  });
  await running;
}

function tell(regeneration: Regeneration, { written, warnings, errors }: Outcome): void {
  if (written !== undefined) console.log(written);
  for (const warning of warnings) console.warn(regeneration.text(warning));
  for (const error of errors) console.error(regeneration.text(error));
}
