import { join } from "node:path";
import { render } from "../code/render.js";
import { backendOf, type Catalog } from "../config/catalog.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { SessionModel } from "../model/model.js";
import type { Artifact } from "../output/artifact.js";

/**
 * Emits the infrastructure of every backend in the config, into a folder named after its kind;
 * where environments have different ones of a kind, into a folder of the environment's name in
 * there.
 */
export async function emitInfrastructure(
  config: ResolvedConfig,
  model: SessionModel,
  catalog: Catalog,
): Promise<Artifact[]> {
  const indexes = model.fields.flatMap((field) => field.indexes ?? []);
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  const backends = Object.entries(config.backends);
  const emitted = backends.map(async ([environment, one], position) => {
    const emit = await backendOf(catalog, one.kind).infrastructure?.();
    if (emit === undefined) return [];
    const alike = backends.filter(([, other]) => other.kind === one.kind);
    const same = alike.every(([, other]) => JSON.stringify(other) === JSON.stringify(one));
    if (same && alike[0]?.[0] !== backends[position]?.[0]) return [];
    const folder = `${config.infrastructure}/${one.kind}${same ? "" : `/${environment}`}`;
    return emit({
      options: one,
      indexes,
      folder,
      render: (template, data) => render(template, data, options),
    });
  });
  return (await Promise.all(emitted)).flat();
}
