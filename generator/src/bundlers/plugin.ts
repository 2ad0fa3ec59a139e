import { createUnplugin, type UnpluginInstance, type UnpluginOptions } from "unplugin";
import { forEsbuild } from "./hosts/esbuild.js";
import { forRollup } from "./hosts/rollup.js";
import { forVite } from "./hosts/vite.js";
import { forCompiler } from "./hosts/webpack.js";
import type { BundlerOptions } from "./options.js";
import { Regeneration } from "./regeneration.js";

/** The plugin, for each of the bundlers. */
export const plugin: UnpluginInstance<BundlerOptions | undefined, false> = createUnplugin(
  (options: BundlerOptions | undefined): UnpluginOptions => {
    const regeneration = new Regeneration(options);
    return {
      name: "sessgen",
      rollup: forRollup(regeneration),
      vite: forVite(regeneration),
      webpack: (compiler) => forCompiler(regeneration, compiler),
      rspack: (compiler) => forCompiler(regeneration, compiler),
      esbuild: { setup: (build) => forEsbuild(regeneration, build) },
    };
  },
);
