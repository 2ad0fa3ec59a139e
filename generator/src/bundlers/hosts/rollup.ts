import type { Plugin } from "rollup";
import type { Envelope } from "../../errors.js";
import type { Regeneration } from "../regeneration.js";

interface Log {
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** What Rollup and Vite have in common. */
interface Context {
  readonly meta: { readonly watchMode: boolean };
  addWatchFile(file: string): void;
  warn(log: Log): void;
  error(log: Log): never;
}

/** Gives what Rollup calls. */
export function forRollup(regeneration: Regeneration): Pick<Plugin, "buildStart" | "watchChange"> {
  return {
    buildStart() {
      return begin(this, regeneration);
    },
    watchChange(id) {
      regeneration.changed(id);
    },
  };
}

/** Regenerates before a build. @throws what the bundler shows as an error of the build */
export async function begin(context: Context, regeneration: Regeneration): Promise<void> {
  const isWatching = context.meta.watchMode;
  const { warnings, errors } = await (isWatching ? regeneration.run() : regeneration.build());
  if (isWatching) for (const file of regeneration.inputs) context.addWatchFile(file);
  const log = (problem: Envelope): Log => {
    const place = regeneration.place(problem);
    return { message: regeneration.text(problem), ...(place && { loc: place, id: place.file }) };
  };
  for (const warning of warnings) context.warn(log(warning));
  const [first, ...others] = errors;
  // The build ends with the first; the others are told before.
  for (const other of others) context.warn(log(other));
  if (first !== undefined) context.error(log(first));
}
