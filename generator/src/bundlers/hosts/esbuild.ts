import type { PartialMessage, PluginBuild } from "esbuild";
import type { Envelope } from "../../errors.js";
import type { Regeneration } from "../regeneration.js";

/**
 * Regenerates before esbuild builds, and builds anew. esbuild does not tell which file has changed:
 * that of the config is looked at each time.
 */
export function forEsbuild(regeneration: Regeneration, build: PluginBuild): void {
  let builds = 0;
  build.onStart(async () => {
    builds += 1;
    for (const file of builds > 1 ? regeneration.inputs : []) regeneration.changed(file);
    const { warnings, errors } = await (builds > 1 ? regeneration.run() : regeneration.build());
    const message = (problem: Envelope): PartialMessage => {
      const place = regeneration.place(problem);
      const text = regeneration.text(problem);
      return { text, ...(place && { location: { ...place, column: place.column - 1 } }) };
    };
    return { warnings: warnings.map(message), errors: errors.map(message) };
  });
  // Not resolved here: this is how esbuild is told what to watch.
  build.onResolve({ filter: /.*/ }, ({ kind }) =>
    kind === "entry-point" ? { watchFiles: [...regeneration.inputs] } : undefined,
  );
}
