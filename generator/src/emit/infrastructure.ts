import { join } from "node:path";
import type { IdentityNames } from "@sessgen/runtime";
import type { InfrastructureInput } from "../backends/shared/infrastructure.js";
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
  application: string,
  catalog: Catalog,
): Promise<Artifact[]> {
  const indexes = model.fields.flatMap((field) => field.indexes ?? []);
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  const identities = identitiesOf(config, application);
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
      identities,
      folder,
      render: (template, data) => render(template, data, options),
    });
  });
  return (await Promise.all(emitted)).flat();
}

function identitiesOf(
  { name, realm, previous = [] }: ResolvedConfig,
  application: string,
): InfrastructureInput["identities"] {
  const own = { application, ...(name !== undefined && { name }), ...(realm !== undefined && { realm }) };
  const all = [own, ...previous.map(({ deriveKey: _, ...names }) => ({ ...own, ...names }))];
  const known = all.filter((names): names is IdentityNames => typeof names.realm !== "object");
  return known.length === all.length ? known : undefined;
}
