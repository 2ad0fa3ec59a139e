import { join } from "node:path";
import { banner } from "../code/banner.js";
import { kindNames } from "../code/kind-names.js";
import { render } from "../code/render.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { Artifact } from "../output/artifact.js";

/** Emits what the application's tests do with its sessions, if the config asks for it. */
export async function emitTesting(config: ResolvedConfig): Promise<Artifact[]> {
  if (!config.testing) return [];
  const content = await render(
    "testing.ts.hbs",
    { banner, ...kindNames(config.name), extension: config.importExtension },
    {
      root: config.root,
      ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
    },
  );
  return [{ path: `${config.output}/testing.ts`, content, kind: "owned" }];
}
