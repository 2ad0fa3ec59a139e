import type { Plugin } from "vite";
import type { BundlerOptions } from "./options.js";
import { plugin } from "./plugin.js";

export type { BundlerOptions } from "./options.js";

/** Makes the plugin for Vite: in development it regenerates when the config changes. */
export default function sessgen(options?: BundlerOptions): Plugin {
  return plugin.vite(options);
}
