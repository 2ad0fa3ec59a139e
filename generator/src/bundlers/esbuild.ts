import type { Plugin } from "esbuild";
import type { BundlerOptions } from "./options.js";
import { plugin } from "./plugin.js";

export type { BundlerOptions } from "./options.js";

/** Makes the plugin for esbuild: it regenerates before a build, and when the config changes. */
export default function sessgen(options?: BundlerOptions): Plugin {
  return plugin.esbuild(options);
}
