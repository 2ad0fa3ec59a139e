import type { Plugin } from "rollup";
import type { BundlerOptions } from "./options.js";
import { plugin } from "./plugin.js";

export type { BundlerOptions } from "./options.js";

/** Makes the plugin for Rollup: it regenerates before a build, and when the config changes. */
export default function sessgen(options?: BundlerOptions): Plugin {
  return plugin.rollup(options);
}
