import type { RspackPluginInstance } from "@rspack/core";
import type { BundlerOptions } from "./options.js";
import { plugin } from "./plugin.js";

export type { BundlerOptions } from "./options.js";

/** Makes the plugin for Rspack: it regenerates before a build, and when the config changes. */
export default function sessgen(options?: BundlerOptions): RspackPluginInstance {
  return plugin.rspack(options);
}
