import { join } from "node:path";
import { render } from "../../code/render.js";
import type { BackendConfig, OptionValue, ResolvedConfig } from "../../config/resolved.js";
import type { FieldIndex, SessionModel } from "../../model/model.js";
import type { Artifact } from "../../output/artifact.js";
import { backend } from "../index.js";

/** What an emitter of a backend's infrastructure gets. */
export interface InfrastructureInput {
  readonly options: BackendConfig;
  /** What sessions are found by. */
  readonly indexes: readonly FieldIndex[];
  /** The folder to emit into. */
  readonly folder: string;
  /** Renders a template of ours, or the user's of the same name. */
  render(template: string, data: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Emits what a kind of backend needs besides the store. Pure. */
export type EmitInfrastructure = (input: InfrastructureInput) => Promise<readonly Artifact[]>;

/**
 * Emits the infrastructure of every backend in the config, into a folder named after its kind; where environments have different
 * ones of a kind, into a folder of the environment's name in there.
 */
export async function emitInfrastructure(config: ResolvedConfig, model: SessionModel): Promise<Artifact[]> {
  const indexes = model.fields.flatMap((field) => field.indexes ?? []);
  const options = {
    root: config.root,
    ...(config.templates === undefined ? {} : { overrides: join(config.root, config.templates) }),
  };
  const backends = Object.entries(config.backends);
  const emitted = backends.map(async ([environment, one], position) => {
    const emit = await backend(one.kind).infrastructure?.();
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

/** Emits these files, each from the template of its name in the kind's folder, with `options` and `indexes`. */
export function fromTemplates(...files: readonly string[]): EmitInfrastructure {
  return ({ options, indexes, folder, render }) =>
    Promise.all(
      files.map(async (file) => ({
        path: `${folder}/${file}`,
        content: await render(`${options.kind}/${file}.hbs`, { options, indexes }),
        kind: "owned" as const,
      })),
    );
}

/** The text of an option, unless it comes from the environment, which nobody knows while generating. */
export function knownText(value: OptionValue | undefined, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
