import type { WebpackPluginInstance } from "webpack";
import type { BundlerOptions } from "./options.js";
import { plugin } from "./plugin.js";

export type { BundlerOptions } from "./options.js";

/** Makes the plugin for webpack: it regenerates before a build, and when the config changes. */
export default function sessgen(options?: BundlerOptions): WebpackPluginInstance {
  return plugin.webpack(options);
}
