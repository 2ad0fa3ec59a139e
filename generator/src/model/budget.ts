import { backendOf, type Catalog } from "../config/catalog.js";
import type { ResolvedConfig } from "../config/resolved.js";
import type { GeneratorErrorCode } from "../errors.js";
import type { Path } from "./context.js";
import type { Field } from "./model.js";
import { maxBytes } from "./size.js";
import { minBytes } from "./smallest.js";

/** What a session has beside its fields: when it began, marks, the lock's history, which slots. */
const ENVELOPE = 48;
/** What encryption adds to a field. */
const SEALED = 40;
/** The most of a session that is stored, unless the config says otherwise. */
const DEFAULT = 2 ** 20;

/** Something about sizes that is to be told. */
export interface BudgetProblem {
  readonly code: Extract<GeneratorErrorCode, `model/${string}`>;
  readonly path: Path;
  readonly summary: string;
}

/**
 * Compares what fields may take with what the backends have room for, packed: an error where even
 * the smallest values do not fit, a warning where the largest do not. One for each field, of the
 * backend with the least room.
 */
export function budgetProblems(
  fields: readonly Field[],
  config: ResolvedConfig,
  catalog: Pick<Catalog, "backends">,
): readonly BudgetProblem[] {
  const rooms = Object.values(config.backends).map((options) => {
    const { room, cookiesOnly = false } = backendOf(catalog, options.kind);
    const own = Math.min(config.maxBytes ?? DEFAULT, room?.(options) ?? Number.POSITIVE_INFINITY);
    return { kind: options.kind, bytes: own - ENVELOPE, cookiesOnly };
  });
  const [least] = rooms.sort((one, other) => one.bytes - other.bytes);
  if (least === undefined) return [];
  const { kind, bytes } = least;
  const place = `the ${kind} backend has room for ${bytes} bytes of fields`;
  const sizes = fields.map((field) => ({
    field,
    min: minBytes(field.type) + (field.policy.encrypt ? SEALED : 0),
    max: largestOf(field),
  }));
  const tooLarge = sizes.filter(({ min }) => min > bytes);
  if (tooLarge.length > 0)
    return tooLarge.map(({ field: { name }, min }) => ({
      code: "model/too-large",
      path: [name],
      summary: `${name} takes ${min} bytes at the least, and ${place}`,
    }));
  const required = sizes.filter(({ field }) => !field.optional && field.default === undefined);
  const smallest = required.reduce((sum, { min }) => sum + min, 0);
  if (smallest > bytes) {
    const [largest] = [...required].sort((one, other) => other.min - one.min);
    return [
      {
        code: "model/too-large",
        path: [largest?.field.name ?? ""],
        summary: `The fields that are not optional take ${smallest} bytes at the least, and ${place}; ${largest?.min} of them are ${largest?.field.name}`,
      },
    ];
  }
  const over = sizes.filter(({ max }) => max !== undefined && max > bytes);
  const warnings = over.map(
    ({ field: { name }, max }): BudgetProblem => ({
      code: "model/may-be-too-large",
      path: [name],
      summary: `${name} may take ${max} bytes, and ${place}`,
    }),
  );
  const bounded = sizes.flatMap(({ field, max }) => (max === undefined ? [] : [{ field, max }]));
  const together = bounded.reduce((sum, { max }) => sum + max, 0);
  const [largest] = [...bounded].sort((one, other) => other.max - one.max);
  if (over.length === 0 && together > bytes && largest !== undefined)
    warnings.push({
      code: "model/may-be-too-large",
      path: [largest.field.name],
      summary: `All fields together may take ${together} bytes, and ${place}; ${largest.max} of them are ${largest.field.name}`,
    });
  if (!least.cookiesOnly) return warnings;
  const unbounded = sizes.filter(({ max }) => max === undefined);
  return [
    ...warnings,
    ...unbounded.map(
      ({ field: { name } }): BudgetProblem => ({
        code: "model/unbounded",
        path: [name],
        summary: `Nothing bounds ${name}, and ${place}`,
      }),
    ),
  ];
}

/** Values of former types stand beside those of today. */
function largestOf({ maxBytes: own, policy, former = [] }: Field): number | undefined {
  const sealed = policy.encrypt ? SEALED : 0;
  return [own, ...former.map(({ type }) => maxBytes(type))].reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size + sealed),
    0,
  );
}
