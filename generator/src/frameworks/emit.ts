import { join } from "node:path";
import { banner } from "../code/banner.js";
import { kindNames } from "../code/kind-names.js";
import { render } from "../code/render.js";
import { type Catalog, frameworkOf } from "../config/catalog.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { Artifact } from "../output/artifact.js";

/** Emits the glue of every framework in the config, each file from the template of its name. */
export async function emitGlue(config: ResolvedConfig, catalog: Catalog): Promise<Artifact[]> {
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  const artifacts = config.frameworks.map((name) => {
    const { files = [`${name}.ts`], reserved, data } = frameworkOf(catalog, name);
    const given = {
      banner,
      ...kindNames(config.name, reserved),
      extension: config.importExtension,
      network: config.binding?.network !== undefined,
      secureAuto: Object.values(config.cookies ?? [config.cookie]).some(({ secure }) => secure === "auto"),
      ...data?.(config, config.glue[name] ?? {}),
    };
    return files.map(async (file) => ({
      path: `${config.output}/${file}`,
      content: await render(`glue/${file}.hbs`, given, options),
      kind: "owned" as const,
    }));
  });
  return Promise.all(artifacts.flat());
}
