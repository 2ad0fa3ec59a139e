import { join } from "node:path";
import { banner } from "../code/banner.js";
import { kindNames } from "../code/kind-names.js";
import { render } from "../code/render.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { Artifact } from "../output/artifact.js";

/** Emits the glue of every framework in the config, each from the template of its name. */
export async function emitGlue(config: ResolvedConfig): Promise<Artifact[]> {
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  return Promise.all(
    config.frameworks.map(async (framework) => ({
      path: `${config.output}/${framework}.ts`,
      content: await render(
        `glue/${framework}.ts.hbs`,
        {
          banner,
          ...kindNames(config.name),
          extension: config.importExtension,
          network: config.binding?.network !== undefined,
          secureAuto: config.cookie.secure === "auto",
        },
        options,
      ),
      kind: "owned" as const,
    })),
  );
}
