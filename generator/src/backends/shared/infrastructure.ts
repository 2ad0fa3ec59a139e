import type { IdentityNames } from "@sessgen/runtime";
import type { BackendConfig, OptionValue } from "../../config/values.js";
import type { FieldIndex } from "../../model/model.js";
import type { Artifact } from "../../output/artifact.js";

/** What an emitter of a backend's infrastructure gets. */
export interface InfrastructureInput {
  readonly options: BackendConfig;
  /** What sessions are found by. */
  readonly indexes: readonly FieldIndex[];
  /**
   * Whose sessions there are, and were, by `previous`; `undefined` where a realm comes from the
   * environment, which nobody knows while files are emitted.
   */
  readonly identities: readonly IdentityNames[] | undefined;
  /** The folder to emit into. */
  readonly folder: string;
  /** Renders a template of ours, or the user's of the same name. */
  render(template: string, data: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Emits what a kind of backend needs besides the store. Pure. */
export type EmitInfrastructure = (input: InfrastructureInput) => Promise<readonly Artifact[]>;

/**
 * Emits these files, each from the template of its name in the kind's folder, with `options` and
 * `indexes`.
 * @public docs/adding-a-store.md uses it
 */
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

/**
 * Gives the text of an option, unless it comes from the environment, which nobody knows while
 * generating.
 */
export function knownText(value: OptionValue | undefined, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
